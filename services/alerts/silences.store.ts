import { type Selectable, sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Matcher } from '../core/matchers.rules.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { Quiet } from './muting.rules.ts';

export type SilenceRow = Selectable<Tables['silences']>;

/** As the stages of an alert read it. */
export const quietOf = (row: SilenceRow): Quiet => ({
  id: row.id,
  kind: row.kind,
  matchers: row.matchers as Matcher[],
  from: Date.parse(row.starts_at),
  until: Date.parse(row.ends_at),
  by: row.made_by,
  reason: row.reason,
});

export async function insert(
  tx: Tx,
  silence: {
    kind: 'silence' | 'maintenance';
    matchers: readonly Matcher[];
    from: Temporal.Instant;
    until: Temporal.Instant;
    reason: string;
    by: string;
    at: Temporal.Instant;
    incident?: string | undefined;
  },
): Promise<SilenceRow> {
  return tx
    .insertInto('silences')
    .values({
      id: await nextNumber(tx, silence.kind === 'silence' ? 'SIL' : 'MNT'),
      kind: silence.kind,
      matchers: JSON.stringify(silence.matchers),
      starts_at: silence.from.toString(),
      ends_at: silence.until.toString(),
      reason: silence.reason,
      made_by: silence.by,
      made_at: silence.at.toString(),
      ended_by: null,
      incident: silence.incident ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const locked = (tx: Tx, id: string): Promise<SilenceRow | undefined> =>
  tx.selectFrom('silences').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const find = (db: Db | Tx, id: string): Promise<SilenceRow | undefined> =>
  db.selectFrom('silences').selectAll().where('id', '=', id).executeTakeFirst();

export const update = (tx: Tx, id: string, set: { ends_at: string; ended_by?: string; generation: number }) =>
  tx.updateTable('silences').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow();

/** Those in force and ahead, the first to end first; then the latest that are over. */
export async function list(
  db: Db,
  now: Temporal.Instant,
  most: number,
): Promise<{ rows: SilenceRow[]; total: number }> {
  const live = await db
    .selectFrom('silences')
    .selectAll()
    .where('ended_by', 'is', null)
    .where('ends_at', '>', now.toString())
    .orderBy('ends_at')
    .limit(most)
    .execute();
  const over = await db
    .selectFrom('silences')
    .selectAll()
    .where((e) => e.or([e('ended_by', 'is not', null), e('ends_at', '<=', now.toString())]))
    .orderBy('ends_at', 'desc')
    .limit(most)
    .execute();
  const { n } = await db
    .selectFrom('silences')
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return { rows: [...live, ...over].slice(0, most), total: Number(n) };
}

/** How many alerts each of them holds back now. */
export async function holding(db: Db | Tx, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; n: number }>`
    select i.id, count(h.key)::int as n from unnest(${[...ids]}::text[]) as i (id)
    join held_alerts h on h.by @> array[i.id] group by i.id`.execute(db);
  return new Map(rows.map(({ id, n }) => [id, n]));
}

/** Incidents that are open, with what silenced them. */
export const openIncidents = (tx: Tx) =>
  tx
    .selectFrom('incidents')
    .select(['id', 'silenced_by', 'state'])
    .where('state', '<>', 'resolved')
    .orderBy('id')
    .execute();

export const silencedIncidents = (db: Db | Tx, id: string) =>
  db
    .selectFrom('incidents')
    .select(['id', 'title'])
    .where('silenced_by', '=', id)
    .where('state', '<>', 'resolved')
    .execute();
