import { type Selectable, sql, type Updateable } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { OPEN_STATES } from './planned.rules.ts';

export type PlannedRow = Selectable<Tables['planned_changes']>;
export type PlannedVote = Selectable<Tables['planned_votes']>;

export const setPlanned = (tx: Tx, id: string, values: Updateable<Tables['planned_changes']>) =>
  tx.updateTable('planned_changes').set(values).where('id', '=', id).execute();

export const findPlanned = (db: Db | Tx, id: string) =>
  db.selectFrom('planned_changes').selectAll().where('id', '=', id).executeTakeFirst();

export const lockPlanned = (tx: Tx, id: string) =>
  tx.selectFrom('planned_changes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Everything that is not over and touches this time, or has begun. */
export const openPlanned = (db: Db | Tx) =>
  db
    .selectFrom('planned_changes')
    .selectAll()
    .where('finished_at', 'is', null)
    .where('state', 'in', [...OPEN_STATES])
    .orderBy('starts_at')
    .orderBy('id')
    .execute();

export const inStates = (db: Db | Tx, states: readonly PlannedRow['state'][]) =>
  db
    .selectFrom('planned_changes')
    .selectAll()
    .where('finished_at', 'is', null)
    .where('state', 'in', [...states])
    .orderBy('starts_at')
    .execute();

/** Those that wait to start by themselves; nobody else starts one of them meanwhile. */
export const lockWaiting = (tx: Tx) =>
  tx
    .selectFrom('planned_changes')
    .selectAll()
    .where('finished_at', 'is', null)
    .where('state', '=', 'waiting')
    .orderBy('starts_at')
    .orderBy('id')
    .forUpdate()
    .execute();

/** Those that are over, or were decided, since then; the newest first. */
export const decidedSince = (db: Db | Tx, since: string, most: number) =>
  db
    .selectFrom('planned_changes')
    .selectAll()
    .where('decided_at', '>=', since)
    .orderBy('decided_at', 'desc')
    .limit(most)
    .execute();

export const finishedSince = (db: Db | Tx, since: string) =>
  db.selectFrom('planned_changes').selectAll().where('finished_at', '>=', since).orderBy('finished_at').execute();

export const votesOf = (db: Db | Tx, change: string) =>
  db.selectFrom('planned_votes').selectAll().where('change', '=', change).orderBy('id').execute();

export const insertVote = (tx: Tx, vote: Omit<PlannedVote, 'id'>) =>
  tx.insertInto('planned_votes').values(vote).execute();

/** The last start that nobody had to press a button for. */
export async function lastOwnStart(db: Db | Tx): Promise<string | undefined> {
  const { rows } = await sql<{ at: string | null }>`
    select max(started_at) as at from planned_changes where own_start`.execute(db);
  return rows[0]?.at ?? undefined;
}
