import type { Selectable } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { PilotBallotsTable } from '../store/tables/intake.ts';
import type { PilotVote } from './pilot-vote.rules.ts';

export type BallotRow = Selectable<PilotBallotsTable>;

/** The open ballot of a use case, or the one that was decided last. */
export const lastBallot = (db: Db | Tx, useCase: string): Promise<BallotRow | undefined> =>
  db
    .selectFrom('pilot_ballots')
    .selectAll()
    .where('use_case', '=', useCase)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();

export const findBallot = (db: Db | Tx, id: number): Promise<BallotRow | undefined> =>
  db.selectFrom('pilot_ballots').selectAll().where('id', '=', id).executeTakeFirst();

export const lockBallot = (tx: Tx, id: number): Promise<BallotRow | undefined> =>
  tx.selectFrom('pilot_ballots').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export async function votesOf(db: Db | Tx, ballot: number): Promise<PilotVote[]> {
  const found = await db.selectFrom('pilot_votes').selectAll().where('ballot', '=', ballot).orderBy('id').execute();
  return found.map(({ id, voter, choice, reason, until, at }) => ({
    voter,
    choice,
    reason,
    ...(until ? { until: Temporal.Instant.from(until) } : {}),
    at: Temporal.Instant.from(at),
    seq: id,
  }));
}
