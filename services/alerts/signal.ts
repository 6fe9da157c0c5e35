import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { Place } from './signal-place.ts';

/**
 * A signal is one alert in our own shape, whichever service sent it. Everything behind the hooks (correlation, incidents,
 * cards) reads signals only, so a new source is a new parser and nothing else.
 */
export const SIGNAL_KINDS = [
  'drift',
  'latency',
  'errors',
  'availability',
  'failed-run',
  'budget',
  'health',
  'deployment',
  'other',
] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** Whose format it came in; each has a hook and a parser. */
export const SIGNAL_SOURCES = [
  'eventgrid',
  'azure-monitor',
  'alertmanager',
  'generic',
  'heartbeat',
  'wardroom',
] as const;
export type SignalSource = (typeof SIGNAL_SOURCES)[number];

/** 0 is the worst, as in Azure Monitor's Sev0 to Sev4. */
export type SignalSeverity = 0 | 1 | 2 | 3 | 4;

/** One feature's drift against its limit; the metric is dimensionless unless `unit` says otherwise. */
export interface DriftFeature {
  feature: string;
  /** "psi", "jensen-shannon", … */
  metric: string;
  value: number;
  threshold: number;
}

export interface SignalDetails {
  metric?: string;
  value?: number;
  threshold?: number;
  /** "ms", "%", "requests/min", a currency code; left out when the source does not say and the metric does not tell. */
  unit?: string;
  /** ISO 8601 duration the value was measured over ("PT5M"). */
  window?: string;
  /** Operator and aggregation in the source's words: "GreaterThan", "Average". */
  operator?: string;
  aggregation?: string;
  dimensions: Readonly<Record<string, string>>;
  /** Exact decimals as strings, for budgets; `value` and `threshold` are then left out. */
  money?: { currency: string; spent: string; threshold: string; budget: string; forecast?: string };
  /** Drift per feature; the event itself has no numbers, they are read from the monitor's run (see withDrift). */
  features?: readonly DriftFeature[];
  /** What the source wrote, plain text, for the timeline. */
  description?: string;
  /** Where a person can look further; https only. */
  link?: string;
}

export interface Signal extends Place {
  source: SignalSource;
  /** The same for every delivery of the same message; different for different messages. */
  eventKey: string;
  kind: SignalKind;
  condition: 'fired' | 'resolved';
  /** Pairs Fired with Resolved, and repeats of one trouble with each other. */
  dedupKey: string;
  /** Who takes care of it when it is about no endpoint: a team of wardroom.yaml. */
  team?: string;
  /** By which policy that team is called. */
  escalation?: string;
  /** Name of the alert rule, monitor, experiment or budget. */
  rule: string;
  severity: SignalSeverity;
  startedAt: Temporal.Instant;
  /** Only when `condition` is resolved. */
  endedAt?: Temporal.Instant;
  /** When it will be over unless its sender says otherwise until then. */
  expiresAt?: Temporal.Instant;
  /** One plain sentence with the number that matters. */
  headline: string;
  details: SignalDetails;
  /** The Azure ML run to look into. */
  runId?: string;
  /** Tags and custom properties, as the sender wrote them. */
  labels: Readonly<Record<string, string>>;
  /** The sender's type: an Event Grid event type, or monitoringService/conditionType. */
  rawType: string;
  /** The platform will never say Resolved for this one (drift, failed runs, budgets, activity log). */
  stateless: boolean;
}

const instant = z.string().transform((text, ctx) => {
  const parsed = instantOf(text);
  if (parsed) return parsed;
  ctx.addIssue({ code: 'custom', message: `"${text}" is not an instant` });
  return z.NEVER;
});
const strings = z.record(z.string(), z.string());

/** Reads a signal back from the JSON that `JSON.stringify` made of it (instants are ISO 8601 strings there). */
export const storedSignal = z.object({
  source: z.enum(SIGNAL_SOURCES),
  eventKey: z.string(),
  kind: z.enum(SIGNAL_KINDS),
  condition: z.enum(['fired', 'resolved']),
  dedupKey: z.string(),
  workspace: z.string().optional(),
  endpoint: z.string().optional(),
  deployment: z.string().optional(),
  team: z.string().optional(),
  escalation: z.string().optional(),
  subscription: z.string().optional(),
  resourceGroup: z.string().optional(),
  rule: z.string(),
  severity: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  startedAt: instant,
  endedAt: instant.optional(),
  expiresAt: instant.optional(),
  headline: z.string(),
  details: z.object({
    metric: z.string().optional(),
    value: z.number().optional(),
    threshold: z.number().optional(),
    unit: z.string().optional(),
    window: z.string().optional(),
    operator: z.string().optional(),
    aggregation: z.string().optional(),
    dimensions: strings,
    money: z
      .object({
        currency: z.string(),
        spent: z.string(),
        threshold: z.string(),
        budget: z.string(),
        forecast: z.string().optional(),
      })
      .optional(),
    features: z
      .array(z.object({ feature: z.string(), metric: z.string(), value: z.number(), threshold: z.number() }))
      .optional(),
    description: z.string().optional(),
    link: z.string().optional(),
  }),
  runId: z.string().optional(),
  labels: strings,
  rawType: z.string(),
  stateless: z.boolean(),
});

/** ISO 8601 with zone to an instant; `undefined` for anything else. */
export function instantOf(text: unknown): Temporal.Instant | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}

/** A number a person reads: at most four significant digits, no exponent for everyday sizes. */
export const readable = (value: number): string =>
  Math.abs(value) >= 10_000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));

/** A drift metric and its limit with the digits that cards show of them: 0.20, 0.31, 0.0042. */
const ofScore = (value: number): string =>
  Math.abs(value) < 100 && Math.abs(value) >= 0.01 ? value.toFixed(2) : readable(value);

/** `ep-fraud`, `ep-fraud/green`, the workspace, or "an unknown resource". */
export const placeOf = (signal: Pick<Signal, 'endpoint' | 'deployment' | 'workspace'>): string =>
  signal.endpoint
    ? signal.deployment
      ? `${signal.endpoint}/${signal.deployment}`
      : signal.endpoint
    : (signal.workspace ?? 'an unknown resource');

/**
 * Adds the numbers that a model-monitor event lacks, once they were read from the monitor's run. The worst feature
 * (largest value against its limit) leads the headline.
 */
export function withDrift(signal: Signal, features: readonly DriftFeature[]): Signal {
  const ranked = [...features].sort((a, b) => driftRatio(b) - driftRatio(a) || (a.feature < b.feature ? -1 : 1));
  const worst = ranked[0];
  if (!worst) return signal;
  const over = ranked.filter((feature) => feature.value > feature.threshold).length;
  const others = over > 1 ? ` (${over} features over their limit)` : '';
  return {
    ...signal,
    headline: `${worst.metric.toUpperCase()} of ${worst.feature} on ${placeOf(signal)} is ${ofScore(worst.value)}, limit ${ofScore(worst.threshold)}${others}`,
    details: {
      ...signal.details,
      metric: worst.metric,
      value: worst.value,
      threshold: worst.threshold,
      features: ranked,
    },
  };
}

/** How many times its limit; a limit of zero or less cannot be a ratio and counts as reached. */
export const driftRatio = (feature: Pick<DriftFeature, 'value' | 'threshold'>): number =>
  feature.threshold > 0 ? feature.value / feature.threshold : 1;

/** Something that happened in the estate without being wrong: material for "what changed before it went wrong". */
export interface UpstreamFact extends Place {
  eventKey: string;
  kind: 'model-registered' | 'model-deployed' | 'run-completed' | 'run-status';
  at: Temporal.Instant;
  /** `name:version` */
  models: readonly string[];
  experiment?: string;
  runId?: string;
  /** Of a run, in the sender's words. */
  status?: string;
  labels: Readonly<Record<string, string>>;
  /** One plain sentence. */
  summary: string;
}

/** A well-formed message of a type we do not know: kept and counted, answered with success. */
export interface UnknownEvent {
  kind: 'unknown';
  eventKey: string;
  type: string;
  subject: string;
  at: Temporal.Instant;
  body: unknown;
}

/** A message, or a part of one, that does not fit its format. */
export interface Malformed {
  /** In the batch (0 for a single body). */
  index: number;
  why: string;
  /** What it was, to be looked at later. */
  body?: unknown;
}

/** What one POST to a hook held. One bad message never loses its neighbours. */
export interface HookReading {
  signals: readonly Signal[];
  facts: readonly UpstreamFact[];
  unknown: readonly UnknownEvent[];
  malformed: readonly Malformed[];
}

/** Reads an upstream fact back from stored JSON. */
export const storedFact = z.object({
  eventKey: z.string(),
  kind: z.enum(['model-registered', 'model-deployed', 'run-completed', 'run-status']),
  at: instant,
  subscription: z.string().optional(),
  resourceGroup: z.string().optional(),
  workspace: z.string().optional(),
  endpoint: z.string().optional(),
  deployment: z.string().optional(),
  models: z.array(z.string()),
  experiment: z.string().optional(),
  runId: z.string().optional(),
  status: z.string().optional(),
  labels: strings,
  summary: z.string(),
});
