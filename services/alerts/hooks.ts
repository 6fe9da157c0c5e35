import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Store } from '../store/store.ts';
import { readAzureMonitor } from './azure-monitor.ts';
import { readEventGrid } from './eventgrid.ts';
import type { HookReading } from './signal.ts';

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
