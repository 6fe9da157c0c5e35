import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { isOpen, type Marks } from './episodes.rules.ts';
import { insertEvents } from './hooks.store.ts';
import { PROCESS } from './hooks.ts';
import { routingOf } from './routes.rules.ts';
import type { Signal } from './signal.ts';
import * as rows from './staleness.store.ts';

export const STOPPED = 'alerts-stopped';

/**
 * Senders that repeat what fires and then stop: after its route's `resolveTimeout`, or after the end that the sender
 * itself foresaw, an alert counts as over at that instant. One timer for each alert, however often it is repeated.
 */
export function staleness({ clock, jobs, organisation }: Pick<AlertsDeps, 'clock' | 'jobs' | 'organisation'>) {
  const quietAfter = (signal: Signal, timeout: number | undefined): Temporal.Instant | undefined =>
    signal.expiresAt ??
    (timeout === undefined || signal.stateless ? undefined : clock.now().add({ milliseconds: timeout }));

  return {
    /** The alert was heard firing now. */
    async heard(tx: Tx, signal: Signal, { resolveTimeout }: { resolveTimeout?: number | undefined }): Promise<void> {
      const at = quietAfter(signal, resolveTimeout);
      if (!at) return;
      const waits = await rows.expect(tx, signal.dedupKey, at);
      if (!waits) await jobs.enqueue(tx, STOPPED, { key: signal.dedupKey }, { at });
    },

    /** Messages that were kept already still say that their alerts fire. */
    async repeated(tx: Tx, signals: readonly Signal[]): Promise<void> {
      const firing = signals.filter(({ condition, stateless }) => condition === 'fired' && !stateless);
      const byTimeout = new Map<number, string[]>();
      for (const signal of firing) {
        const { resolveTimeout } = routingOf(organisation.routes, [], signal);
        if (resolveTimeout === undefined || signal.expiresAt) continue;
        byTimeout.set(resolveTimeout, [...(byTimeout.get(resolveTimeout) ?? []), signal.dedupKey]);
      }
      for (const [timeout, keys] of byTimeout) await rows.extend(tx, keys, clock.now().add({ milliseconds: timeout }));
    },

    /** The timer: waits on when the alert was heard meanwhile, and ends it when it was not. */
    async due(tx: Tx, key: string): Promise<void> {
      const row = await rows.locked(tx, key);
      if (!row?.timer) return;
      const at = row.quiet_after ? Temporal.Instant.from(row.quiet_after) : undefined;
      if (at && isOpen(row.marks as Marks) && at.epochMilliseconds > clock.ms()) {
        return jobs.enqueue(tx, STOPPED, { key }, { at });
      }
      await rows.forget(tx, key);
      const signal = at && isOpen(row.marks as Marks) ? await rows.firingSignal(tx, key) : undefined;
      if (!signal || !at) return;
      const { expiresAt: _foreseen, ...rest } = signal;
      const over: Signal = {
        ...rest,
        eventKey: `${key}|stopped|${at}`.slice(0, 400),
        condition: 'resolved',
        endedAt: at,
        rawType: 'wardroom/resolve-timeout',
      };
      const received_at = clock.now().toString();
      const { eventKey, source } = over;
      await insertEvents(tx, [
        { source, key: eventKey, type: 'signal', body: JSON.stringify(over), received_at, state: 'new' },
      ]);
      await jobs.enqueue(tx, PROCESS, {});
    },
  };
}
