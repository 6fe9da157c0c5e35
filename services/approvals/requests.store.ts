import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type RequestRow = Selectable<Tables['requests']>;

export const lockRequest = (tx: Tx, id: string) =>
  tx.selectFrom('requests').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Requests about an endpoint that are voted on or carried out. */
export const openOn = (tx: Tx, endpoint: string) =>
  tx
    .selectFrom('requests')
    .select(['id', 'state'])
    .where('state', 'in', ['voting', 'executing'])
    .where(sql<boolean>`plan->>'endpoint' = ${endpoint}`)
    .execute();

/** Those that are voted on first, then the newest. */
export const listRequests = (db: Db | Tx, most: number) =>
  db
    .selectFrom('requests')
    .selectAll()
    .orderBy(sql`state = 'voting'`, 'desc')
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute();
