import { type Selectable, sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Escalation, Tables } from '../store/tables.ts';
import type { Marks } from './episodes.rules.ts';
import type { Plan } from './escalation.rules.ts';
import type { OpenIncident } from './incidents.rules.ts';
import { type Signal, storedSignal, type UpstreamFact } from './signal.ts';

export type IncidentRow = Selectable<Tables['incidents']>;

export interface EpisodeRow {
  id: string;
  signal: Signal;
  startedAt: Temporal.Instant;
  endedAt: Temporal.Instant | undefined;
}

export const planOf = (row: IncidentRow): Plan => row.escalation.plan as Plan;

/** Serialises everything that decides which incident a signal belongs to; released at commit. */
export const lockAlerts = (tx: Tx) => sql`select pg_advisory_xact_lock(74110002)`.execute(tx);

export const nextIncidentId = (tx: Tx): Promise<string> => nextNumber(tx, 'INC');

/** Open incidents that this signal may belong to: of its group or endpoint, or holding its dedup key. */
export async function candidates(tx: Tx, signal: Signal, group?: string): Promise<OpenIncident[]> {
  // A union, because an OR of the two would look at every open incident.
  const byKey = tx.selectFrom('episodes').select('incident as id').where('dedup_key', '=', signal.dedupKey);
  const byEndpoint = tx
    .selectFrom('incidents')
    .select('id')
    .where('state', '<>', 'resolved')
    .where('endpoint', '=', signal.endpoint ?? '');
  const byGroup = tx
    .selectFrom('incidents')
    .select('id')
    .where('state', '<>', 'resolved')
    .where('group_key', '=', group ?? '');
  const near = group === undefined ? (signal.endpoint ? byEndpoint : undefined) : byGroup;
  // First the ids: joined with them, PostgreSQL would read every open incident, and each is large.
  const found = await (near ? byKey.union(near) : byKey.distinct()).execute();
  if (found.length === 0) return [];
  // Of each only what correlation asks, by index: a group of thousands is not read again for every alert that joins it.
  const rows = await tx
    .selectFrom('incidents as i')
    .select((e) => [
      'i.id',
      'i.workspace',
      'i.endpoint',
      'i.last_signal_at',
      'i.group_key',
      e
        .selectFrom('episodes')
        .select('started_at')
        .whereRef('incident', '=', 'i.id')
        .orderBy('started_at', 'desc')
        .limit(1)
        .as('last'),
      e
        .exists(
          e
            .selectFrom('episodes')
            .select('id')
            .where('dedup_key', '=', signal.dedupKey)
            .whereRef('incident', '=', 'i.id'),
        )
        .as('holds'),
      sameDrift(signal).as('same_drift'),
    ])
    .where('i.state', '<>', 'resolved')
    .where(sql<boolean>`i.id = any(${found.map(({ id }) => id)}::text[])`)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    workspace: row.workspace ?? undefined,
    endpoint: row.endpoint ?? undefined,
    lastSignalAt: Temporal.Instant.from(row.last_signal_at),
    lastStartedAt: row.last ? Temporal.Instant.from(row.last) : undefined,
    keys: row.holds ? [signal.dedupKey] : [],
    sameDrift: row.same_drift,
    ...(row.group_key === null ? {} : { group: row.group_key }),
  }));
}

/** Whether incident `i` holds drift of the signal's deployment that was found by the other of Wardroom and Azure ML. */
const sameDrift = ({ kind, source, deployment }: Signal) =>
  kind !== 'drift'
    ? sql<boolean>`false`
    : sql<boolean>`exists (
        select from episodes where incident = i.id and ended_at is null and signal ->> 'kind' = 'drift'
        and (signal ->> 'source' = 'wardroom') <> ${source === 'wardroom'}::boolean
        and coalesce(signal ->> 'deployment', ${deployment ?? null}::text, '') = coalesce(${deployment ?? null}::text, signal ->> 'deployment', ''))`;

/**
 * Whether the incident holds an alert of this kind and severity: one more decides nothing. Drift decides by its strength,
 * so no drift is like another.
 */
export async function alike(tx: Tx, incident: string, { kind, severity }: Signal): Promise<boolean> {
  if (kind === 'drift') return false;
  const row = await tx
    .selectFrom('episodes')
    .select('id')
    .where('incident', '=', incident)
    .where(sql<boolean>`signal ->> 'kind' = ${kind} and signal ->> 'severity' = ${String(severity)}`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Signals that decide the severity of an incident: of each kind and severity one, and drift, whose strength counts. A
 * hundred alike decide nothing more.
 */
export async function telling(tx: Tx, incident: string): Promise<Signal[]> {
  const { rows } = await sql<{ signal: object }>`
    select distinct on (signal ->> 'kind', signal ->> 'severity', case when signal ->> 'kind' = 'drift' then id end) signal
    from episodes where incident = ${incident}
    order by signal ->> 'kind', signal ->> 'severity', case when signal ->> 'kind' = 'drift' then id end, id`.execute(
    tx,
  );
  return rows.map(({ signal }) => storedSignal.parse(signal) as Signal);
}

export async function marksOf(tx: Tx, key: string): Promise<Marks | undefined> {
  const row = await tx.selectFrom('alert_keys').select('marks').where('key', '=', key).executeTakeFirst();
  return row?.marks as Marks | undefined;
}

export async function keepMarks(tx: Tx, key: string, marks: Marks, now: Temporal.Instant): Promise<void> {
  const row = { marks: JSON.stringify(marks), updated_at: now.toString() };
  await tx
    .insertInto('alert_keys')
    .values({ key, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
}

export async function episodesOf(db: Db, incident: string): Promise<EpisodeRow[]> {
  const rows = await db.selectFrom('episodes').selectAll().where('incident', '=', incident).orderBy('id').execute();
  return rows.map(episodeOf);
}

const episodeOf = (row: Selectable<Tables['episodes']>): EpisodeRow => ({
  id: row.id,
  signal: storedSignal.parse(row.signal) as Signal,
  startedAt: Temporal.Instant.from(row.started_at),
  endedAt: row.ended_at ? Temporal.Instant.from(row.ended_at) : undefined,
});

export const addEpisode = (tx: Tx, incident: string, signal: Signal, startedAt: Temporal.Instant) =>
  tx
    .insertInto('episodes')
    .values({
      incident,
      dedup_key: signal.dedupKey,
      signal: JSON.stringify(signal),
      started_at: startedAt.toString(),
    })
    .execute();

/**
 * Ends the open episode of this key in this incident; how many were open. One that had ended is over at the latest of
 * its ends.
 */
export async function endEpisode(tx: Tx, incident: string, key: string, at: Temporal.Instant): Promise<number> {
  const own = tx
    .updateTable('episodes')
    .set({ ended_at: at.toString() })
    .where('incident', '=', incident)
    .where('dedup_key', '=', key);
  const result = await own.where('ended_at', 'is', null).executeTakeFirst();
  if (Number(result.numUpdatedRows) > 0) return Number(result.numUpdatedRows);
  const last = tx
    .selectFrom('episodes')
    .select((e) => e.fn.max('id').as('id'))
    .where('incident', '=', incident)
    .where('dedup_key', '=', key);
  await own.where('id', '=', last).where('ended_at', '<', at.toString()).execute();
  return 0;
}

/** Whether an alert of it that can resolve has not. */
export async function stillFiring(tx: Tx, incident: string): Promise<boolean> {
  const row = await tx
    .selectFrom('episodes')
    .select('id')
    .where('incident', '=', incident)
    .where('ended_at', 'is', null)
    .where(sql<boolean>`signal ->> 'stateless' = 'false'`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The episode of this key that is open in this incident. */
export async function openEpisode(tx: Tx, incident: string, key: string): Promise<EpisodeRow | undefined> {
  const row = await tx
    .selectFrom('episodes')
    .selectAll()
    .where('incident', '=', incident)
    .where('dedup_key', '=', key)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row && episodeOf(row);
}

export const renewEpisode = (tx: Tx, id: string, signal: Signal, startedAt: Temporal.Instant) =>
  tx
    .updateTable('episodes')
    .set({ signal: JSON.stringify(signal), started_at: startedAt.toString() })
    .where('id', '=', id)
    .execute();

/** Open incidents that nobody has taken. */
export const unacknowledged = (tx: Tx) =>
  tx
    .selectFrom('incidents')
    .select(['id', 'route', 'opened_at'])
    .where('state', '=', 'open')
    .where('acknowledged_at', 'is', null)
    .orderBy('opened_at')
    .execute();

/** Keeps once what changed upstream. */
export async function keepFacts(tx: Tx, facts: readonly UpstreamFact[]): Promise<void> {
  if (facts.length === 0) return;
  const values = facts.map((fact) => ({
    key: fact.eventKey,
    workspace: fact.workspace ?? null,
    endpoint: fact.endpoint ?? null,
    at: fact.at.toString(),
    fact: JSON.stringify(fact),
  }));
  await tx
    .insertInto('upstream_facts')
    .values(values)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** The incident, locked until the transaction ends. */
export const lockIncident = (tx: Tx, id: string) =>
  tx.selectFrom('incidents').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const findIncident = (db: Db, id: string) =>
  db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();

/** What a list says of an incident; its findings and its escalation are several times as large and stay where they are. */
export const LISTED = [
  'id',
  'state',
  'severity',
  'title',
  'endpoint',
  'team',
  'opened_at',
  'resolved_at',
  'acknowledged_by',
  'assignee',
  'channel',
  'why',
] as const;

export const listIncidents = (db: Db, options: { open: boolean; most: number }) => {
  const query = db.selectFrom('incidents').select(LISTED).orderBy('opened_at', 'desc').limit(options.most);
  return (options.open ? query.where('state', '<>', 'resolved') : query).execute();
};

export const updateIncident = (
  tx: Tx,
  id: string,
  set: Partial<{
    state: IncidentRow['state'];
    severity: number;
    title: string;
    last_signal_at: string;
    acknowledged_at: string | null;
    acknowledged_by: string | null;
    resolved_at: string;
    resolved_by: string | null;
    why: string;
    opened_at: string;
    silenced_by: string | null;
    findings: string;
    escalation: Escalation;
    assignee: string | null;
    first_acknowledged_at: string;
    snoozed_until: string | null;
    merged_into: string;
    severity_set: string;
  }>,
) => {
  const { escalation, ...rest } = set;
  return tx
    .updateTable('incidents')
    .set({ ...rest, ...(escalation ? { escalation: JSON.stringify(escalation) } : {}) })
    .where('id', '=', id)
    .execute();
};

/** Incidents with an alert about this run of Azure ML. */
export async function incidentsOfRun(tx: Tx, run: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('episodes')
    .select('incident')
    .where(sql<boolean>`signal ->> 'runId' = ${run}`)
    .execute();
  return [...new Set(rows.map(({ incident }) => incident))];
}

/** Alerts of other incidents in these hours before an instant: what went wrong upstream may be the cause. */
export async function signalsBefore(
  db: Db | Tx,
  incident: string,
  before: Temporal.Instant,
  hours: number,
): Promise<Signal[]> {
  const rows = await db
    .selectFrom('episodes')
    .select('signal')
    .where('incident', '<>', incident)
    .where('started_at', '>=', before.subtract({ hours }).toString())
    .where('started_at', '<=', before.add({ minutes: 2 }).toString())
    .limit(200)
    .execute();
  return rows.map(({ signal }) => storedSignal.parse(signal) as Signal);
}
