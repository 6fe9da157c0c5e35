import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { nearest } from '../core/similar.ts';
import type { Measured } from './pilot.rules.ts';

/** Where a criterion of a pilot is measured; kept with it, so that it can be read again. */
export type MetricSource =
  /** A run of Azure ML, or the last finished one of an experiment, as MLflow keeps it. */
  | { kind: 'run'; workspace?: string; run?: string; experiment?: string; metric: string; sample?: string }
  /** An endpoint, as Azure Monitor sees it over the time of the pilot. */
  | { kind: 'monitor'; endpoint: string; deployment?: string; metric: string };

export interface RunSeen {
  id: string;
  workspace: string;
  status: 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';
  /** What was logged last under each name. */
  metrics: Readonly<Record<string, { value: number; at: string }>>;
  params: Readonly<Record<string, string>>;
}

export interface EndpointSeen {
  /** Buckets of this many minutes, oldest first. */
  minutes: number;
  points: readonly { at: string; value: number }[];
  /** Requests of each minute on average in a bucket, by its time; `failed` are those answered 5xx. */
  requests: readonly { at: string; perMinute: number; failed: number }[];
  from: string;
  to: string;
}

export interface Reading {
  measured: Measured;
  /** In words, for the card and the record. */
  source: string;
}

/**
 * What can be asked of an online endpoint (Azure Monitor, `Microsoft.MachineLearningServices/workspaces/onlineEndpoints`
 * and `…/deployments`); `error-percent` is reckoned from the requests by status class.
 * https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-machinelearningservices-workspaces-onlineendpoints-metrics
 */
export const MONITOR_METRICS = [
  'RequestLatency',
  'RequestLatency_P50',
  'RequestLatency_P90',
  'RequestLatency_P95',
  'RequestLatency_P99',
  'RequestsPerMinute',
  'error-percent',
] as const;
/** Of one deployment only. */
export const DEPLOYMENT_METRICS = ['CpuUtilizationPercentage', 'CpuMemoryUtilizationPercentage'] as const;

/** The metric as Azure writes it. Throws Refused, with the nearest one, for one that cannot be asked. */
export function monitorMetric(words: string, deployment: string | undefined): string {
  const known: readonly string[] = [...MONITOR_METRICS, ...(deployment ? DEPLOYMENT_METRICS : [])];
  const found = known.find((each) => each.toLowerCase() === words.trim().toLowerCase());
  if (found) return found;
  const near = nearest(words, known);
  throw new Refused(
    `Azure Monitor has no metric “${words.slice(0, 60)}” ${deployment ? 'of a deployment' : 'of an endpoint'}.`,
    near ? `Did you mean ${near}?` : `There are ${known.join(', ')}.`,
    'unknown-metric',
  );
}

/** Under these names people log on how many cases a metric stands. */
const SAMPLE_NAMES = [
  'test_rows',
  'n_test',
  'eval_rows',
  'n_eval',
  'validation_rows',
  'num_examples',
  'n_samples',
  'sample_size',
  'support',
];

/** A metric of a run with its sample. Throws Refused when the run cannot prove anything, or not under that name. */
export function readRun(source: Extract<MetricSource, { kind: 'run' }>, seen: RunSeen): Reading {
  const { metric } = source;
  if (seen.status !== 'FINISHED') {
    const stands = {
      RUNNING: 'is still running',
      SCHEDULED: 'has not begun',
      FAILED: 'failed',
      KILLED: 'was cancelled',
    };
    throw new Refused(`The run ${seen.id} ${stands[seen.status]}: its metrics prove nothing.`, 'Name a finished run.');
  }
  const logged = Object.keys(seen.metrics);
  const name =
    logged.find((each) => each === metric) ?? logged.find((each) => each.toLowerCase() === metric.toLowerCase());
  const found = name === undefined ? undefined : seen.metrics[name];
  if (!found) {
    const near = nearest(metric, logged);
    throw new Refused(
      `The run ${seen.id} logged no metric “${metric.slice(0, 60)}”.`,
      near
        ? `Did you mean ${near}?`
        : logged.length > 0
          ? `It logged ${logged.slice(0, 12).join(', ')}.`
          : 'It logged none.',
      'unknown-metric',
    );
  }
  const sample = sampleOf(source.sample, seen);
  if (sample === undefined)
    throw new Refused(
      source.sample
        ? `The run ${seen.id} does not say under “${source.sample.slice(0, 60)}” on how many cases that stands.`
        : `The run ${seen.id} does not say on how many cases that stands.`,
      'Name the metric or parameter that counts them: … counted by test_rows. Or type the result in.',
      'no-sample',
    );
  return {
    measured: { value: found.value, sample, takenAt: found.at },
    source: `Azure ML run ${seen.id} of ${seen.workspace}, metric ${name}`,
  };
}

function sampleOf(wanted: string | undefined, { metrics, params }: RunSeen): number | undefined {
  const whole = (value: number | undefined) =>
    value !== undefined && Number.isInteger(value) && value >= 1 ? value : undefined;
  const read = (name: string) =>
    whole(metrics[name]?.value ?? (params[name] === undefined ? undefined : Number(params[name])));
  if (wanted !== undefined) return read(wanted);
  for (const name of SAMPLE_NAMES) {
    const found = read(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What Azure Monitor saw over the pilot: each bucket counts by its requests. Throws Refused when nothing was asked of it. */
export function readMonitor(source: Extract<MetricSource, { kind: 'monitor' }>, seen: EndpointSeen): Reading {
  const { endpoint, deployment, metric } = source;
  const name = deployment ? `${endpoint}/${deployment}` : endpoint;
  const total = seen.requests.reduce((sum, { perMinute }) => sum + perMinute * seen.minutes, 0);
  const requests = Math.round(total);
  if (requests < 1)
    throw new Refused(
      `Azure Monitor saw no request to ${name} since ${day(seen.from)}.`,
      'Read it again when the pilot has been used, or name another deployment.',
      'no-requests',
    );
  const weights = new Map(seen.requests.map(({ at, perMinute }) => [at, perMinute]));
  const value = readingOf(metric, seen, weights);
  if (value === undefined)
    throw new Refused(`Azure Monitor has no ${metric} of ${name} in that time.`, 'Name another metric.', 'no-metric');
  const how =
    metric === 'error-percent'
      ? '5xx answers by all'
      : metric === 'RequestsPerMinute'
        ? 'mean'
        : `mean of ${seen.minutes >= 1440 ? 'daily' : seen.minutes >= 60 ? 'hourly' : `${seen.minutes}-minute`} values, weighted by requests`;
  return {
    measured: { value, sample: requests, takenAt: seen.to },
    source: `Azure Monitor, ${metric} of ${name}, ${how}, ${day(seen.from)} to ${day(seen.to)}`,
  };
}

function readingOf(metric: string, seen: EndpointSeen, weights: ReadonlyMap<string, number>): number | undefined {
  const sum = (pick: (each: EndpointSeen['requests'][number]) => number) =>
    seen.requests.reduce((total, each) => total + pick(each), 0);
  if (metric === 'error-percent')
    return rounded((100 * sum(({ failed }) => failed)) / sum(({ perMinute }) => perMinute));
  if (metric === 'RequestsPerMinute') return rounded(sum(({ perMinute }) => perMinute) / seen.requests.length);
  const weighed = seen.points.map(({ at, value }) => ({ value, weight: weights.get(at) ?? 0 }));
  const weight = weighed.reduce((total, each) => total + each.weight, 0);
  if (weight <= 0) return undefined;
  return rounded(weighed.reduce((total, each) => total + each.value * each.weight, 0) / weight);
}

/** More digits than Azure Monitor measures say nothing. */
const rounded = (value: number): number => Number(value.toPrecision(6));
const day = (at: string): string =>
  Temporal.Instant.from(at)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
