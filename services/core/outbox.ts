import { sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import { batched } from './batched.ts';
import type { Clock } from './clock.ts';

/**
 * Messages that should exist, written in the transaction that makes them necessary; bot/delivery.ts makes them so.
 * Only kinds and ids are stored: a card is drawn at the moment of sending and so shows the present.
 */
export interface Outbox {
  /** A living card should stand in this conversation (posted when it does not, edited when it does). */
  show(tx: Tx, card: LiveCard): Promise<void>;
  /**
   * Every message of this living card should show the present. One more of many (`more`) of a card that has changed often
   * may wait a few seconds, so that a storm edits it a dozen times a minute and not a hundred.
   */
  refresh(tx: Tx, card: string, why?: 'more'): Promise<void>;
  /**
   * The same for a card of which everybody has a copy: one row is written here whatever the number of copies, and
   * `spread` marks them soon. A vote of many people would otherwise cost the square of their number.
   */
  refreshMany(tx: Tx, card: string): Promise<void>;
  /** A message that is said once and never edited. `key` makes saying it twice say it once. */
  say(tx: Tx, message: Message): Promise<void>;
  /** A message that was already posted by other means (the answer to a click) is a view of this card from now on. */
  adopt(card: Adopted): Promise<void>;
}

export interface Message {
  key: string;
  kind: string;
  ids: Record<string, string>;
  /** Conversation key (`channel:fraud-ops`, `person:ann`). */
  conversation: string;
  /** As a reply under this living card in the same conversation. */
  under?: string;
  /** As a reply to this activity. */
  replyTo?: string;
  /** 0 is a page for the worst severity; 9 can wait. */
  priority?: number;
  /** `perhaps`: it was posted by other means and nobody knows whether that arrived. */
  posted?: 'no' | 'perhaps';
  /** Not posted before this. */
  notBefore?: Temporal.Instant;
  /** When a try failed the next one comes so much later, instead of ever later ones. */
  retryMs?: number;
  /** What it is about (an endpoint, a rule): of equally urgent messages, those about what was said least go first. */
  subject?: string | undefined;
}

export type Adopted = LiveCard & { activityId: string };

export interface LiveCard {
  /** `incident:INC-142` */
  card: string;
  kind: string;
  ids: Record<string, string>;
  conversation: string;
  /** Another view of the card in the same conversation: a new message notifies, an edit does not. */
  as?: string;
  /** As a reply to this activity, when it is posted for the first time. */
  replyTo?: string;
  priority?: number;
  /** Not posted before this unless a refresh comes first: time to find what makes the first card useful. */
  notBefore?: Temporal.Instant;
  retryMs?: number;
  /** What it is about (an endpoint, a rule): of equally urgent messages, those about what was said least go first. */
  subject?: string | undefined;
}

const CALM = 5;
/** After so many changes a card that changes once more waits for what comes after it. */
const MANY_CHANGES = 10;
const GATHER_SECONDS = 5;

export function outbox({ db, clock }: { db: Db; clock: Clock }): Outbox {
  const now = () => clock.now().toString();
  // A message that is being posted is left to whoever posts it (bot/send.ts); the change shows right after.
  const soon = () => sql<string>`case when outbox.creating then outbox.due_at else ${now()}::timestamptz end`;
  const later = () => sql<string>`case when outbox.creating or outbox.wanted > outbox.drawn then outbox.due_at
    when outbox.wanted < ${MANY_CHANGES} then ${now()}::timestamptz
    else ${clock.now().add({ seconds: GATHER_SECONDS }).toString()}::timestamptz end`;
  const insert = (tx: Tx, message: Message, card: string | null, due = now(), creating = false) =>
    tx.insertInto('outbox').values({
      key: message.key,
      card,
      kind: message.kind,
      ids: JSON.stringify(message.ids),
      conversation: message.conversation,
      under: message.under ?? null,
      reply_to: message.replyTo ?? null,
      priority: message.priority ?? CALM,
      due_at: due,
      created_at: now(),
      creating,
      retry_ms: message.retryMs ?? null,
      subject: message.subject ?? null,
    });
  // One text for any number of rows, so that it stays prepared.
  const adopt = async (cards: readonly Adopted[]): Promise<undefined[]> => {
    const rows = cards.map(({ card, kind, ids, conversation, priority = CALM, activityId }) => {
      const key = `${card}@${conversation}#${activityId}`;
      return { key, card, kind, ids, conversation, priority, activity_id: activityId };
    });
    await sql`insert into outbox (key, card, kind, ids, conversation, priority, drawn, activity_id, due_at, created_at, sent_at)
      select key, card, kind, ids, conversation, priority, 1, activity_id, at, at, at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (key text, card text, kind text, ids jsonb,
        conversation text, priority int, activity_id text), (select ${now()}::timestamptz as at) as now
      on conflict (key) do nothing`.execute(db);
    return cards.map(() => undefined);
  };
  return {
    async show(tx, live) {
      const key = `${live.card}@${live.conversation}${live.as === undefined ? '' : `#${live.as}`}`;
      await insert(tx, { ...live, key }, live.card, live.notBefore?.toString())
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet((e) => ({ wanted: e('outbox.wanted', '+', 1), due_at: soon(), state: 'open' })),
        )
        .execute();
    },
    async refresh(tx, card, why) {
      await tx
        .updateTable('outbox')
        .set((e) => ({ wanted: e('wanted', '+', 1), due_at: why === 'more' ? later() : soon() }))
        .where('card', '=', card)
        .where('state', '=', 'open')
        .execute();
    },
    async refreshMany(tx, card) {
      // Counted and not merely there, so that `spread` sees a request that it did not yet carry out.
      await tx
        .insertInto('stale_cards')
        .values({ card })
        .onConflict((conflict) => conflict.column('card').doUpdateSet((e) => ({ asks: e('stale_cards.asks', '+', 1) })))
        .execute();
    },
    async say(tx, message) {
      const { posted, notBefore, ...rest } = message;
      await insert(tx, rest, null, notBefore?.toString() ?? now(), posted === 'perhaps')
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
    },
    adopt: batched(adopt),
  };
}

/** Any number that nobody else uses: one process at a time marks copies, the others have nothing to add. */
const SPREADING = 74_110_100;

/**
 * Marks the copies of every card that `refreshMany` was called for; how many cards. A card that is asked for while this
 * runs stays on the list: its row is taken away last, only as it was read, and nobody is waited for, so that whoever
 * holds a copy and asks for the card is never waited for by this while it waits for them.
 */
export async function spread(db: Db, clock: Clock): Promise<number> {
  if ((await staleCards(db)).length === 0) return 0;
  return inTransaction(db, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${SPREADING}) as mine`.execute(tx);
    if (!rows[0]?.mine) return 0;
    const stale = await staleCards(tx);
    await sql`update outbox set wanted = wanted + 1,
        due_at = case when creating then due_at else ${clock.now().toString()}::timestamptz end
      where card = any(${stale.map(({ card }) => card)}::text[]) and state = 'open'`.execute(tx);
    await sql`delete from stale_cards where card in (select s.card from stale_cards s
        join jsonb_to_recordset(${JSON.stringify(stale)}::jsonb) as seen (card text, asks int) using (card, asks)
        for update of s skip locked)`.execute(tx);
    return stale.length;
  });
}

const staleCards = (db: Db | Tx) => db.selectFrom('stale_cards').selectAll().orderBy('card').execute();

export interface Undelivered {
  kind: string;
  ids: Readonly<Record<string, string>>;
  conversation: string;
  why: string;
  since: string;
  /** Given up; otherwise it is still tried. */
  dead: boolean;
}

/** Messages that people did not get, the oldest first: given up, or failing at the moment. */
export async function undelivered(db: Db, most: number): Promise<Undelivered[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['kind', 'ids', 'conversation', 'last_error', 'created_at', 'state'])
    .where((e) =>
      e.or([
        e('state', '=', 'dead'),
        e.and([e('state', '=', 'open'), e('wanted', '>', e.ref('drawn')), e('last_error', 'is not', null)]),
      ]),
    )
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(({ kind, ids, conversation, last_error, created_at, state }) => ({
    kind,
    ids,
    conversation,
    why: last_error ?? 'no reason was kept',
    since: created_at,
    dead: state === 'dead',
  }));
}

/** Gives every message that was given up another try; how many there are. */
export async function redeliver(tx: Tx, clock: Clock): Promise<number> {
  const rows = await tx
    .updateTable('outbox')
    .set({ state: 'open', attempts: 0, repeats: 0, due_at: clock.now().toString() })
    .where('state', '=', 'dead')
    .returning('id')
    .execute();
  return rows.length;
}
