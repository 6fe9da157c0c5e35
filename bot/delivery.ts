import { type Selectable, sql } from 'kysely';
import type { Card } from '../cards/card.ts';
import { markerOf, withKey } from '../cards/parts/card.ts';
import type { Drawn, Notice } from '../dialogs/capability.ts';
import type { Audit } from '../services/core/audit.ts';
import { sha256 } from '../services/core/canonical.ts';
import type { Clock, Timer } from '../services/core/clock.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Log } from '../services/core/log.ts';
import type { Metrics } from '../services/core/metrics.ts';
import type { Store } from '../services/store/store.ts';
import type { Tables } from '../services/store/tables.ts';
import { backoffMs, NOTHING_SENT, sentAt, waitMs } from './pacing.ts';
import { type Address, SendError, type Transport } from './wire.ts';

/**
 * The outbox worker: makes the messages that should exist exist, and keeps living cards showing the present.
 *
 * A conversation is a lane: one message at a time, in order of priority, inside Teams' limits, by one process in the
 * cluster (an advisory lock). Creating is not idempotent, so `creating` is committed before the call: found still set, or
 * after an answer that tells nothing, the conversation is read for our key before anything is posted again.
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
}

export type Row = Selectable<Tables['outbox']>;
export type ConversationRow = Selectable<Tables['conversations']>;

/** Looks for our own key in a conversation; `cannot` when Wardroom may not read there. */
export type ReadBack = (
  conversation: ConversationRow,
  marker: string,
  thread?: string,
) => Promise<string | undefined | 'cannot'>;

const POLL_MS = 1_000;
const LANES_AT_ONCE = 8;
const MAX_ATTEMPTS = 10;
/** All of the app's traffic in a tenant stays under 50 requests a second; halved for a while after a 429. */
const TENANT_PER_SECOND = 40;

export function delivery(deps: {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  audit: Audit;
  metrics: Metrics;
  transport: () => Transport;
  draw: (notice: Notice) => Promise<Drawn | undefined>;
  readBack: ReadBack;
}): Delivery {
  const { store, clock, ids, log, audit, metrics, draw, readBack } = deps;
  const { db } = store;
  let stopped = true;
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let nextWake = POLL_MS;
  let tenant: number[] = [];
  let slowUntil = 0;
  let pace = Number.POSITIVE_INFINITY;

  const now = () => clock.now().toString();
  const inMs = (ms: number) =>
    clock
      .now()
      .add({ milliseconds: Math.ceil(ms) })
      .toString();
  const wakeIn = (ms: number) => {
    nextWake = Math.min(nextWake, Math.max(20, ms));
  };
  const update = (row: Row, set: Record<string, unknown>) =>
    db.updateTable('outbox').set(set).where('id', '=', row.id).execute();

  /** Conversations with something to send, the most urgent first; a storm in one of them cannot starve the others. */
  async function lanes(): Promise<string[]> {
    const rows = await db
      .selectFrom('outbox')
      .leftJoin('lanes', 'lanes.conversation', 'outbox.conversation')
      .select('outbox.conversation')
      .select((e) => [e.fn.min('priority').as('urgent'), e.fn.min('outbox.id').as('oldest')])
      .whereRef('wanted', '>', 'drawn')
      .where('state', '=', 'open')
      .where('due_at', '<=', now())
      .where((e) => e.or([e('blocked_until', 'is', null), e('blocked_until', '<=', now())]))
      .groupBy('outbox.conversation')
      .orderBy('urgent')
      .orderBy('oldest')
      .limit(200)
      .execute();
    return rows.map((row) => row.conversation);
  }

  const nextIn = (conversation: string) =>
    db
      .selectFrom('outbox')
      .selectAll()
      .where('conversation', '=', conversation)
      .whereRef('wanted', '>', 'drawn')
      .where('state', '=', 'open')
      .where('due_at', '<=', now())
      .orderBy('priority')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();

  /** Sends what may be sent in one conversation; returns how many messages went out. */
  async function runLane(conversation: string): Promise<number> {
    if (!(await store.locks.take(`lane:${conversation}`))) return 0;
    let sent = 0;
    try {
      for (;;) {
        const row = stopped ? undefined : await nextIn(conversation);
        if (!row) return sent;
        const lane = await db
          .selectFrom('lanes')
          .selectAll()
          .where('conversation', '=', conversation)
          .executeTakeFirst();
        const blocked = lane?.blocked_until ? Date.parse(lane.blocked_until) - clock.ms() : 0;
        const paced = waitMs(lane?.recent ?? NOTHING_SENT, clock.ms());
        const wait = Math.max(blocked, paced, tenantWait());
        if (wait > 0) {
          wakeIn(wait);
          if (paced > 0 && blocked <= 0) pace = Math.min(pace, paced);
          return sent;
        }
        if (!(await sendOne(row))) return sent;
        sent += 1;
        const recent = JSON.stringify(sentAt(lane?.recent ?? NOTHING_SENT, clock.ms()));
        await db
          .insertInto('lanes')
          .values({ conversation, recent, blocked_until: null })
          .onConflict((conflict) => conflict.column('conversation').doUpdateSet({ recent }))
          .execute();
      }
    } finally {
      await store.locks.give(`lane:${conversation}`);
    }
  }

  function tenantWait(): number {
    const at = clock.monotonic();
    tenant = tenant.filter((time) => time > at - 1_000);
    const allowed = clock.ms() < slowUntil ? TENANT_PER_SECOND / 2 : TENANT_PER_SECOND;
    if (tenant.length >= allowed) return Math.max(1, (tenant[0] ?? at) + 1_000 - at);
    return 0;
  }

  /** True when the row is settled for now and the lane may go on; false when the lane has to wait. */
  async function sendOne(row: Row): Promise<boolean> {
    const place = await db
      .selectFrom('conversations')
      .selectAll()
      .where('key', '=', row.conversation)
      .executeTakeFirst();
    if (!place?.installed) {
      await later(row, 60_000, place ? 'Wardroom was removed from there' : 'Wardroom is not installed there yet');
      return true;
    }
    const thread = await threadOf(row);
    if (thread === 'wait') {
      await update(row, { due_at: inMs(1_000) });
      return true;
    }
    const marker = sha256(row.key).slice(0, 20);
    let repeat = false;
    if (row.creating && !row.activity_id) {
      let found: Awaited<ReturnType<ReadBack>>;
      try {
        found = await readBack(place, markerOf(marker), thread);
      } catch (error) {
        // Not knowing is no reason to post again: look once more later.
        await later(row, backoffMs(row.attempts + 1, ids.random()), `cannot look for it: ${messageOf(error)}`);
        return true;
      }
      if (found && found !== 'cannot') {
        log.info({ outbox: row.id, activity: found }, 'a message whose fate was unknown was found and adopted');
        await update(row, { activity_id: found, creating: false, drawn: 1, sent_at: now() });
        metrics.delivered.inc({ how: 'adopted' });
        return true;
      }
      repeat = found === 'cannot';
    }
    const notice: Notice = { kind: row.kind, ids: row.ids, audience: row.conversation };
    const drawn = await draw(notice);
    if (!drawn) {
      await update(row, { drawn: row.wanted, creating: false });
      return true;
    }
    const to: Address = {
      serviceUrl: place.service_url,
      conversationId: place.conversation_id,
      ...(thread ? { thread } : {}),
    };
    return post(row, to, marker, repeat ? asRepeat(drawn) : drawn);
  }

  async function post(row: Row, to: Address, marker: string, drawn: Drawn): Promise<boolean> {
    const out = { card: withKey(drawn.card, marker), summary: drawn.summary };
    tenant.push(clock.monotonic());
    try {
      if (row.activity_id) {
        await deps.transport().edit(to, row.activity_id, out);
        await update(row, { drawn: row.wanted, attempts: 0, last_error: null });
        metrics.delivered.inc({ how: 'edited' });
      } else {
        await update(row, { creating: true, attempts: row.attempts + 1 });
        const id = await deps.transport().create(to, out);
        await update(row, {
          activity_id: id,
          creating: false,
          drawn: row.wanted,
          attempts: 0,
          sent_at: now(),
          last_error: null,
        });
        metrics.delivered.inc({ how: 'created' });
      }
      return true;
    } catch (error) {
      return failed(row, error instanceof SendError ? error : new SendError('unknown', messageOf(error)));
    }
  }

  async function failed(row: Row, error: SendError): Promise<boolean> {
    metrics.deliveryFailures.inc({ kind: error.kind });
    log.warn(
      { outbox: row.id, conversation: row.conversation, kind: error.kind, error: error.message },
      'not delivered',
    );
    switch (error.kind) {
      case 'throttled': {
        const wait = error.retryAfterMs ?? backoffMs(row.attempts + 1, ids.random());
        slowUntil = clock.ms() + wait;
        await update(row, { creating: false, attempts: row.attempts + 1, last_error: error.message });
        await db
          .insertInto('lanes')
          .values({ conversation: row.conversation, recent: JSON.stringify(NOTHING_SENT), blocked_until: inMs(wait) })
          .onConflict((conflict) => conflict.column('conversation').doUpdateSet({ blocked_until: inMs(wait) }))
          .execute();
        wakeIn(wait);
        return false;
      }
      case 'gone':
        // Somebody deleted the message: the old id is dropped and the card is posted anew.
        if (!row.activity_id) return blocked(row, error);
        await update(row, { activity_id: null, creating: false, last_error: error.message });
        return true;
      case 'blocked':
        return blocked(row, error);
      case 'too-large':
      case 'rejected':
        await dead(row, error.message);
        return true;
      case 'unknown':
        await later(row, backoffMs(row.attempts + 1, ids.random()), error.message);
        return false;
    }
  }

  async function blocked(row: Row, error: SendError): Promise<boolean> {
    await db.updateTable('conversations').set({ installed: false }).where('key', '=', row.conversation).execute();
    await later(row, 60_000, error.message);
    return false;
  }

  async function later(row: Row, ms: number, why: string): Promise<void> {
    if (row.attempts + 1 >= MAX_ATTEMPTS) return dead(row, why);
    await update(row, { due_at: inMs(ms), attempts: row.attempts + 1, last_error: why });
    wakeIn(ms);
  }

  async function dead(row: Row, why: string): Promise<void> {
    metrics.deadLetters.inc();
    await db.transaction().execute(async (tx) => {
      await tx.updateTable('outbox').set({ state: 'dead', last_error: why }).where('id', '=', row.id).execute();
      const objects = Object.values(row.ids);
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'delivery.dead',
        objects,
        outcome: 'failed',
        why,
        detail: { key: row.key },
      });
    });
  }

  /** The root to reply under, `wait` while the card it belongs to is still to be posted. */
  async function threadOf(row: Row): Promise<string | 'wait' | undefined> {
    if (row.reply_to) return row.reply_to;
    if (!row.under) return undefined;
    const root = await db
      .selectFrom('outbox')
      .select(['activity_id', 'state'])
      .where('card', '=', row.under)
      .where('conversation', '=', row.conversation)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (root?.activity_id) return root.activity_id;
    return root?.state === 'open' ? 'wait' : undefined;
  }

  async function drain(): Promise<void> {
    for (;;) {
      pace = Number.POSITIVE_INFINITY;
      const waiting = await lanes();
      if (waiting.length === 0 || stopped) return;
      let sent = 0;
      const queue = [...waiting];
      const worker = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) sent += await runLane(next);
      };
      await Promise.all(Array.from({ length: Math.min(LANES_AT_ONCE, waiting.length) }, worker));
      if (sent > 0) continue;
      // Only the tenant's pace holds them back, which is a fraction of a second: wait for it here.
      const wait = tenantWait();
      if (wait === 0) return;
      await clock.sleep(wait);
    }
  }

  function runDue(): Promise<void> {
    again = true;
    running ??= (async () => {
      try {
        while (again && !stopped) {
          again = false;
          await drain();
        }
      } finally {
        running = undefined;
      }
    })();
    return running;
  }

  const loop = () => {
    timer?.cancel();
    if (stopped) return;
    nextWake = POLL_MS;
    runDue()
      .catch((error) => log.error({ error: messageOf(error) }, 'the delivery loop met a fault; it goes on'))
      .finally(() => {
        timer?.cancel();
        if (!stopped) timer = clock.timeout(loop, nextWake);
      });
  };

  return {
    async start() {
      stopped = false;
      loop();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
    kick: loop,
    runDue,
    paceMs: () => pace,
  };
}

/** Posted although it may stand there already, because Wardroom is not allowed to look: say so on the card. */
function asRepeat(drawn: Drawn): Drawn {
  const note = {
    type: 'TextBlock',
    text: 'Possibly a repeat: Teams did not say whether the first copy was posted.',
    isSubtle: true,
    size: 'Small',
    wrap: true,
  };
  const card: Card = { ...drawn.card, body: [...drawn.card.body, note] };
  return { ...drawn, card };
}

/** Every message waiting in a place that can be reached again becomes due. */
export const wakeConversation = (store: Store, clock: Clock, key: string) =>
  store.db
    .updateTable('outbox')
    .set({ due_at: clock.now().toString(), attempts: sql`0` })
    .where('conversation', '=', key)
    .where('state', '=', 'open')
    .whereRef('wanted', '>', 'drawn')
    .execute();
