import { type Selectable, sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Matcher } from '../core/matchers.rules.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { Quiet } from './muting.rules.ts';
import { type Signal, storedSignal } from './signal.ts';
import { quietOf } from './silences.store.ts';

export type RuleRow = Selectable<Tables['noise_rules']>;

export async function insert(
  tx: Tx,
  rule: {
    text: string;
    matchers: readonly Matcher[];
    effect: object;
    reason: string;
    by: string;
    at: Temporal.Instant;
  },
): Promise<RuleRow> {
  return tx
    .insertInto('noise_rules')
    .values({
      id: await nextNumber(tx, 'RUL'),
      text: rule.text,
      matchers: JSON.stringify(rule.matchers),
      effect: JSON.stringify(rule.effect),
      reason: rule.reason,
      made_by: rule.by,
      made_at: rule.at.toString(),
      ended_by: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const find = (db: Db | Tx, id: string): Promise<RuleRow | undefined> =>
  db.selectFrom('noise_rules').selectAll().where('id', '=', id).executeTakeFirst();

export const locked = (tx: Tx, id: string): Promise<RuleRow | undefined> =>
  tx.selectFrom('noise_rules').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const end = (tx: Tx, id: string, by: string, at: Temporal.Instant) =>
  tx
    .updateTable('noise_rules')
    .set({ ended_by: by, ended_at: at.toString() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Those in force first, then the latest that were taken back. */
export const list = (db: Db, most: number): Promise<RuleRow[]> =>
  db
    .selectFrom('noise_rules')
    .selectAll()
    .orderBy(sql`ended_at is not null`)
    .orderBy('made_at', 'desc')
    .limit(most)
    .execute();

/** Every silence and maintenance that was in force at some time since. */
export async function quietsSince(db: Db, since: Temporal.Instant): Promise<Quiet[]> {
  const rows = await db.selectFrom('silences').selectAll().where('ends_at', '>', since.toString()).execute();
  return rows.map(quietOf);
}

const PAGE = 2_000;

/** Signals that came since, in the order in which they came; the latest `most` of them. */
export async function* signalsSince(
  db: Db,
  since: Temporal.Instant,
  most: number,
): AsyncGenerator<{ signal: Signal; at: number }> {
  const first = await db
    .selectFrom('hook_events')
    .select('id')
    .where('type', '=', 'signal')
    .where('received_at', '>=', since.toString())
    .orderBy('id', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst();
  for (let after = first?.id ?? '0'; ; ) {
    const rows = await db
      .selectFrom('hook_events')
      .select(['id', 'body', 'received_at'])
      .where('type', '=', 'signal')
      .where('received_at', '>=', since.toString())
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield { signal: storedSignal.parse(row.body) as Signal, at: Date.parse(row.received_at) };
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) return;
    after = last.id;
  }
}
