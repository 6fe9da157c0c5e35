import type { Temporal } from 'temporal-polyfill';
import type { Heartbeat } from '../core/organisation.ts';
import type { Signal, SignalSeverity } from './signal.ts';

/** What is known about a heartbeat that was heard at least once. */
export interface Heard {
  firstAt: Temporal.Instant;
  lastAt: Temporal.Instant;
  beats: number;
  /** The alert of its silence fired then, and it was not heard since. */
  missingSince?: Temporal.Instant | undefined;
}

/**
 * `waiting`: never heard, so nothing is missed yet (a job that was never set up must not wake anybody). `late`: overdue,
 * within its grace.
 */
export type HeartbeatState = 'waiting' | 'alive' | 'late' | 'missing';

/** When it should be heard again at the latest; silence after this alerts. */
export const silentAt = (expected: Heartbeat, heard: Pick<Heard, 'lastAt'>): Temporal.Instant =>
  heard.lastAt.add({ minutes: expected.every + expected.grace });

export function stateOf(now: Temporal.Instant, expected: Heartbeat, heard: Heard | undefined): HeartbeatState {
  if (!heard) return 'waiting';
  if (heard.missingSince) return 'missing';
  const overdue = now.epochMilliseconds - heard.lastAt.add({ minutes: expected.every }).epochMilliseconds;
  return overdue > 0 ? 'late' : 'alive';
}

/** The alert of a silence, or its end. `since` is when the silence was noticed; it pairs the two. */
export function signalOf(
  expected: Heartbeat,
  lastAt: Temporal.Instant,
  since: Temporal.Instant,
  backAt?: Temporal.Instant,
): Signal {
  const silence = Math.max(1, Math.round((since.epochMilliseconds - lastAt.epochMilliseconds) / 60_000));
  const place = expected.endpoint ? `@${expected.endpoint.toLowerCase()}` : '';
  return {
    source: 'heartbeat',
    eventKey: `heartbeat:${expected.id}|${since}|${backAt ? 'back' : 'missing'}`,
    kind: 'availability',
    condition: backAt ? 'resolved' : 'fired',
    dedupKey: `heartbeat:${expected.id}${place}`,
    ...(expected.endpoint ? { endpoint: expected.endpoint } : {}),
    ...(expected.team ? { team: expected.team } : {}),
    ...(expected.escalation ? { escalation: expected.escalation } : {}),
    rule: expected.id,
    severity: expected.severity as SignalSeverity,
    startedAt: since,
    ...(backAt ? { endedAt: backAt } : {}),
    headline: backAt
      ? `${expected.id} is heard again`
      : `${expected.id} was not heard for ${inWords(silence)}; it is expected every ${inWords(expected.every)}`,
    details: { dimensions: {}, window: `PT${expected.every}M` },
    labels: { heartbeat: expected.id },
    rawType: 'heartbeat',
    stateless: false,
  };
}

/** "45 min", "2 h", "1 h 30 min", "7 days". */
export function inWords(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? '24 h' : `${minutes / 1440} days`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
}
