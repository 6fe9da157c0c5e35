import { Temporal } from 'temporal-polyfill';
import type { Signal } from '../../../services/alerts/signal.ts';

export const T0 = Temporal.Instant.from('2026-11-23T15:00:00Z');
/** Seconds from the start. */
export const at = (seconds: number): Temporal.Instant => T0.add({ milliseconds: Math.round(seconds * 1000) });
export const minutes = (count: number): Temporal.Instant => at(count * 60);

/** A latency alert of ep-fraud that fired at T0, with anything changed. */
export const signal = (over: Partial<Signal> = {}): Signal => ({
  source: 'azure-monitor',
  eventKey: 'k',
  kind: 'latency',
  condition: 'fired',
  dedupKey: 'latency',
  workspace: 'mlw-payments-weu',
  endpoint: 'ep-fraud',
  rule: 'fraud latency',
  severity: 2,
  startedAt: T0,
  headline: 'slow',
  details: { dimensions: {} },
  labels: {},
  rawType: 'Platform',
  stateless: false,
  ...over,
});
