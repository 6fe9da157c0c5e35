import type { Selectable } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type FeedRow = Selectable<Tables['feeds']>;
export type FeedKind = FeedRow['kind'];

export const liveFeed = (db: Db | Tx, token: string) =>
  db.selectFrom('feeds').selectAll().where('token', '=', token).where('revoked_at', 'is', null).executeTakeFirst();

export const ownFeed = (tx: Tx, person: string, kind: FeedKind, subject: string) =>
  tx
    .selectFrom('feeds')
    .selectAll()
    .where('person', '=', person)
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();

export const addFeed = (tx: Tx, feed: Pick<FeedRow, 'token' | 'kind' | 'subject' | 'person'>, now: Temporal.Instant) =>
  tx
    .insertInto('feeds')
    .values({ ...feed, created_at: now.toString() })
    .execute();

export const markUsed = (db: Db, token: string, now: Temporal.Instant) =>
  db.updateTable('feeds').set({ used_at: now.toString() }).where('token', '=', token).execute();

/** Takes back every feed of this person, or those of one subject; how many there were. */
export async function revokeFeeds(tx: Tx, person: string, subject: string | undefined, now: Temporal.Instant) {
  const query = tx
    .updateTable('feeds')
    .set({ revoked_at: now.toString() })
    .where('person', '=', person)
    .where('revoked_at', 'is', null);
  const { numUpdatedRows } = await (subject === undefined
    ? query
    : query.where('subject', '=', subject)
  ).executeTakeFirst();
  return Number(numUpdatedRows);
}
