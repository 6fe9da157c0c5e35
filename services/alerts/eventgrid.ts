import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type Fields, machineLearningEvent } from './eventgrid-types.ts';
import {
  type HookReading,
  instantOf,
  type Malformed,
  type Signal,
  type UnknownEvent,
  type UpstreamFact,
} from './signal.ts';

/**
 * Event Grid's border: the Event Grid schema (an array) and CloudEvents 1.0 (one event, or a batch).
 * Keys are read without regard to case: the documented samples and the documented filters disagree on it
 * (learn.microsoft.com/azure/event-grid/event-schema-machine-learning).
 */
const envelope = z.object({
  id: z.string().min(1).max(512),
  topic: z.string().optional(),
  source: z.string().optional(),
  subject: z.string().nullish(),
  eventtype: z.string().min(1).optional(),
  type: z.string().min(1).optional(),
  eventtime: z.string().optional(),
  time: z.string().optional(),
  data: z.unknown(),
});

/** One event, whichever schema it came in. */
export interface GridEvent {
  id: string;
  /** Lower-case ARM id of the workspace. */
  topic: string;
  subject: string;
  type: string;
  at: Temporal.Instant;
  /** Keys in lower case; values of tags and properties keep theirs. */
  data: Fields;
  key: string;
}

/** A batch holds at most 5000 events (learn.microsoft.com/azure/event-grid/delivery-and-retry). */
const MOST_EVENTS = 5000;

/**
 * Reads one delivery. `now` stands in for a missing or unreadable event time: an alert with a broken clock is still an
 * alert.
 */
export function readEventGrid(body: unknown, now: Temporal.Instant): HookReading {
  const signals: Signal[] = [];
  const facts: UpstreamFact[] = [];
  const unknown: UnknownEvent[] = [];
  const malformed: Malformed[] = [];
  const events: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (events.length > MOST_EVENTS) malformed.push({ index: MOST_EVENTS, why: `more than ${MOST_EVENTS} events` });
  for (const [index, raw] of events.slice(0, MOST_EVENTS).entries()) {
    const event = readEvent(raw, now);
    if ('why' in event) {
      malformed.push({ index, why: event.why, body: raw });
      continue;
    }
    const found = machineLearningEvent(event);
    if (found === undefined) {
      const { key, type, subject, at } = event;
      unknown.push({ kind: 'unknown', eventKey: key, type, subject, at, body: raw });
    } else if ('why' in found) malformed.push({ index, why: found.why, body: raw });
    else if ('headline' in found) signals.push(found);
    else facts.push(found);
  }
  return { signals, facts, unknown, malformed };
}

function readEvent(raw: unknown, now: Temporal.Instant): GridEvent | { why: string } {
  if (!isObject(raw)) return { why: 'an event must be an object' };
  const parsed = envelope.safeParse(lowerKeys(raw));
  if (!parsed.success) return { why: whyOf(parsed.error) };
  const { id, topic, source, subject, eventtype, type, eventtime, time, data } = parsed.data;
  const kind = eventtype ?? type;
  if (!kind) return { why: 'eventType (or type, in a CloudEvent) is missing' };
  const origin = (topic ?? source ?? '').toLowerCase();
  return {
    id,
    topic: origin,
    subject: subject ?? '',
    type: kind,
    at: instantOf(eventtime ?? time) ?? now,
    data: isObject(data) ? lowerKeys(data) : {},
    // The type is part of the key: Microsoft's own samples reuse one id for events of several types.
    key: `eventgrid:${origin}|${id}|${kind}`,
  };
}

/** The first thing that is wrong, with its place. */
export const whyOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'not readable';
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const lowerKeys = (value: Readonly<Record<string, unknown>>): Fields =>
  Object.fromEntries(Object.entries(value).map(([key, held]) => [key.toLowerCase(), held]));
