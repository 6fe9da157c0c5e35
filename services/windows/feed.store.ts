import type { Db, Tx } from '../store/store.ts';

const KIND = 'windows';

export const ownWindowFeed = (tx: Tx, person: string, subject: string) =>
  tx
    .selectFrom('feeds')
    .select('token')
    .where('person', '=', person)
    .where('kind', '=', KIND)
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();

export const addWindowFeed = (tx: Tx, feed: { token: string; subject: string; person: string }, at: string) =>
  tx
    .insertInto('feeds')
    .values({ ...feed, kind: KIND, created_at: at })
    .execute();

export const liveWindowFeed = (db: Db, token: string) =>
  db
    .selectFrom('feeds')
    .select(['subject', 'person'])
    .where('token', '=', token)
    .where('kind', '=', KIND)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
