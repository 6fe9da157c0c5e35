import type { Db, Tx } from '../store/store.ts';
import type { ChangeRow } from './changes.rules.ts';

export const find = (at: Db | Tx, id: string): Promise<ChangeRow | undefined> =>
  at.selectFrom('changes').selectAll().where('id', '=', id).executeTakeFirst();

/** What is being done to an endpoint now. */
export const running = (at: Db | Tx, endpoint: string): Promise<ChangeRow | undefined> =>
  at
    .selectFrom('changes')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('state', 'not in', ['succeeded', 'failed'])
    .executeTakeFirst();

/** The traffic that was carried out last. */
export const lastTraffic = (at: Db | Tx, endpoint: string): Promise<ChangeRow | undefined> =>
  at
    .selectFrom('changes')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('kind', '=', 'traffic')
    .where('state', '=', 'succeeded')
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst();

/** Orders of traffic that were never answered and may still be taken. */
export const doubtful = (at: Db | Tx, endpoint: string, now: string): Promise<ChangeRow[]> =>
  at
    .selectFrom('changes')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('kind', '=', 'traffic')
    .where('doubt_until', '>', now)
    .execute();

export const objectsOf = (row: ChangeRow): string[] =>
  [row.id, row.endpoint, row.request, row.incident, row.rollout].filter((id): id is string => id !== null);
