import type { Temporal } from 'temporal-polyfill';
import type { Tx } from '../store/store.ts';
import { type Signal, storedSignal } from './signal.ts';

export const locked = (tx: Tx, key: string) =>
  tx.selectFrom('alert_keys').selectAll().where('key', '=', key).forUpdate().executeTakeFirst();

/** Notes until when it must be heard again; whether a timer waits for it already. */
export async function expect(tx: Tx, key: string, at: Temporal.Instant): Promise<boolean> {
  const before = await locked(tx, key);
  await tx.updateTable('alert_keys').set({ quiet_after: at.toString(), timer: true }).where('key', '=', key).execute();
  return before?.timer ?? false;
}

/** Those that a timer waits for are heard again. */
export const extend = (tx: Tx, keys: readonly string[], at: Temporal.Instant) =>
  tx
    .updateTable('alert_keys')
    .set({ quiet_after: at.toString() })
    .where('key', 'in', [...keys])
    .where('timer', '=', true)
    .execute();

export const forget = (tx: Tx, key: string) =>
  tx.updateTable('alert_keys').set({ quiet_after: null, timer: false }).where('key', '=', key).execute();

/** The alert as it fires now: told, or held back. */
export async function firingSignal(tx: Tx, key: string): Promise<Signal | undefined> {
  const told = await tx
    .selectFrom('episodes')
    .select('signal')
    .where('dedup_key', '=', key)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const row = told ?? (await tx.selectFrom('held_alerts').select('signal').where('key', '=', key).executeTakeFirst());
  return row && (storedSignal.parse(row.signal) as Signal);
}
