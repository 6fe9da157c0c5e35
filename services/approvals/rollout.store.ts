import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type RolloutRow = Selectable<Tables['rollouts']>;
export type LookRow = Selectable<Tables['rollout_looks']>;

export const lockRollout = (tx: Tx, id: string): Promise<RolloutRow | undefined> =>
  tx.selectFrom('rollouts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const findRollout = (db: Db | Tx, id: string): Promise<RolloutRow | undefined> =>
  db.selectFrom('rollouts').selectAll().where('id', '=', id).executeTakeFirst();

/** The one on its way on an endpoint. */
export const openRollout = (db: Db | Tx, endpoint: string): Promise<RolloutRow | undefined> =>
  db
    .selectFrom('rollouts')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('finished_at', 'is', null)
    .executeTakeFirst();

export const rolloutOfRequest = (db: Db | Tx, request: string): Promise<RolloutRow | undefined> =>
  db.selectFrom('rollouts').selectAll().where('request', '=', request).executeTakeFirst();

/** Those on their way first, then the newest. */
export const listRollouts = (db: Db | Tx, most: number, endpoint?: string): Promise<RolloutRow[]> => {
  const all = db.selectFrom('rollouts').selectAll();
  return (endpoint === undefined ? all : all.where('endpoint', '=', endpoint))
    .orderBy(sql`finished_at is null`, 'desc')
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute();
};

export const rolloutsOfModel = (db: Db | Tx, model: string): Promise<RolloutRow[]> =>
  db.selectFrom('rollouts').selectAll().where('model', '=', model).orderBy('created_at').execute();

/** Promotions of an endpoint that went all the way, the newest first: what was approved and served. */
export const doneRollouts = (db: Db | Tx, endpoint: string): Promise<RolloutRow[]> =>
  db
    .selectFrom('rollouts')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'succeeded')
    .orderBy('finished_at', 'desc')
    .execute();

export const looksOfRollout = (db: Db | Tx, rollout: string): Promise<LookRow[]> =>
  db.selectFrom('rollout_looks').selectAll().where('rollout', '=', rollout).orderBy('look').execute();
