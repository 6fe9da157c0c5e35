import type { Selectable } from 'kysely';
import { markerOf, withKey } from '../cards/parts/card.ts';
import type { Drawn, Notice } from '../dialogs/capability.ts';
import type { Audit } from '../services/core/audit.ts';
import { sha256 } from '../services/core/canonical.ts';
import type { Clock } from '../services/core/clock.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Log } from '../services/core/log.ts';
import type { Metrics } from '../services/core/metrics.ts';
import type { Store } from '../services/store/store.ts';
import type { Tables } from '../services/store/tables.ts';
import { inTransaction } from '../services/store/transaction.ts';
import type { Row } from './delivery.ts';
import type { Lanes } from './lanes.ts';
import type { OwnViewers } from './own-views.ts';
import { backoffMs } from './pacing.ts';
import { asRepeat, shortened } from './send-cards.ts';
import { type Address, SendError, type Transport } from './wire.ts';

export type ConversationRow = Selectable<Tables['conversations']>;

/** Looks for our own key in a conversation; `cannot` when Wardroom may not read there. */
export type ReadBack = (
  conversation: ConversationRow,
  marker: string,
  thread?: string,
) => Promise<string | undefined | 'cannot'>;

/** With five minutes between the later ones this is most of a day: an outage of Teams loses no message. */
const MOST_TRIES = 200;
/** A card that cannot be drawn will not be drawable by waiting. */
const MOST_DRAWINGS = 8;
/** So often Graph may fail to say whether a message stands; then it counts as "cannot look". */
const MOST_LOOKS = 5;
const UNINSTALLED_RETRY_MS = 86_400_000;
const UNINSTALLED_KEEP_MS = 7 * UNINSTALLED_RETRY_MS;
const AFTER_UNKNOWN_MS = 1_000;
/**
 * While a create is under way nobody else looks at the message, not even when its lane's lock is lost with a database
 * session: longer than the transport waits, so that what Teams takes late is there to be found.
 */
export const CLAIM_MS = 20_000;

/** The key under which a message can be found again in its conversation. */
export const deliveryKey = (key: string): string => sha256(key).slice(0, 20);

/**
 * Sends one message of the outbox: posts it, edits it, or finds out that it stands there already.
 *
 * Creating is not idempotent, so `creating` is committed before the call: found still set, or after an answer that tells
 * nothing, the conversation is read for our key before anything is posted again. Where reading is not allowed it is
 * posted once more at most, and says that it may be a repeat (bot/repeats.ts takes the other one away).
 */
export function sender(deps: {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  audit: Audit;
  metrics: Metrics;
  lanes: Lanes;
  transport: () => Transport;
  draw: (notice: Notice) => Promise<Drawn | undefined>;
  readBack: ReadBack;
  /** The card with the views of their own that some people get. */
  offer: OwnViewers['offer'];
  /** Wardroom was removed from or blocked in this conversation. */
  blocked: (conversation: string) => void;
}): (row: Row) => Promise<void> {
  const { store, clock, ids, log, audit, metrics, lanes, draw, readBack } = deps;
  const { db } = store;
  /** Posted, but the database was away when the id was to be written down. */
  const unsaved = new Map<string, string>();

  const now = () => clock.now().toString();
  const inMs = (ms: number) =>
    clock
      .now()
      .add({ milliseconds: Math.ceil(ms) })
      .toString();
  const update = (row: Row, set: Record<string, unknown>) =>
    db.updateTable('outbox').set(set).where('id', '=', row.id).execute();

  async function send(row: Row): Promise<void> {
    const place = await db
      .selectFrom('conversations')
      .selectAll()
      .where('key', '=', row.conversation)
      .executeTakeFirst();
    if (!place?.installed)
      return park(row, place ? 'Wardroom was removed from there' : 'Wardroom is not installed there yet');
    const thread = await threadOf(row);
    if (thread === 'wait') {
      await update(row, { due_at: inMs(1_000) });
      return;
    }
    const marker = deliveryKey(row.key);
    const before = row.creating && !row.activity_id ? await fateOf(row, place, marker, thread) : 'new';
    if (before === 'settled') return;
    const notice: Notice = { kind: row.kind, ids: row.ids, audience: row.conversation };
    const drawn = await draw(notice);
    if (!drawn) {
      await update(row, { drawn: row.wanted, creating: false });
      return;
    }
    const to: Address = {
      serviceUrl: place.service_url,
      conversationId: place.conversation_id,
      ...(thread ? { thread } : {}),
    };
    const repeat = before === 'perhaps';
    // Alone with Wardroom there is one view: the copy itself.
    const card = place.kind === 'personal' ? drawn.card : await deps.offer(drawn.card, drawn.own, to);
    const offered = { ...drawn, card };
    return post(row, to, marker, repeat ? asRepeat(offered) : offered, repeat);
  }

  /** What became of a create whose answer was lost: adopted or given up (`settled`), not there, or nobody can tell. */
  async function fateOf(
    row: Row,
    place: ConversationRow,
    marker: string,
    thread: string | undefined,
  ): Promise<'settled' | 'not-there' | 'perhaps'> {
    let found: Awaited<ReturnType<ReadBack>> = unsaved.get(row.id);
    try {
      found ??= await readBack(place, markerOf(marker), thread);
    } catch (error) {
      // Not knowing is no reason to post again at once: look again later, but not for ever.
      if (row.attempts < MOST_LOOKS) {
        await later(row, backoffMs(row.attempts + 1, ids.random()), `cannot look for it: ${messageOf(error)}`);
        return 'settled';
      }
      found = 'cannot';
    }
    if (found === undefined) return 'not-there';
    if (found !== 'cannot') {
      log.info({ outbox: row.id, activity: found }, 'a message whose fate was unknown was found and adopted');
      const adopted = { activity_id: found, creating: false, drawn: 1, sent_at: now(), attempts: 0, last_error: null };
      await update(row, adopted);
      unsaved.delete(row.id);
      await wakeReplies(row);
      metrics.delivered.inc({ how: 'adopted' });
      return 'settled';
    }
    if (row.repeats === 0) return 'perhaps';
    await dead(row, 'Teams did not say whether it was posted, twice, and Wardroom may not look in that conversation.');
    return 'settled';
  }

  async function post(row: Row, to: Address, marker: string, drawn: Drawn, repeat: boolean): Promise<void> {
    const out = { card: withKey(drawn.card, marker), summary: drawn.summary };
    const transport = deps.transport();
    try {
      if (row.activity_id) {
        await counted(row, transport.edit(to, row.activity_id, out));
        await update(row, { drawn: row.wanted, attempts: 0, last_error: null });
        metrics.delivered.inc({ how: 'edited' });
        return;
      }
      const repeats = row.repeats + (repeat ? 1 : 0);
      await update(row, { creating: true, repeats, attempts: row.attempts + 1, due_at: inMs(CLAIM_MS) });
      const id = await counted(row, transport.create(to, out));
      unsaved.set(row.id, id);
      const posted = { activity_id: id, creating: false, drawn: row.wanted, sent_at: now(), due_at: now() };
      await update(row, { ...posted, attempts: 0, last_error: null });
      unsaved.delete(row.id);
      await wakeReplies(row);
      metrics.delivered.inc({ how: 'created' });
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      const smaller = error.kind === 'too-large' && shortened(drawn);
      if (smaller) return post(row, to, marker, smaller, repeat);
      await failed(row, error, to.thread !== undefined);
    }
  }

  /** The call, and its place in the conversation's windows, whatever its outcome: Teams counts it, too. */
  async function counted<T>(row: Row, call: Promise<T>): Promise<T> {
    const [answer] = await Promise.allSettled([call, lanes.count(row.conversation)]);
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  }

  async function failed(row: Row, error: SendError, threaded: boolean): Promise<void> {
    const { kind, message } = error;
    metrics.deliveryFailures.inc({ kind });
    log.warn({ outbox: row.id, conversation: row.conversation, kind, error: message }, 'not delivered');
    // What was certainly not posted leaves the message as it was before: unknown stays unknown.
    const before = { creating: row.creating, repeats: row.repeats, last_error: message, due_at: now() };
    switch (kind) {
      case 'throttled': {
        const wait = error.retryAfterMs ?? backoffMs(row.attempts + 1, ids.random());
        await update(row, { ...before, attempts: row.attempts + 1 });
        return lanes.block(row.conversation, wait, 'tenant');
      }
      case 'gone':
        if (row.activity_id) return void (await update(row, { ...before, ...afterDeletion(row) }));
        // The message to reply to was deleted: it is said in the conversation itself.
        if (threaded) return void (await update(row, { ...before, under: null, reply_to: null }));
        return blocked(row, message);
      case 'blocked':
        return blocked(row, message);
      case 'too-large':
      case 'rejected':
        await update(row, before);
        return dead(row, message);
      case 'unknown':
        await lanes.block(row.conversation, AFTER_UNKNOWN_MS, 'lane');
        return later(row, backoffMs(row.attempts + 1, ids.random()), message);
    }
  }

  async function blocked(row: Row, why: string): Promise<void> {
    await db.updateTable('conversations').set({ installed: false }).where('key', '=', row.conversation).execute();
    deps.blocked(row.conversation);
    await update(row, { creating: row.creating, repeats: row.repeats });
    return park(row, why);
  }

  /** Kept until Wardroom is installed there (places.ts wakes it); what waited for a week is of no use to anybody. */
  async function park(row: Row, why: string): Promise<void> {
    if (clock.ms() - Date.parse(row.created_at) > UNINSTALLED_KEEP_MS) return dead(row, why);
    await update(row, { due_at: inMs(UNINSTALLED_RETRY_MS), last_error: why });
  }

  async function later(row: Row, ms: number, why: string, most = MOST_TRIES): Promise<void> {
    if (row.attempts + 1 >= most) return dead(row, why);
    await update(row, { due_at: inMs(row.retry_ms ?? ms), attempts: row.attempts + 1, last_error: why });
  }

  async function dead(row: Row, why: string): Promise<void> {
    metrics.deadLetters.inc();
    await inTransaction(db, async (tx) => {
      await tx.updateTable('outbox').set({ state: 'dead', last_error: why }).where('id', '=', row.id).execute();
      const objects = Object.values(row.ids);
      const detail = { key: row.key };
      await audit.append(tx, { actor: 'wardroom', action: 'delivery.dead', objects, outcome: 'failed', why, detail });
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

  const wakeReplies = async ({ card, conversation }: Row): Promise<void> => {
    if (card === null) return;
    await db
      .updateTable('outbox')
      .set({ due_at: now() })
      .where('under', '=', card)
      .where('conversation', '=', conversation)
      .where('state', '=', 'open')
      .whereRef('wanted', '>', 'drawn')
      .where('attempts', '=', 0)
      .execute();
  };

  return async (row) => {
    try {
      await send(row);
    } catch (error) {
      // A card that cannot be drawn must not hold back the others; without the database this throws once more.
      log.error({ outbox: row.id, kind: row.kind, error: messageOf(error), stack: (error as Error).stack }, 'not sent');
      metrics.deliveryFailures.inc({ kind: 'fault' });
      await later(row, backoffMs(row.attempts + 1, ids.random()), messageOf(error), MOST_DRAWINGS);
    }
  };
}

/** Somebody deleted the message. A living card is posted anew, once; an answer or a pointer is gone with it. */
const afterDeletion = ({ card, key, conversation }: Row) =>
  card !== null && key === `${card}@${conversation}` ? { activity_id: null, creating: false } : { state: 'gone' };
