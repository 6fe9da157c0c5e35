import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import { readAzureMonitor } from './azure-monitor.ts';
import { readEventGrid } from './eventgrid.ts';
import { type HookReading, type Signal, storedFact, storedSignal, type UpstreamFact } from './signal.ts';

/** What a delivery held; the caller answers 2xx only after this was committed. */
export interface Received {
  accepted: number;
  /** Seen before: kept once, answered alike. */
  duplicates: number;
  unknown: number;
  malformed: readonly { index: number; why: string }[];
}

export const PROCESS = 'alerts-process';
const READERS = { eventgrid: readEventGrid, 'azure-monitor': readAzureMonitor } as const;
export type HookSource = keyof typeof READERS;

/**
 * Commits a delivery: every event once, by its key, and one job to process them. A batch of 5,000 events is one
 * transaction with two statements.
 */
export async function receive(
  deps: { store: Store; clock: Clock; jobs: Jobs },
  source: HookSource,
  body: unknown,
): Promise<Received> {
  const now = deps.clock.now();
  const reading = READERS[source](body, now);
  const rows = rowsOf(source, reading, now.toString());
  if (rows.length === 0) return { accepted: 0, duplicates: 0, unknown: 0, malformed: reading.malformed };
  const inserted = await deps.store.db.transaction().execute(async (tx) => {
    const fresh = await tx
      .insertInto('hook_events')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['source', 'key']).doNothing())
      .returning('state')
      .execute();
    if (fresh.some(({ state }) => state === 'new')) await deps.jobs.enqueue(tx, PROCESS, {});
    return fresh.length;
  });
  return {
    accepted: inserted,
    duplicates: rows.length - inserted,
    unknown: reading.unknown.length,
    malformed: reading.malformed,
  };
}

function rowsOf(source: HookSource, reading: HookReading, received: string) {
  const row = (key: string, type: string, body: object, state: 'new' | 'unknown' | 'malformed') => ({
    source,
    key,
    type,
    body: JSON.stringify(body),
    received_at: received,
    state,
  });
  const rows = [
    ...reading.signals.map((signal) => row(signal.eventKey, 'signal', signal, 'new')),
    ...reading.facts.map((fact) => row(fact.eventKey, 'fact', fact, 'new')),
    ...reading.unknown.map((event) => row(event.eventKey, event.type, event, 'unknown')),
    ...reading.malformed.map((event) => row(`${received}#${event.index}`, 'malformed', event, 'malformed')),
  ];
  return [...new Map(rows.map((entry) => [entry.key, entry])).values()];
}

export type StoredEvent = { id: string } & ({ type: 'signal'; signal: Signal } | { type: 'fact'; fact: UpstreamFact });

/** The oldest events that nobody looked at yet, locked for this transaction. */
export async function takeNew(tx: Tx, most: number): Promise<StoredEvent[]> {
  const rows = await tx
    .selectFrom('hook_events')
    .select(['id', 'type', 'body'])
    .where('state', '=', 'new')
    .orderBy('id')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.map(({ id, type, body }) =>
    type === 'fact'
      ? { id, type, fact: storedFact.parse(body) as UpstreamFact }
      : { id, type: 'signal', signal: storedSignal.parse(body) as Signal },
  );
}

/** Marks events as looked at, with what was decided about each and why (for `alerts explain`). */
export async function settle(tx: Tx, results: ReadonlyMap<string, object>): Promise<void> {
  if (results.size === 0) return;
  const pairs = JSON.stringify([...results].map(([id, result]) => ({ id, result })));
  await sql`update hook_events e set state = 'done', result = p.result
    from jsonb_to_recordset(${pairs}::jsonb) as p (id bigint, result jsonb) where e.id = p.id`.execute(tx);
}

/** Counts a refused call per day and reason: operators see that somebody knocks with a wrong key. */
export async function countRejection(db: Db, clock: Clock, hook: string, reason: string): Promise<void> {
  await db
    .insertInto('hook_rejections')
    .values({ day: clock.now().toString().slice(0, 10), hook, reason: reason.slice(0, 200), count: 1 })
    .onConflict((conflict) =>
      conflict.columns(['day', 'hook', 'reason']).doUpdateSet({ count: sql`hook_rejections.count + 1` }),
    )
    .execute();
}
