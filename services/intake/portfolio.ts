import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import { type Candidate, type Ranking, rank, wsjf } from './rank.rules.ts';
import { AXES, DEFAULT_WEIGHTS, type Weights } from './score.rules.ts';
import type { UseCase } from './use-cases.ts';

const WEIGHTS = 'intake:weights';

/** The weights that count, with who decided them last; nobody did while they are Wardroom's own. */
export async function weightsSet(db: Db | Tx): Promise<{ weights: Weights; set?: { person: string; at: string } }> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', WEIGHTS).executeTakeFirst();
  if (!row) return { weights: DEFAULT_WEIGHTS };
  const { weights, person, at } = row.value as unknown as { weights: Weights; person: string; at: string };
  return { weights, set: { person, at } };
}

export const weightsOf = async (db: Db | Tx): Promise<Weights> => (await weightsSet(db)).weights;

/** Changes the weights for everybody. Returns those before, so that the record says what was. */
export async function setWeights(tx: Tx, weights: Weights, by: { person: string; at: string }): Promise<Weights> {
  const sum = AXES.reduce((total, axis) => total + weights[axis], 0);
  if (AXES.some((axis) => weights[axis] < 0) || Math.abs(sum - 1) > 1e-9)
    throw new Refused(
      'The four weights must not be negative, and together they are 100 %.',
      'For example: set weights value 35 feasibility 25 data 25 strategic 15 because …',
    );
  const before = await weightsOf(tx);
  const value = JSON.stringify({ weights, ...by });
  await tx
    .insertInto('settings')
    .values({ key: WEIGHTS, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
  return before;
}

/** The portfolio in order. `capacity` in person-months. */
export function portfolio(cases: readonly UseCase[], capacity?: number): Ranking {
  return rank(cases.filter(({ row }) => row.state !== 'stopped').map(candidateOf), capacity);
}

/** Benefit, time and risk as modified Fibonacci ratings, for ties. */
function candidateOf({ row, answers, standing }: UseCase): Candidate {
  const { gate, scored, between, axes } = standing;
  const effort = Number(answers['effort']);
  const known = Number.isFinite(effort) && effort > 0 ? effort : undefined;
  const fibonacci = (points: number) =>
    [1, 2, 3, 5, 8, 13, 20].find((_, index) => points <= (index + 1) * (100 / 7)) ?? 20;
  const candidate: Candidate = {
    id: row.id,
    title: row.title,
    score: scored?.score ?? between?.low ?? 0,
    effort: known,
    wsjf: wsjf({
      value: fibonacci(axes.value ?? 0),
      time: Number(answers['timeCriticality'] ?? 1) || 1,
      riskReduction: fibonacci(axes.strategic ?? 0),
      size: known ?? 20,
    }),
    submittedAt: row.created_at,
  };
  if (!gate.pass) return { ...candidate, gate: gate.gate };
  return scored ? candidate : { ...candidate, gate: 'not-scored' };
}
