import type { Temporal } from 'temporal-polyfill';
import type { Heartbeat } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { AlertsDeps } from './deps.ts';
import { type Heard, type HeartbeatState, signalOf, silentAt, stateOf } from './heartbeats.rules.ts';
import * as rows from './heartbeats.store.ts';
import { insertEvents } from './hooks.store.ts';
import { PROCESS } from './hooks.ts';
import type { Signal } from './signal.ts';

export const HEARTBEAT = 'alerts-heartbeat';

export interface HeartbeatStanding {
  expected: Heartbeat;
  state: HeartbeatState;
  heard?: Heard;
  /** Silence after this alerts; left out while it was never heard. */
  silentAt?: Temporal.Instant;
}

/**
 * Jobs that call us as long as they live. A beat only notes the time; one timer for each heartbeat looks whether it was
 * heard meanwhile, so that a beat every second does not leave a timer every second.
 */
export function heartbeats({ store, clock, jobs, organisation }: AlertsDeps) {
  const find = (id: string) => organisation.heartbeats.find((each) => each.id === id);

  async function tell(tx: Tx, signal: Signal): Promise<void> {
    const { eventKey: key, source } = signal;
    const received_at = clock.now().toString();
    await insertEvents(tx, [{ source, key, type: 'signal', body: JSON.stringify(signal), received_at, state: 'new' }]);
    await jobs.enqueue(tx, PROCESS, {});
  }

  return {
    /** It was heard now; when it must be heard again. `undefined` for one that wardroom.yaml does not have. */
    async beat(id: string): Promise<{ before: Temporal.Instant } | undefined> {
      const expected = find(id);
      if (!expected) return undefined;
      return inTransaction(store.db, async (tx) => {
        const now = clock.now();
        const heard = await rows.beat(tx, id, now);
        const before = silentAt(expected, { lastAt: now });
        if (!heard?.timer) await jobs.enqueue(tx, HEARTBEAT, { id }, { at: before });
        if (heard?.missingSince) await tell(tx, signalOf(expected, heard.lastAt, heard.missingSince, now));
        return { before };
      });
    },

    /** The timer: waits on when it was heard, and alerts when it was not. */
    async due(tx: Tx, { id }: { id: string }): Promise<void> {
      const heard = await rows.locked(tx, id);
      const expected = find(id);
      if (!heard?.timer) return;
      if (!expected) {
        await rows.disarm(tx, id, undefined);
        return;
      }
      const at = silentAt(expected, heard);
      if (at.epochMilliseconds > clock.ms()) return jobs.enqueue(tx, HEARTBEAT, { id }, { at });
      await rows.disarm(tx, id, at);
      await tell(tx, signalOf(expected, heard.lastAt, at));
    },

    /** All of wardroom.yaml, in its order. */
    async standing(db: Db): Promise<HeartbeatStanding[]> {
      const known = new Map((await rows.all(db)).map((row) => [row.id, row]));
      return organisation.heartbeats.map((expected) => {
        const heard = known.get(expected.id);
        const state = stateOf(clock.now(), expected, heard);
        return { expected, state, ...(heard ? { heard, silentAt: silentAt(expected, heard) } : {}) };
      });
    },
  };
}
