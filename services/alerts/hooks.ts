import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Store } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import { readAlertmanager } from './alertmanager.ts';
import { readAzureMonitor } from './azure-monitor.ts';
import { storable } from './clean.ts';
import { readEventGrid } from './eventgrid.ts';
import { readGeneric } from './generic.ts';
import { insertEvents, type NewEvent } from './hooks.store.ts';
import type { HookReading, Malformed, SignalSource } from './signal.ts';

/** What a delivery held; the caller answers 2xx only after this was committed. */
export interface Received {
  accepted: number;
  /** Seen before: kept once, answered alike. */
  duplicates: number;
  unknown: number;
  malformed: readonly { index: number; why: string }[];
}

export const PROCESS = 'alerts-process';
const READERS = {
  eventgrid: readEventGrid,
  'azure-monitor': readAzureMonitor,
  alertmanager: readAlertmanager,
} as const satisfies Partial<Record<SignalSource, unknown>>;
/** A sender with a format that we know, or one that wardroom.yaml describes. */
export type HookSource = keyof typeof READERS | `generic/${string}`;
/** Of a delivery that is all wrong, the first ones tell the story. */
const MOST_MALFORMED = 100;

/**
 * Commits a delivery: every event once, by its key, and one job to process them. A batch of 5,000 events is one
 * transaction with two statements. `undefined` when nobody knows the hook.
 */
export async function receive(
  deps: { store: Store; clock: Clock; jobs: Jobs; organisation: Organisation },
  source: HookSource,
  body: unknown,
): Promise<Received | undefined> {
  const now = deps.clock.now();
  const read = readerOf(source, deps.organisation);
  if (!read) return undefined;
  const reading = read(storable(body), now);
  const rows = rowsOf(source, reading, now.toString());
  const malformed = reading.malformed.map(({ index, why }) => ({ index, why }));
  if (rows.length === 0) return { accepted: 0, duplicates: 0, unknown: 0, malformed };
  const good = rows.filter(({ state }) => state !== 'malformed').length;
  const accepted = await inTransaction(deps.store.db, async (tx) => {
    const states = await insertEvents(tx, rows);
    if (states.includes('new')) await deps.jobs.enqueue(tx, PROCESS, {});
    return states.filter((state) => state !== 'malformed').length;
  });
  return {
    accepted,
    duplicates: good - accepted,
    unknown: reading.unknown.length,
    malformed: malformed.slice(0, MOST_MALFORMED),
  };
}

function readerOf(source: HookSource, { hooks }: Organisation) {
  if (source in READERS) return READERS[source as keyof typeof READERS];
  const hook = hooks.find(({ id }) => source === `generic/${id}`);
  return hook && ((body: unknown, now: Temporal.Instant) => readGeneric(body, now, hook));
}

function rowsOf(source: HookSource, reading: HookReading, received: string): NewEvent[] {
  const row = (key: string, type: string, body: object, state: NewEvent['state']): NewEvent => ({
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
    ...reading.malformed
      .slice(0, MOST_MALFORMED)
      .map((event) => row(malformedKey(event, received), 'malformed', event, 'malformed')),
  ];
  return [...new Map(rows.map((entry) => [entry.key, entry])).values()];
}

/** The same bad message is kept once; one whose text is not known is told from others by when it came. */
const malformedKey = ({ index, why, body }: Malformed, received: string): string =>
  body === undefined
    ? `${received}#${index}`
    : `malformed:${createHash('sha256')
        .update(JSON.stringify([why, body]))
        .digest('hex')}`;
