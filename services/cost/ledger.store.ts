import { sql } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import { type GroupOf, lockScope, place, sumGroups } from './ledger-groups.store.ts';

export type Basis = 'actual' | 'amortised';

export interface LedgerRow {
  /** ARM id in lower case. */
  resource: string;
  /** YYYYMMDD */
  day: number;
  meter: string;
  charge: string;
  currency: string;
  /** Decimal text. */
  amount: string;
}

export interface StoredResource {
  id: number;
  scope: string;
  resource: string;
  tags: Record<string, string>;
}

const CHUNK = 5_000;

/** How finely sums are read: by resource, or by group of resources (ledger-groups.store.ts), which is much quicker. */
export type Grain = 'resource' | 'group';

const tables = (grain: Grain) =>
  grain === 'resource'
    ? { days: sql.table('cost_days'), months: sql.table('cost_months'), of: sql.ref('resource') }
    : { days: sql.table('cost_group_days'), months: sql.table('cost_group_months'), of: sql.ref('grp') };

/**
 * Names of resources to their numbers, made when they are new; tags replace what was known of them. Locks the scope until
 * the transaction ends: of two reads that end at once the second sums up after the first.
 */
export async function resourceIds(
  tx: Tx,
  scope: string,
  resources: ReadonlyMap<string, Readonly<Record<string, string>> | undefined>,
  groupOf: GroupOf,
): Promise<Map<string, number>> {
  await lockScope(tx, scope);
  const names = [...resources.keys()];
  const ids = new Map<string, number>();
  for (let from = 0; from < names.length; from += CHUNK) {
    const part = names.slice(from, from + CHUNK);
    const tags = part.map((name) => JSON.stringify(resources.get(name) ?? null));
    const { rows } = await sql<StoredResource & { grp: number | null }>`
      insert into cost_resources (scope, resource, tags)
      select ${scope}, u.resource, case when u.tags = 'null' then '{}'::jsonb else u.tags::jsonb end
      from unnest(${part}::text[], ${tags}::text[]) as u (resource, tags)
      on conflict (scope, resource) do update
        set tags = case when excluded.tags = '{}'::jsonb then cost_resources.tags else excluded.tags end
      returning id, scope, resource, tags, grp`.execute(tx);
    for (const { id, resource } of rows) ids.set(resource, id);
    await place(tx, scope, rows, groupOf, { known: false });
  }
  return ids;
}

/** What was known of these days is replaced as a whole: Azure corrects itself for days. */
export async function clearDays(tx: Tx, at: { scope: string; basis: Basis; from: number; to: number }): Promise<void> {
  await sql`delete from cost_days d using cost_resources r where r.id = d.resource and r.scope = ${at.scope}
    and d.basis = ${at.basis} and d.day between ${at.from} and ${at.to}`.execute(tx);
}

/** Adds rows; rows of one resource, day, meter, charge and currency are added up, never taken for duplicates. */
export async function addRows(
  tx: Tx,
  basis: Basis,
  ids: ReadonlyMap<string, number>,
  rows: readonly LedgerRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK) {
    const part = rows.slice(from, from + CHUNK);
    await sql`insert into cost_days (basis, day, resource, meter, charge, currency, amount)
      select ${basis}, u.day, u.resource, u.meter, u.charge, u.currency, sum(u.amount)
      from unnest(${part.map(({ day }) => day)}::int[], ${part.map(({ resource }) => ids.get(resource) ?? 0)}::bigint[],
        ${part.map(({ meter }) => meter)}::text[], ${part.map(({ charge }) => charge)}::text[],
        ${part.map(({ currency }) => currency)}::text[], ${part.map(({ amount }) => amount)}::numeric[])
        as u (day, resource, meter, charge, currency, amount)
      group by 2, 3, 4, 5, 6
      on conflict (basis, day, resource, meter, charge, currency)
        do update set amount = cost_days.amount + excluded.amount`.execute(tx);
  }
}

/** Months, and the days and months of groups, are summed up again from the days of resources. */
export async function sumUp(tx: Tx, at: { scope: string; basis: Basis; from: number; to: number }): Promise<void> {
  const [first, last] = [Math.floor(at.from / 100), Math.floor(at.to / 100)];
  await sql`delete from cost_months m using cost_resources r where r.id = m.resource and r.scope = ${at.scope}
    and m.basis = ${at.basis} and m.month between ${first} and ${last}`.execute(tx);
  await sql`insert into cost_months (basis, month, resource, meter, charge, currency, amount)
    select d.basis, d.day / 100, d.resource, d.meter, d.charge, d.currency, sum(d.amount)
    from cost_days d join cost_resources r on r.id = d.resource
    where r.scope = ${at.scope} and d.basis = ${at.basis} and d.day between ${first * 100} and ${last * 100 + 99}
    group by 1, 2, 3, 4, 5, 6`.execute(tx);
  const groups = sql`select id from cost_groups where scope = ${at.scope}`;
  await sumGroups(tx, groups, at.basis, { first, last });
}

export interface Sum {
  resource: number;
  meter: string;
  charge: string;
  currency: string;
  amount: string;
}

/** Sums of a stretch of days by resource (or group), meter and charge: whole months from the months, the edges from the days. */
export async function sums(
  db: Db | Tx,
  basis: Basis,
  from: number,
  to: number,
  grain: Grain = 'resource',
): Promise<Sum[]> {
  const { months: monthly, days: daily, of } = tables(grain);
  const { months, edges } = cover(from, await untilKnown(db, basis, to));
  const ends = edges.map((edge) => sql`(day between ${edge.from} and ${edge.to})`);
  const { rows } = await sql<Sum>`
    select resource, meter, charge, currency, sum(amount)::text as amount from (
      select ${of} as resource, meter, charge, currency, amount from ${monthly}
        where basis = ${basis} and month between ${months?.from ?? 1} and ${months?.to ?? 0}
      union all
      select ${of}, meter, charge, currency, amount from ${daily}
        where basis = ${basis} and ${ends.length > 0 ? sql`(${sql.join(ends, sql` or `)})` : sql`false`}
    ) s group by 1, 2, 3, 4`.execute(db);
  return rows;
}

/** When nothing is known beyond a day, its month is whole as far as it goes: its sum is there already. */
async function untilKnown(db: Db | Tx, basis: Basis, to: number): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`
    select max(day) as last from cost_group_days where basis = ${basis}`.execute(db);
  return (rows[0]?.last ?? 0) <= to ? lastDayOf(Math.floor(to / 100)) : to;
}

const lastDayOf = (month: number): number =>
  month * 100 + new Date(Date.UTC(Math.floor(month / 100), month % 100, 0)).getUTCDate();

/** Which whole months lie in a stretch, and the days beside them. */
export function cover(
  from: number,
  to: number,
): { months?: { from: number; to: number }; edges: { from: number; to: number }[] } {
  const next = (month: number) => (month % 100 === 12 ? month + 89 : month + 1);
  const previous = (month: number) => (month % 100 === 1 ? month - 89 : month - 1);
  const first = from % 100 === 1 ? Math.floor(from / 100) : next(Math.floor(from / 100));
  const endMonth = Math.floor(to / 100);
  const last = to === lastDayOf(endMonth) ? endMonth : previous(endMonth);
  if (first > last) return { edges: [{ from, to }] };
  return {
    months: { from: first, to: last },
    edges: [
      ...(from < first * 100 ? [{ from, to: first * 100 - 1 }] : []),
      ...(to > last * 100 + 99 ? [{ from: next(last) * 100, to }] : []),
    ],
  };
}

export interface DaySum extends Sum {
  day: number;
}

/** Every day's sums by resource or group and meter; for some of them only when they are named. */
export async function days(
  db: Db | Tx,
  basis: Basis,
  from: number,
  to: number,
  grain: Grain = 'resource',
  some?: readonly number[],
): Promise<DaySum[]> {
  const { days: daily, of } = tables(grain);
  const { rows } = await sql<DaySum>`
    select day, ${of} as resource, meter, charge, currency, amount::text as amount from ${daily}
    where basis = ${basis} and day between ${from} and ${to}
    ${some ? sql`and ${of} = any(${[...some]}::bigint[])` : sql``} order by day`.execute(db);
  return rows;
}

/** Totals of each day and currency over all resources or groups that are named. */
export async function dayTotals(
  db: Db | Tx,
  basis: Basis,
  from: number,
  to: number,
  grain: Grain,
  some?: readonly number[],
): Promise<{ day: number; currency: string; amount: string }[]> {
  const { days: daily, of } = tables(grain);
  const { rows } = await sql<{ day: number; currency: string; amount: string }>`
    select day, currency, sum(amount)::text as amount from ${daily}
    where basis = ${basis} and day between ${from} and ${to}
    ${some ? sql`and ${of} = any(${[...some]}::bigint[])` : sql``}
    group by 1, 2 order by 1`.execute(db);
  return rows;
}

/** Which of these days have any cost at all: one look into the index for each. */
export async function daysWithCost(db: Db | Tx, basis: Basis, wanted: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ day: number }>`select u.day from unnest(${[...wanted]}::int[]) as u (day)
    where exists (select 1 from cost_group_days d where d.basis = ${basis} and d.day = u.day)`.execute(db);
  return new Set(rows.map(({ day }) => day));
}

/** Totals of each month; of months that are not whole only the days of the stretch. */
export async function monthTotals(
  db: Db | Tx,
  basis: Basis,
  from: number,
  to: number,
  grain: Grain,
  some?: readonly number[],
): Promise<{ day: number; currency: string; amount: string }[]> {
  const { months: monthly, days: daily, of } = tables(grain);
  const { months, edges } = cover(from, to);
  const ends = edges.map((edge) => sql`(day between ${edge.from} and ${edge.to})`);
  const only = some ? sql`and ${of} = any(${[...some]}::bigint[])` : sql``;
  const { rows } = await sql<{ day: number; currency: string; amount: string }>`
    select month * 100 + 1 as day, currency, sum(amount)::text as amount from (
      select month, currency, amount from ${monthly}
        where basis = ${basis} and month between ${months?.from ?? 1} and ${months?.to ?? 0} ${only}
      union all
      select day / 100, currency, amount from ${daily}
        where basis = ${basis} and ${ends.length > 0 ? sql`(${sql.join(ends, sql` or `)})` : sql`false`} ${only}
    ) s group by 1, 2 order by 1`.execute(db);
  return rows;
}

export const allResources = (db: Db | Tx): Promise<StoredResource[]> =>
  db.selectFrom('cost_resources').select(['id', 'scope', 'resource', 'tags']).execute();
export const allGroups = (db: Db | Tx): Promise<StoredResource[]> =>
  db.selectFrom('cost_groups').select(['id', 'scope', 'resource', 'tags']).execute();

export const reads = (db: Db | Tx) => db.selectFrom('cost_reads').selectAll().orderBy('scope').execute();

export interface ReadDone {
  scope: string;
  basis: Basis;
  source: 'query' | 'export';
  at: string;
  from: number;
  to: number;
  missing: readonly string[];
  /** When Azure wrote what was read, if that is not now. */
  asOf?: string;
}

/** A part of a scope was read: from when to when, and what was not there. How fresh it is, the newest part says. */
export async function noteRead(tx: Tx, done: ReadDone): Promise<void> {
  const known = await tx
    .selectFrom('cost_reads')
    .selectAll()
    .where('scope', '=', done.scope)
    .where('basis', '=', done.basis)
    .forUpdate()
    .executeTakeFirst();
  const newest = (known?.to_day ?? 0) <= done.to;
  const dayOf = (text: string) => Number(text.replaceAll('-', ''));
  const elsewhere = (known?.missing ?? []).filter((part) => {
    const day = dayOf(part);
    return Number.isFinite(day) && (day < done.from || day > done.to);
  });
  const values = {
    source: done.source,
    as_of: newest ? (done.asOf ?? done.at) : (known?.as_of ?? null),
    from_day: Math.min(known?.from_day ?? done.from, done.from),
    to_day: Math.max(known?.to_day ?? done.to, done.to),
    tried_at: done.at,
    error: null,
    missing: JSON.stringify([...elsewhere, ...done.missing].sort()),
  };
  await tx
    .insertInto('cost_reads')
    .values({ scope: done.scope, basis: done.basis, ...values })
    .onConflict((conflict) => conflict.columns(['scope', 'basis']).doUpdateSet(values))
    .execute();
}

/** A scope could not be read; what was known stays. */
export async function noteFailure(
  tx: Tx,
  {
    scope,
    basis,
    source,
    at,
    error,
  }: { scope: string; basis: Basis; source: 'query' | 'export'; at: string; error: string },
): Promise<void> {
  await tx
    .insertInto('cost_reads')
    .values({ scope, basis, source, tried_at: at, error, missing: '[]' })
    .onConflict((conflict) => conflict.columns(['scope', 'basis']).doUpdateSet({ tried_at: at, error }))
    .execute();
}

/** Nothing new, and nothing wrong any more. */
export async function noteFine(tx: Tx, scope: string, at: string): Promise<void> {
  await tx.updateTable('cost_reads').set({ tried_at: at, error: null }).where('scope', '=', scope).execute();
}

/** Scopes that were read besides this one. */
export async function otherScopes(tx: Tx, scope: string): Promise<string[]> {
  const found = await tx.selectFrom('cost_reads').select('scope').distinct().where('scope', '!=', scope).execute();
  return found.map((each) => each.scope);
}

/** These scopes are read no more: how old they are is no longer how old the answers are. */
export async function forgetReads(tx: Tx, scopes: readonly string[]): Promise<void> {
  if (scopes.length > 0) await tx.deleteFrom('cost_reads').where('scope', 'in', scopes).execute();
}
