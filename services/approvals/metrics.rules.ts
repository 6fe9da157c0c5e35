import { type Interval, newcombe, wilson } from '../statistics/index.ts';

/** What a run measured on its test set: the numbers, and how many rows they rest on. */
export interface Measured {
  metrics: Readonly<Record<string, number>>;
  /** Rows of the test set, and those of the positive class. */
  rows: number | undefined;
  positives: number | undefined;
}

export interface MetricLine {
  name: string;
  value: number;
  /** 95 %; undefined where the metric is no rate, or nobody said how many rows it rests on. */
  interval?: Interval;
  serving?: number;
  /** Value minus serving, 95 %. */
  difference?: { value: number; interval?: Interval };
  /** By how much it may be worse. */
  margin?: number;
  state: 'good' | 'worse' | 'unsure';
  why?: string;
}

const Z95 = 1.959963984540054;
/** Of any other metric more is better. */
export const lessIsBetter = (metric: string): boolean =>
  /loss|error|mae|mse|rmse|mape|brier|latency|deviance|fpr|fnr/i.test(metric);
/** It says how much was looked at, not how good it is. */
export const isCount = (metric: string): boolean =>
  /(^|_)(rows?|samples?|positives|negatives|support|count|size|epochs?|steps?|iterations?|seed|n)$/i.test(metric);
const isRate = (name: string): boolean => /^(accuracy|recall|tpr|sensitivity|specificity|tnr|fpr)$/i.test(name);

/**
 * Metrics of a version against those of the version that serves, on test sets that are taken as independent (the wider
 * answer). A metric with a margin must be shown not to be worse by more than it: the whole interval of the difference
 * has to be above −margin. Intervals: Wilson for rates, Newcombe for their difference, Hanley and McNeil (1982) for AUC.
 */
export function metricLines(
  candidate: Measured,
  serving: Measured | undefined,
  margins: Readonly<Record<string, number>>,
): MetricLine[] {
  const names = Object.keys(candidate.metrics).filter((name) => !isCount(name));
  return names.sort().map((name) => lineOf(name, candidate, serving, margins[name]));
}

function lineOf(
  name: string,
  candidate: Measured,
  serving: Measured | undefined,
  margin: number | undefined,
): MetricLine {
  const value = candidate.metrics[name] as number;
  const interval = intervalOf(name, value, candidate);
  const before = serving?.metrics[name];
  const line = {
    name,
    value,
    ...(interval ? { interval } : {}),
    ...(margin === undefined ? {} : { margin }),
  };
  if (before === undefined || !serving)
    return {
      ...line,
      state: margin === undefined || !serving ? 'good' : 'unsure',
      ...(margin !== undefined && serving ? { why: 'the serving version has no such metric' } : {}),
    };
  const between = differenceOf(name, [value, candidate], [before, serving]);
  const compared = {
    ...line,
    serving: before,
    difference: { value: value - before, ...(between ? { interval: between } : {}) },
  };
  if (margin === undefined) return { ...compared, state: 'good' };
  if (!between) return { ...compared, state: 'unsure', why: 'the run does not say how many rows it was tested on' };
  const worst = lessIsBetter(name) ? -between.high : between.low;
  if (worst >= -margin) return { ...compared, state: 'good' };
  const best = lessIsBetter(name) ? -between.low : between.high;
  const state = best < -margin ? 'worse' : 'unsure';
  const why = state === 'worse' ? `worse by more than ${margin}` : `not shown to be at most ${margin} worse`;
  return { ...compared, state, why };
}

function intervalOf(name: string, value: number, { rows, positives }: Measured): Interval | undefined {
  const n = ofRows(name, rows, positives);
  if (isRate(name) && n && value >= 0 && value <= 1) return wilson({ successes: Math.round(value * n), n });
  const error = aucError(name, value, rows, positives);
  return error === undefined ? undefined : clamped(value, error);
}

function differenceOf(
  name: string,
  [value, now]: readonly [number, Measured],
  [before, then]: readonly [number, Measured],
): Interval | undefined {
  const [n, m] = [ofRows(name, now.rows, now.positives), ofRows(name, then.rows, then.positives)];
  if (isRate(name) && n && m)
    return newcombe({ successes: Math.round(before * m), n: m }, { successes: Math.round(value * n), n });
  const [a, b] = [aucError(name, value, now.rows, now.positives), aucError(name, before, then.rows, then.positives)];
  if (a === undefined || b === undefined) return undefined;
  const half = Z95 * Math.hypot(a, b);
  return { low: value - before - half, high: value - before + half };
}

/** Recall looks at the positives only, specificity at the others. */
function ofRows(name: string, rows: number | undefined, positives: number | undefined): number | undefined {
  if (/^(recall|tpr|sensitivity)$/i.test(name)) return positives;
  if (/^(specificity|tnr|fpr)$/i.test(name))
    return rows === undefined || positives === undefined ? undefined : rows - positives;
  return rows;
}

/** Standard error of an AUC (Hanley and McNeil, Radiology 143, 1982, formula 2). */
export function aucError(
  name: string,
  auc: number,
  rows: number | undefined,
  positives: number | undefined,
): number | undefined {
  if (!/^(roc_?)?auc(_roc)?$/i.test(name) || rows === undefined || positives === undefined) return undefined;
  const negatives = rows - positives;
  if (positives < 1 || negatives < 1 || auc < 0 || auc > 1) return undefined;
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const spread = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.sqrt(Math.max(0, spread) / (positives * negatives));
}

const clamped = (value: number, error: number): Interval => ({
  low: Math.max(0, value - Z95 * error),
  high: Math.min(1, value + Z95 * error),
});
