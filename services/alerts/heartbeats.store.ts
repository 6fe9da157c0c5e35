import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import type { Heard } from './heartbeats.rules.ts';

export type HeardRow = Heard & { id: string; timer: boolean };

/** Notes a beat; what was known before it, locked, or `undefined` for the first. */
export async function beat(tx: Tx, id: string, at: Temporal.Instant): Promise<HeardRow | undefined> {
  const now = at.toString();
  await tx
    .insertInto('heartbeats')
    .values({ id, first_at: now, last_at: now, beats: 0, timer: false, missing_since: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const before = await locked(tx, id);
  await tx
    .updateTable('heartbeats')
    // Time never goes back: of two beats at once the later one counts.
    .set({
      last_at: sql<string>`greatest(last_at, ${now}::timestamptz)`,
      beats: sql<number>`beats + 1`,
      timer: true,
      missing_since: null,
    })
    .where('id', '=', id)
    .execute();
  return before && before.beats > 0 ? before : undefined;
}

/** The heartbeat, locked until the transaction ends. */
export async function locked(tx: Tx, id: string): Promise<HeardRow | undefined> {
  const row = await tx.selectFrom('heartbeats').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && heardOf(row);
}

export async function all(db: Db): Promise<HeardRow[]> {
  return (await db.selectFrom('heartbeats').selectAll().execute()).map(heardOf);
}

/** No timer waits any more; `missing` is set when that is because it was not heard. */
export const disarm = (tx: Tx, id: string, missing: Temporal.Instant | undefined) =>
  tx
    .updateTable('heartbeats')
    .set({ timer: false, ...(missing ? { missing_since: missing.toString() } : {}) })
    .where('id', '=', id)
    .execute();

const heardOf = (row: {
  id: string;
  first_at: string;
  last_at: string;
  beats: number | string;
  timer: boolean;
  missing_since: string | null;
}): HeardRow => ({
  id: row.id,
  firstAt: Temporal.Instant.from(row.first_at),
  lastAt: Temporal.Instant.from(row.last_at),
  beats: Number(row.beats),
  timer: row.timer,
  missingSince: row.missing_since ? Temporal.Instant.from(row.missing_since) : undefined,
});
