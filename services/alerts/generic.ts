import { Temporal } from 'temporal-polyfill';
import { shortHash } from '../core/canonical.ts';
import type { Hook } from '../core/organisation.ts';
import { plain } from './azure-monitor-health.ts';
import { isObject } from './eventgrid.ts';
import { pointTo } from './pointer.rules.ts';
import { type HookReading, instantOf, type Malformed, type Signal, type SignalSeverity } from './signal.ts';
import { kindOfWords, severityOfWord } from './words.rules.ts';

const HEADLINE_MAX = 300;
const KEY_MAX = 200;
const DEFAULT_SEVERITY = 3;
/** Words by which a state says that it is over, for a hook that does not name its own (`resolvedWhen`). */
const OVER = ['resolved', 'ok', 'closed', 'recovered', 'normal'];
/** Azure's own limit for a name. */
const ENDPOINT = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/;

/**
 * Reads a delivery of any sender by the rules of its hook in wardroom.yaml: one event, or an array of them. `now` stands
 * in for a missing or unreadable time.
 */
export function readGeneric(body: unknown, now: Temporal.Instant, hook: Hook): HookReading {
  const signals: Signal[] = [];
  const malformed: Malformed[] = [];
  for (const [index, event] of (Array.isArray(body) ? body : [body]).entries()) {
    const found = read(event, now, hook);
    if (typeof found === 'string') malformed.push({ index, why: found, body: event });
    else signals.push(found);
  }
  return { signals, facts: [], unknown: [], malformed };
}

/** The signal, or why the event does not fit. */
function read(event: unknown, now: Temporal.Instant, hook: Hook): Signal | string {
  if (!isObject(event)) return 'an event must be an object';
  for (const [pointer, allowed] of Object.entries(hook.match)) {
    const found = wordOf(pointTo(event, pointer));
    if (!allowed.includes(found ?? '')) {
      return `match: ${pointer} is ${shown(found)}, and this hook takes ${allowed.join(', ')}`;
    }
  }
  const { fields } = hook;
  const field = (name: keyof Hook['fields']) => {
    const pointer = fields[name];
    return pointer === undefined ? undefined : wordOf(pointTo(event, pointer));
  };
  const headline = plain(field('headline') ?? '').slice(0, HEADLINE_MAX);
  if (!headline) return `fields.headline: ${fields.headline} points to no text`;
  const key = fields.key === undefined ? headline : field('key');
  if (key === undefined) return `fields.key: ${fields.key} points to no text`;

  const status = field('status')?.trim().toLowerCase();
  const over = status !== undefined && (hook.resolvedWhen ?? OVER).some((word) => word.toLowerCase() === status);
  const at = timeOf(fields.startedAt === undefined ? undefined : pointTo(event, fields.startedAt));
  const named = field('endpoint')?.trim();
  const endpoint = named && ENDPOINT.test(named) ? named : hook.endpoint;
  // Without a time of its own a message cannot be told from its redelivery; that it fires again must not be lost.
  const told = at ? '' : `|${now}`;
  return {
    source: 'generic',
    eventKey: `generic:${hook.id}|${shortHash(event)}${told}`,
    kind: hook.kind ?? kindOfWords(`${hook.id} ${headline}`),
    condition: over ? 'resolved' : 'fired',
    dedupKey: `generic:${hook.id}|${key.length > KEY_MAX ? shortHash(key) : key}${endpoint ? `@${endpoint.toLowerCase()}` : ''}`,
    ...(endpoint ? { endpoint } : {}),
    rule: hook.id,
    severity: severityOf(field('severity'), hook),
    startedAt: at ?? now,
    ...(over ? { endedAt: now } : {}),
    headline,
    details: { dimensions: {} },
    labels: { hook: hook.id },
    rawType: `generic/${hook.id}`,
    // A sender that never says how things stand never says that they are well again.
    stateless: fields.status === undefined,
  };
}

function severityOf(word: string | undefined, hook: Hook): SignalSeverity {
  const known = Object.entries(hook.severities).find(([name]) => name.toLowerCase() === word?.trim().toLowerCase());
  return (known?.[1] as SignalSeverity | undefined) ?? severityOfWord(word) ?? DEFAULT_SEVERITY;
}

/** Texts, numbers and yes or no are words; anything else is none. */
const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** ISO 8601, or seconds or milliseconds since the epoch: what is above 100 billion cannot be seconds. */
function timeOf(value: unknown): Temporal.Instant | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return instantOf(value);
  const ms = Math.round(value > 1e11 ? value : value * 1000);
  return ms < 8.64e15 ? Temporal.Instant.fromEpochMilliseconds(ms) : undefined;
}

const shown = (word: string | undefined): string => (word === undefined ? 'not there' : `"${word.slice(0, 60)}"`);
