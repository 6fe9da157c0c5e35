import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { insertEvents } from './hooks.store.ts';
import { PROCESS } from './hooks.ts';
import type { DriftFeature, Signal, SignalSeverity } from './signal.ts';

/** An alarm that Wardroom itself found; it goes the way of every alert: grouped, silenced, escalated. */
export interface OwnAlarm {
  /** The same for every telling of the same alarm. */
  key: string;
  /** Pairs repeats of one trouble. */
  dedupKey: string;
  kind: Signal['kind'];
  rule: string;
  endpoint?: string;
  workspace?: string;
  team?: string;
  severity: SignalSeverity;
  at: string;
  headline: string;
  description: string;
  features?: readonly DriftFeature[];
}

/** Tells an alarm of our own, in the transaction that found it. */
export async function raise(
  { clock, jobs }: Pick<AlertsDeps, 'clock' | 'jobs'>,
  tx: Tx,
  alarm: OwnAlarm,
): Promise<void> {
  const [worst] = alarm.features ?? [];
  const signal: Signal = {
    source: 'wardroom',
    eventKey: alarm.key,
    kind: alarm.kind,
    condition: 'fired',
    dedupKey: alarm.dedupKey,
    ...(alarm.workspace ? { workspace: alarm.workspace } : {}),
    ...(alarm.endpoint ? { endpoint: alarm.endpoint } : {}),
    ...(alarm.team ? { team: alarm.team } : {}),
    rule: alarm.rule,
    severity: alarm.severity,
    startedAt: Temporal.Instant.from(alarm.at),
    headline: alarm.headline,
    details: {
      dimensions: {},
      description: alarm.description,
      ...(worst
        ? { metric: worst.metric, value: worst.value, threshold: worst.threshold, features: alarm.features ?? [] }
        : {}),
    },
    labels: {},
    rawType: 'wardroom',
    stateless: true,
  };
  const received_at = clock.now().toString();
  const row = {
    source: signal.source,
    key: signal.eventKey,
    type: 'signal' as const,
    body: JSON.stringify(signal),
    received_at,
    state: 'new' as const,
  };
  await insertEvents(tx, [row]);
  await jobs.enqueue(tx, PROCESS, {});
}
