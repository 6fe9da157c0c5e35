import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../services/core/clock.ts';
import type { Store } from '../services/store/store.ts';
import type { Recent } from '../services/store/tables.ts';
import { NOTHING_SENT, sentAt, waitMs } from './pacing.ts';

/**
 * A conversation is a lane: what was sent there lately and until when it is blocked stands in the database, so that a
 * restart or another process forgets neither Teams' limits nor its Retry-After.
 */
export interface Lanes {
  /** Conversations with something due: those that may send now first, the most urgent before the others. */
  waiting(): Promise<Lane[]>;
  /** Counts one call of the Connector in this conversation and blocks the lane when its windows are full. */
  count(conversation: string): Promise<void>;
  /** Whether an answer may be posted there at once; when it may, it is counted, in this process only. */
  room(conversation: string): boolean;
  /** Nothing is sent there for so long; `tenant` slows all the others down as well (429). */
  block(conversation: string, ms: number, scope: 'lane' | 'tenant'): Promise<void>;
  /** Milliseconds until the app may call again at all. */
  tenantWaitMs(): number;
  /** When the next message that has to wait may go. */
  nextDue(): Promise<Temporal.Instant | undefined>;
}

export interface Lane {
  conversation: string;
  /** 0 or less: it may send now. */
  waitMs: number;
}

/** All of the app's calls in a tenant stay under 50 a second; halved for a while after a 429. */
const TENANT_PER_SECOND = 40;
const TENANT = '*';
const MOST_LANES = 64;
const MOST_REMEMBERED = 2_000;

export function lanes({ store, clock }: { store: Store; clock: Clock }): Lanes {
  const { db } = store;
  /** What this process sent, answers included, which are posted without asking the database. */
  const memory = new Map<string, Recent>();
  let calls: number[] = [];
  let slowUntil = 0;

  const instant = (at: number) => Temporal.Instant.fromEpochMilliseconds(Math.ceil(at)).toString();

  function remember(conversation: string): void {
    const recent = sentAt(memory.get(conversation) ?? NOTHING_SENT, clock.ms());
    memory.delete(conversation);
    memory.set(conversation, recent);
    const [oldest] = memory.keys();
    if (memory.size > MOST_REMEMBERED && oldest !== undefined) memory.delete(oldest);
    calls.push(clock.monotonic());
  }

  const remembered = (conversation: string): number => waitMs(memory.get(conversation) ?? NOTHING_SENT, clock.ms());

  async function upsert(conversation: string, recent: Recent, until: number | undefined): Promise<void> {
    const blocked = until === undefined ? null : instant(until);
    await db
      .insertInto('lanes')
      .values({ conversation, recent: JSON.stringify(recent), blocked_until: blocked })
      .onConflict((conflict) =>
        conflict.column('conversation').doUpdateSet({
          recent: JSON.stringify(recent),
          blocked_until: sql`greatest(lanes.blocked_until, excluded.blocked_until)`,
        }),
      )
      .execute();
  }

  const recentOf = async (conversation: string): Promise<Recent> =>
    (await db.selectFrom('lanes').select('recent').where('conversation', '=', conversation).executeTakeFirst())
      ?.recent ?? NOTHING_SENT;

  return {
    async waiting() {
      const now = instant(clock.ms());
      const rows = await db
        .selectFrom('outbox')
        .leftJoin('lanes', 'lanes.conversation', 'outbox.conversation')
        .select(['outbox.conversation', 'lanes.blocked_until'])
        .select((e) => [
          e.fn.min('priority').as('urgent'),
          e.fn.min('outbox.id').as('oldest'),
          e.selectFrom('lanes as tenant').select('blocked_until').where('conversation', '=', TENANT).as('slow'),
        ])
        .whereRef('wanted', '>', 'drawn')
        .where('state', '=', 'open')
        .where('due_at', '<=', now)
        .groupBy(['outbox.conversation', 'lanes.blocked_until'])
        .orderBy(sql`coalesce(lanes.blocked_until > ${now}::timestamptz, false)`)
        .orderBy('urgent')
        .orderBy('oldest')
        .limit(MOST_LANES)
        .execute();
      const slow = rows[0]?.slow;
      if (slow) slowUntil = Math.max(slowUntil, Date.parse(slow));
      return rows.map(({ conversation, blocked_until }) => ({
        conversation,
        waitMs: Math.max(blocked_until ? Date.parse(blocked_until) - clock.ms() : 0, remembered(conversation)),
      }));
    },

    async count(conversation) {
      remember(conversation);
      const at = clock.ms();
      const recent = sentAt(await recentOf(conversation), at);
      const wait = waitMs(recent, at);
      await upsert(conversation, recent, wait > 0 ? at + wait : undefined);
    },

    room(conversation) {
      if (remembered(conversation) > 0) return false;
      remember(conversation);
      return true;
    },

    async block(conversation, ms, scope) {
      const until = clock.ms() + ms;
      await upsert(conversation, await recentOf(conversation), until);
      if (scope === 'tenant') await upsert(TENANT, NOTHING_SENT, until);
    },

    tenantWaitMs() {
      const at = clock.monotonic();
      calls = calls.filter((time) => time > at - 1_000);
      const allowed = clock.ms() < slowUntil ? TENANT_PER_SECOND / 2 : TENANT_PER_SECOND;
      return calls.length < allowed ? 0 : Math.max(1, (calls[calls.length - allowed] ?? at) + 1_000 - at);
    },

    async nextDue() {
      const now = instant(clock.ms());
      const { rows } = await sql<{ at: string | null }>`
        select min(greatest(o.due_at, l.blocked_until)) as at from outbox o
        left join lanes l on l.conversation = o.conversation
        where o.wanted > o.drawn and o.state = 'open' and greatest(o.due_at, l.blocked_until) > ${now}::timestamptz
      `.execute(db);
      return rows[0]?.at ? Temporal.Instant.from(rows[0].at) : undefined;
    },
  };
}
