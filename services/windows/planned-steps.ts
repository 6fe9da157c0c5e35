import { Temporal } from 'temporal-polyfill';
import { guardsOf, type Measured, readGuards } from '../approvals/index.ts';
import { messageOf } from '../core/errors.ts';
import type { Endpoint } from '../core/organisation.ts';
import type { Tx } from '../store/store.ts';
import { type Traffic, trafficWords } from './care.rules.ts';
import type { CoordinationDeps, Tools } from './coordination.ts';
import { isOver } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import { plannedCardOf } from './planned.ts';
import { type ChangeStep, looked, stepNow, WORSE_LOOKS } from './steps.rules.ts';

const STEPS = 'windows-steps';
const LEASE_SECONDS = 60;
const EVERY_MINUTES = 5;
/** The routers follow a change of traffic slowly; before that neither the split nor the load is the step's. */
const SETTLE_MINUTES = 6;

/** What a step is measured with; bot/app.windows.ts wires it to the same eyes that rollouts look with. */
export interface StepWatcher {
  measure(ask: {
    workspace: string;
    endpoint: string;
    current: string;
    candidate: string;
    since: Temporal.Instant;
    shares: Traffic;
    began: Temporal.Instant;
  }): Promise<Measured>;
  /** The promotion on its way on an endpoint: it judges its own steps, and goes back by itself. */
  promotion(at: Tx, endpoint: string): Promise<string | undefined>;
}

export const stepsOf = (row: Pick<rows.PlannedRow, 'steps'>): readonly ChangeStep[] =>
  (row.steps as readonly ChangeStep[] | null) ?? [];

/**
 * The steps of the traffic while a change runs (10, 50, 100 %), whoever moves it: a person, a pipeline or a promotion.
 * Every few minutes Azure is asked how the endpoints stand, and the last step is measured against what served before.
 */
export function plannedSteps(
  deps: CoordinationDeps,
  { note, tell }: Pick<Tools, 'note' | 'tell'>,
  worse: (tx: Tx, row: rows.PlannedRow, why: string) => Promise<void>,
) {
  const { db, clock, jobs, audit, outbox, organisation, care } = deps;

  jobs.handleOutside(STEPS, LEASE_SECONDS, async (data) => {
    const { change } = data as { change: string };
    const row = await rows.findPlanned(db, change);
    if (!row?.started_at || isOver(row.state)) return async () => undefined;
    const known = stepsOf(row);
    const seen = await lookAt(row, known);
    return async (tx) => {
      const fresh = await rows.lockPlanned(tx, change);
      if (!fresh || isOver(fresh.state)) return;
      await again(tx, change);
      if (JSON.stringify(seen) === JSON.stringify(known)) return;
      await rows.setPlanned(tx, change, { steps: JSON.stringify(seen) });
      for (const step of seen.slice(known.length))
        await audit.append(tx, {
          ...note('wardroom', 'step', row, `${step.endpoint}: ${trafficWords(step.traffic)}`),
          detail: { endpoint: step.endpoint, traffic: step.traffic },
        });
      await outbox.refresh(tx, plannedCardOf(change));
      await act(tx, fresh, known, seen);
    };
  });

  const again = (tx: Tx, change: string): Promise<void> =>
    jobs.enqueue(tx, STEPS, { change }, { at: clock.now().add({ minutes: EVERY_MINUTES }) });

  async function lookAt(row: rows.PlannedRow, known: readonly ChangeStep[]): Promise<readonly ChangeStep[]> {
    const stood = (row.before as { stood?: Record<string, Traffic> } | null)?.stood ?? {};
    const steps = [...known];
    for (const [endpoint, before] of Object.entries(stood)) {
      const place = organisation.endpoints.find(({ id }) => id === endpoint);
      if (!place || !row.started_at) continue;
      const index = steps.findLastIndex((step) => step.endpoint === endpoint);
      const last = steps[index];
      try {
        const traffic = await care.traffic(place.workspace, endpoint);
        const next = traffic && stepNow(endpoint, before, steps, traffic, clock.now().toString());
        if (next) steps.push(next);
        else if (last) steps[index] = await measured(place, last, Temporal.Instant.from(row.started_at));
      } catch (error) {
        // What was measured before stays; a step that never was is said to be unknown.
        if (last?.words[0] === NOT_YET)
          steps[index] = { ...last, words: [`${NOT_YET}: Azure does not answer (${messageOf(error).slice(0, 120)})`] };
      }
    }
    return steps;
  }

  async function measured({ workspace, business }: Endpoint, step: ChangeStep, began: Temporal.Instant) {
    const { endpoint, candidate, current, traffic: shares } = step;
    const since = Temporal.Instant.from(step.at).add({ minutes: SETTLE_MINUTES });
    if (!candidate || !current || Temporal.Instant.compare(since, clock.now()) >= 0) return step;
    const found = await care.measure({ workspace, endpoint, candidate, current, since, shares, began });
    const guards = guardsOf(organisation, business.riskClass);
    const readings = readGuards(found, guards, { last: false, mirrored: false, driftedBefore: [] });
    return looked(step, readings, found.missing);
  }

  /** A step that is worse, twice: taken back or told, once. A promotion on its way decides about itself. */
  async function act(
    tx: Tx,
    row: rows.PlannedRow,
    known: readonly ChangeStep[],
    seen: readonly ChangeStep[],
  ): Promise<void> {
    const step = seen.find((each, index) => each.bad >= WORSE_LOOKS && (known[index]?.bad ?? 0) < WORSE_LOOKS);
    if (!step) return;
    const why = `${step.endpoint} is worse at ${trafficWords(step.traffic)}: ${step.words.join('; ')}`.slice(0, 500);
    await audit.append(tx, { ...note('wardroom', 'step-worse', row, why), detail: { endpoint: step.endpoint } });
    const promotion = await care.promotion(tx, step.endpoint);
    if (organisation.changes.worse === 'roll-back' && promotion === undefined) return worse(tx, row, why);
    await rows.setPlanned(tx, row.id, {
      note: promotion ? `${why}. ${promotion} decides about it.`.slice(0, 500) : why,
    });
    const fresh = await rows.findPlanned(tx, row.id);
    if (fresh) await tell(tx, fresh, 'worse');
  }

  return { watch: again };
}

const NOT_YET = 'not measured yet';
