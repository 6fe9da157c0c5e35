import type { Selectable } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../services/core/clock.ts';
import type { Log } from '../services/core/log.ts';
import { spread } from '../services/core/outbox.ts';
import { rounds } from '../services/core/rounds.ts';
import type { Store } from '../services/store/store.ts';
import type { Tables } from '../services/store/tables.ts';
import type { Lanes } from './lanes.ts';

/**
 * The outbox worker: makes the messages that should exist exist, and keeps living cards showing the present.
 *
 * A conversation is a lane (bot/lanes.ts): one message at a time, the most urgent first, inside Teams' limits, by one
 * process in the cluster (an advisory lock). After every message the most urgent lane is looked for anew, so neither a
 * storm in one conversation nor one that does not answer holds back another. How one message is sent: bot/send.ts.
 */
export interface Delivery {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Something was committed that may have to be sent: look now. */
  kick(): void;
  /** Sends everything that may be sent now. Resolves when the rest has to wait. */
  runDue(): Promise<void>;
  /** After `runDue`: how long a conversation's own pace holds back the next message; infinite when none waits for it. */
  paceMs(): number;
  /** When the next message that has to wait may go. */
  nextDue(): Promise<Temporal.Instant | undefined>;
}

export type Row = Selectable<Tables['outbox']>;

const POLL_MS = 1_000;
/** A card with many copies is drawn for all of them at most this often, however many people vote meanwhile. */
const SPREAD_MS = 1_000;
const LANES_AT_ONCE = 8;
/** So far back it counts what was said about one thing. */
const FAIR_MINUTES = 15;

export function delivery(deps: {
  store: Store;
  clock: Clock;
  log: Log;
  lanes: Lanes;
  /** Sends one message or settles it otherwise; throws only when the database does not answer. */
  send: (row: Row) => Promise<void>;
}): Delivery {
  const { store, clock, log, lanes, send } = deps;
  let nextWake = POLL_MS;
  let pace = Number.POSITIVE_INFINITY;
  let spreadAt = Number.NEGATIVE_INFINITY;

  const nextIn = (conversation: string) =>
    store.db
      .selectFrom('outbox')
      .selectAll()
      .where('conversation', '=', conversation)
      .whereRef('wanted', '>', 'drawn')
      .where('state', '=', 'open')
      .where('due_at', '<=', clock.now().toString())
      .orderBy('priority')
      // In a storm about one thing a message about another does not wait for all of it.
      .orderBy((e) =>
        e
          .selectFrom('outbox as said')
          .select((f) => f.fn.countAll().as('n'))
          .whereRef('said.conversation', '=', 'outbox.conversation')
          .whereRef('said.subject', '=', 'outbox.subject')
          .where('said.sent_at', '>', clock.now().subtract({ minutes: FAIR_MINUTES }).toString()),
      )
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();

  /** False when another process is at it, or nothing was left. */
  async function sendNextIn(conversation: string): Promise<boolean> {
    const lock = `lane:${conversation}`;
    if (!(await store.locks.take(lock))) return false;
    try {
      const row = await nextIn(conversation);
      if (row) await send(row);
      return row !== undefined;
    } finally {
      await store.locks.give(lock);
    }
  }

  /** Also in the midst of a long round: with so many copies it may never end. */
  async function spreadStale(): Promise<void> {
    if (clock.monotonic() - spreadAt < SPREAD_MS) return;
    if ((await spread(store.db, clock)) > 0) spreadAt = clock.monotonic();
  }

  async function drain(): Promise<void> {
    nextWake = POLL_MS;
    const busy = new Map<string, Promise<void>>();
    const elsewhere = new Set<string>();
    let fault: { error: unknown } | undefined;
    const begin = (conversation: string) => {
      const work = sendNextIn(conversation)
        .then((found) => void (found || elsewhere.add(conversation)))
        .catch((error) => {
          fault = { error };
        })
        .finally(() => busy.delete(conversation));
      busy.set(conversation, work);
    };
    try {
      while (!round.stopped && !fault) {
        await spreadStale();
        const waiting = await lanes.waiting();
        const free = waiting.filter(({ conversation }) => !busy.has(conversation) && !elsewhere.has(conversation));
        const ready = free.filter(({ waitMs }) => waitMs <= 0);
        for (const { conversation } of ready.slice(0, LANES_AT_ONCE - busy.size)) {
          if (lanes.tenantWaitMs() > 0) break;
          begin(conversation);
        }
        if (busy.size > 0) await Promise.race(busy.values());
        // Only the tenant's pace holds them back, which is a fraction of a second: wait for it here.
        else if (ready.length > 0) await clock.sleep(lanes.tenantWaitMs());
        else {
          pace = Math.min(Number.POSITIVE_INFINITY, ...free.map(({ waitMs }) => waitMs));
          nextWake = Math.max(20, Math.min(POLL_MS, pace));
          return;
        }
      }
    } finally {
      await Promise.all(busy.values());
    }
    if (fault) throw fault.error;
  }

  const round = rounds({ clock, log, name: 'the rounds of the delivery', round: drain, pauseMs: () => nextWake });
  return {
    async start() {
      // One process at a time has this store: whoever claimed a message before is dead.
      if (store.kind === 'pglite') await unclaim(store, clock);
      round.start();
    },
    stop: () => round.stop(),
    kick: round.kick,
    runDue() {
      spreadAt = Number.NEGATIVE_INFINITY;
      return round.run();
    },
    paceMs: () => pace,
    nextDue: () => lanes.nextDue(),
  };
}

/** Messages that were being posted when the process died are looked for at once. */
const unclaim = (store: Store, clock: Clock) =>
  store.db.updateTable('outbox').set({ due_at: clock.now().toString() }).where('creating', '=', true).execute();

/** Every message waiting in a place that can be reached again becomes due. */
export const wakeConversation = (store: Store, clock: Clock, key: string) =>
  store.db
    .updateTable('outbox')
    .set({ due_at: clock.now().toString(), attempts: 0 })
    .where('conversation', '=', key)
    .where('state', '=', 'open')
    .whereRef('wanted', '>', 'drawn')
    .execute();

export const earliest = (...instants: (Temporal.Instant | undefined)[]): Temporal.Instant | undefined =>
  instants.filter((at) => at !== undefined).sort(Temporal.Instant.compare)[0];
