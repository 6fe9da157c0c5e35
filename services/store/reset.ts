import { sql } from 'kysely';
import type { Db } from './store.ts';

/** Whether the database answers; a fault is handed to `onFault`, not thrown. */
export async function answers(db: Db, onFault: (error: unknown) => void): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    return true;
  } catch (error) {
    onFault(error);
    return false;
  }
}

/** For the sandbox's reset: everything but the schema, and numbers start again. */
export async function forgetEverything(db: Db): Promise<void> {
  await sql`truncate heartbeats, turns, audit, outbox, lanes, confirmations, hook_events, hook_rejections, alert_keys, upstream_facts,
    episodes, incidents, votes, requests, changes, conversations,
    oncall_overrides, oncall_swaps, oncall_watch restart identity cascade`.execute(db);
  await sql`update audit_head set seq = 0, hash = repeat('0', 64)`.execute(db);
  await sql`delete from pgboss.job`.execute(db);
  await sql`delete from settings where key like 'number:%'`.execute(db);
}
