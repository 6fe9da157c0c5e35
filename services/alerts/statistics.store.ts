import { sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Db } from '../store/store.ts';

export interface Period {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

export interface Totals {
  count: number;
  open: number;
  acknowledged: number;
  /** Over without anybody having acknowledged or resolved it. */
  unattended: number;
  /** Seconds; null when there is none to take it from. */
  mtta: number | null;
  medianAck: number | null;
  mttr: number | null;
  medianResolve: number | null;
}

const span = ({ from, to }: Period) =>
  sql`opened_at >= ${from.toString()}::timestamptz and opened_at < ${to.toString()}::timestamptz`;
/** What was merged is counted with the incident it belongs to. */
const COUNTED = sql`merged_into is null`;

export async function totals(db: Db, period: Period): Promise<Totals> {
  const { rows } = await sql<Totals>`
    with x as (select state, resolved_by, first_acknowledged_at as ack, resolved_at, opened_at,
        extract(epoch from (first_acknowledged_at - opened_at))::float8 as to_ack,
        extract(epoch from (resolved_at - opened_at))::float8 as to_end
      from incidents where ${span(period)} and ${COUNTED})
    select count(*)::int as "count", (count(*) filter (where state <> 'resolved'))::int as "open",
      count(ack)::int as "acknowledged",
      (count(*) filter (where state = 'resolved' and ack is null and resolved_by is null))::int as "unattended",
      avg(to_ack) as "mtta", percentile_cont(0.5) within group (order by to_ack) as "medianAck",
      avg(to_end) as "mttr", percentile_cont(0.5) within group (order by to_end) as "medianResolve"
    from x`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('an aggregate without a row');
  return row;
}

export const bySeverity = async (db: Db, period: Period): Promise<{ severity: number; count: number }[]> =>
  (
    await sql<{ severity: number; count: number }>`
      select severity, count(*)::int as count from incidents where ${span(period)} and ${COUNTED} group by 1 order by 1`.execute(
      db,
    )
  ).rows;

/** Incidents by day of the zone, "2026-11-23". */
export const byDay = async (db: Db, period: Period, zone: string): Promise<{ day: string; count: number }[]> =>
  (
    await sql<{ day: string; count: number }>`
      select to_char(opened_at at time zone ${zone}, 'YYYY-MM-DD') as day, count(*)::int as count
      from incidents where ${span(period)} and ${COUNTED} group by 1 order by 1`.execute(db)
  ).rows;

export interface RuleNoise {
  rule: string;
  incidents: number;
  alerts: number;
  /** Incidents that were over before anybody did anything. */
  unattended: number;
}

export const noiseByRule = async (db: Db, period: Period, most: number): Promise<RuleNoise[]> =>
  (
    await sql<RuleNoise>`
      select e.signal ->> 'rule' as rule, count(distinct i.id)::int as incidents, count(*)::int as alerts,
        (count(distinct i.id) filter (where i.state = 'resolved' and i.first_acknowledged_at is null
          and i.resolved_by is null))::int as unattended
      from incidents i join episodes e on e.incident = i.id
      where ${span(period)} and ${COUNTED} group by 1 order by 2 desc, 1 limit ${most}`.execute(db)
  ).rows;

/** When people sleep, in hours of their own clock. */
export const NIGHT = { from: 22, to: 7 };

/**
 * How often each person was told, and how often at night by their own clock, the most disturbed first. In the database:
 * 20,000 instants through Temporal take half a minute, here a fraction of a second.
 */
export const pagesOf = async (
  db: Db,
  period: Period,
  zones: Readonly<Record<string, string>>,
  otherwise: string,
): Promise<{ person: string; pages: number; night: number }[]> =>
  (
    await sql<{ person: string; pages: number; night: number }>`
      select person, count(*)::int as pages, (count(*) filter (where hour >= ${NIGHT.from}::int or hour < ${NIGHT.to}::int))::int as night
      from (select t ->> 'person' as person, extract(hour from (t ->> 'at')::timestamptz
          at time zone coalesce(${JSON.stringify(zones)}::jsonb ->> (t ->> 'person'), ${otherwise}))::int as hour
        from incidents, jsonb_array_elements(escalation -> 'told') as t where ${span(period)}) x
      group by 1 order by 3 desc, 2 desc, 1`.execute(db)
  ).rows;
