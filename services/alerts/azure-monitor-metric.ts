import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { Essentials } from './azure-monitor.ts';
import type { Context, ContextReading, Where } from './azure-monitor-context.ts';
import { strings } from './eventgrid-types.ts';
import { readable, type SignalKind } from './signal.ts';

/** One criterion; `threshold` is text on the wire although `metricValue` is a number, and either may be absent. */
const criterion = z.object({
  metricName: z.string().nullish().catch(null),
  metricMeasureColumn: z.string().nullish().catch(null),
  searchQuery: z.string().nullish().catch(null),
  operator: z.string().nullish().catch(null),
  threshold: z.union([z.string(), z.number()]).nullish().catch(null),
  timeAggregation: z.string().nullish().catch(null),
  dimensions: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .catch(null),
  metricValue: z.union([z.string(), z.number()]).nullish().catch(null),
  webTestName: z.string().nullish().catch(null),
  linkToFilteredSearchResultsUI: z.string().nullish().catch(null),
});
const condition = z.object({
  windowSize: z.string().nullish().catch(null),
  allOf: z.array(criterion).catch([]),
});

/** Static, dynamic and multi-resource metric alerts, availability tests, and log alerts (conditionType LogQueryCriteria). */
export function metricOrLog(head: Essentials, context: Context): ContextReading {
  const parsed = condition.safeParse(context.condition);
  const window = parsed.success ? (parsed.data.windowSize ?? undefined) : undefined;
  const first = parsed.success ? parsed.data.allOf[0] : undefined;
  const log = Boolean(first?.searchQuery);
  const metric = first?.metricName ?? first?.metricMeasureColumn ?? (log ? 'rows found' : (head.alertRule ?? 'metric'));
  const value = numberOf(first?.metricValue);
  const threshold = numberOf(first?.threshold);
  const unit = unitOf(metric);
  const dimensions = Object.fromEntries((first?.dimensions ?? []).map(({ name, value: held }) => [name, held]));
  const aggregation = first?.timeAggregation ?? undefined;
  const link = first?.linkToFilteredSearchResultsUI;
  return {
    kind: first?.webTestName ? 'availability' : kindOf(metric, dimensions, log ? (head.alertRule ?? '') : ''),
    ...(link ? { link } : {}),
    headline: (where) => sentence({ metric, value, threshold, unit, aggregation, window, dimensions }, where),
    details: {
      metric,
      ...optional({ value, threshold, unit, window, aggregation, operator: first?.operator ?? undefined }),
      dimensions,
    },
  };
}

/** Azure Monitor for Prometheus: no condition, but labels, an expression and its value as text. */
export function prometheus(head: Essentials, context: Context): ContextReading {
  const labels = strings(context.labels);
  const annotations = strings(context.annotations);
  const expression = typeof context.expression === 'string' ? context.expression.slice(0, 2000) : '';
  const [, operator, limit] = /(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(expression) ?? [];
  const value = numberOf(typeof context.expressionValue === 'string' ? context.expressionValue : undefined);
  const threshold = numberOf(limit);
  const window = typeof context.for === 'string' ? context.for : undefined;
  const metric = expression
    ? expression.replace(/\s*(>=|<=|==|!=|>|<)\s*-?[\d.]+\s*$/, '')
    : (head.alertRule ?? 'metric');
  const summary = annotations.summary ?? annotations.description;
  return {
    kind: kindOf(metric, labels, `${head.alertRule ?? ''} ${summary ?? ''}`),
    headline: (where) => {
      const said = sentence({ metric, value, threshold, window, dimensions: {} }, where);
      return summary ? `${summary}: ${said}` : said;
    },
    details: { metric, ...optional({ value, threshold, window, operator }), dimensions: labels },
  };
}

/** Application Insights' smart detection writes its numbers as words: "0.45 sec", "0.27 sec (over the last 7 days)". */
export function smartDetector(context: Context): ContextReading {
  const said = strings(context);
  const name = said.SmartDetectorName ?? said.SmartDetectorId ?? 'Smart detector';
  const [, value, unit] = /^\s*(-?[\d.]+)\s*([a-zA-Z%]*)/.exec(said.DetectedValue ?? '') ?? [];
  const [, usual] = /^\s*(-?[\d.]+)/.exec(said.NormalValue ?? '') ?? [];
  const numbers = said.DetectedValue
    ? `: ${said.DetectedValue}${said.NormalValue ? `, usually ${said.NormalValue}` : ''}`
    : '';
  return {
    kind: kindOf(`${name} ${said.DetectionSummary ?? ''}`, {}, ''),
    headline: () => `${said.DetectionSummary ?? name}${numbers}`,
    details: {
      metric: name,
      ...optional({ value: numberOf(value), threshold: numberOf(usual), unit: unit || undefined }),
      dimensions: {},
    },
  };
}

const KINDS: readonly (readonly [RegExp, SignalKind])[] = [
  [/drift|(^|[^a-z])psi([^a-z]|$)|population.?stability/, 'drift'],
  [/failed runs?|run.*failed|pipeline.*failed/, 'failed-run'],
  [/deploy.*failed|failed.*deploy/, 'deployment'],
  [/latency|duration|response.?time|slow|dependency performance/, 'latency'],
  [/error|5xx|http5|exception|fail(ed|ure)|throttl/, 'errors'],
  [/availab|unusable|heartbeat|\bup\b|deploymentcapacity|probe/, 'availability'],
];

/** The metric decides; its dimensions (a 5xx status class) next; the rule's name only where the metric says nothing. */
function kindOf(metric: string, dimensions: Readonly<Record<string, string>>, hint: string): SignalKind {
  const status = Object.entries(dimensions).find(([name]) => /^(model)?status_?code(class)?$/i.test(name));
  if (status && /^[45]/.test(status[1])) return 'errors';
  for (const text of [metric, hint]) {
    const found = KINDS.find(([pattern]) => pattern.test(text.slice(0, 500).toLowerCase()));
    if (found) return found[1];
  }
  return 'other';
}

interface Numbers {
  metric: string;
  value: number | undefined;
  threshold: number | undefined;
  unit?: string | undefined;
  aggregation?: string | undefined;
  window?: string | undefined;
  dimensions: Readonly<Record<string, string>>;
}

/** "p95 latency of ep-fraud/green is 812 ms, limit 300 ms (average over 5 minutes)". */
function sentence(numbers: Numbers, { place, item, resolved }: Where): string {
  const { value, threshold, metric, dimensions } = numbers;
  const unit = numbers.unit ? (numbers.unit === '%' ? ' %' : ` ${numbers.unit}`) : '';
  const target = place.endpoint
    ? `${place.endpoint}${place.deployment ? `/${place.deployment}` : ''}`
    : item || place.workspace || 'an unknown resource';
  const status = Object.entries(dimensions).find(([name]) => /status_?code/i.test(name))?.[1];
  const what = `${nameOf(metric, status)} of ${target}`;
  const limit = threshold === undefined ? '' : `, limit ${readable(threshold)}${unit}`;
  const over = [numbers.aggregation?.toLowerCase(), spoken(numbers.window)].filter(Boolean).join(' over ');
  if (value === undefined) return `${what} ${resolved ? 'is back to normal' : 'is over its limit'}${limit}`;
  return `${what} is ${resolved ? 'back to ' : ''}${readable(value)}${unit}${limit}${over ? ` (${over})` : ''}`;
}

/** "PT5M" → "5 minutes". */
function spoken(window: string | undefined): string {
  if (!window) return '';
  try {
    const minutes = Temporal.Duration.from(window).total('minutes');
    if (minutes < 1) return `${readable(minutes * 60)} seconds`;
    if (minutes % 60 === 0 && minutes >= 60) return minutes === 60 ? '1 hour' : `${minutes / 60} hours`;
    return minutes === 1 ? '1 minute' : `${readable(minutes)} minutes`;
  } catch {
    return window;
  }
}

/** Azure ML's endpoint metrics as people call them; any other metric keeps its own name. */
function nameOf(metric: string, status: string | undefined): string {
  const latency = /^RequestLatency(?:_(P\d\d))?$/i.exec(metric);
  if (latency) return latency[1] ? `${latency[1].toLowerCase()} latency` : 'latency';
  if (/^RequestsPerMinute$/i.test(metric)) return status ? `${status} rate` : 'request rate';
  return `${metric}${status ? ` ${status}` : ''}`;
}

/** Units of Azure ML's endpoint metrics (platform metrics of Microsoft.MachineLearningServices). */
const unitOf = (metric: string): string | undefined => {
  if (/^requestlatency/i.test(metric)) return 'ms';
  if (/percent|percentage$/i.test(metric)) return '%';
  if (/perminute$/i.test(metric)) return 'per minute';
  return undefined;
};

const numberOf = (value: string | number | null | undefined): number | undefined => {
  if (value === null || value === undefined || value === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
};

const optional = <T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
