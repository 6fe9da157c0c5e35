import { sampleQuantile } from '../statistics/index.ts';

/** Robust measures of what is out of the ordinary. Plain numbers: statistics of amounts, never sums of money. */

/** Type 7. `p` outside of 0 to 1 is the nearer end; NaN for no values. */
export const quantile = (values: readonly number[], p: number): number =>
  sampleQuantile(values, Math.min(1, Math.max(0, p))) ?? Number.NaN;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Median absolute deviation from the median, unscaled. */
export function medianDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** Makes the median absolute deviation of a normal sample estimate its standard deviation. */
export const MAD_TO_SIGMA = 1.4826;

/** Amounts are binary fractions here: what differs by less than this part of them is the same amount. */
const SAME = 1e-9;

/** Whether a size is truly more than a limit: 49.30 is 10.00 and no more above 39.30. */
export const beyond = (size: number, limit: number): boolean =>
  size - limit > SAME * Math.max(1, Number.isFinite(limit) ? Math.abs(limit) : 1);

export interface Fence {
  q1: number;
  q3: number;
  lower: number;
  upper: number;
  /** Indices beyond the fence. */
  flagged: number[];
}

/** Tukey's fences: `k` times the interquartile range beyond the quartiles. */
export function tukeyFence(values: readonly number[], k = 1.5): Fence {
  const q1 = quantile(values, 0.25);
  const q3 = quantile(values, 0.75);
  const lower = q1 - k * (q3 - q1);
  const upper = q3 + k * (q3 - q1);
  return { q1, q3, lower, upper, flagged: indices(values, (value) => beyond(lower, value) || beyond(value, upper)) };
}

export interface ModifiedZ {
  median: number;
  mad: number;
  z: number[];
  flagged: number[];
}

/**
 * Modified z-scores (Iglewicz and Hoaglin 1993): 0.6745 (x - median) / MAD. Where more than half of the values are equal
 * the MAD is 0, and the mean absolute deviation stands in for it in the scores. A value is flagged when its score is beyond
 * the threshold AND it is more than `absoluteFloor` away from the median: no score turns a small move into a finding. With a
 * MAD of 0 the floor decides alone, where there is one: the mean deviation grows with the outliers and would hide them.
 */
export function modifiedZ(values: readonly number[], { threshold = 3.5, absoluteFloor = 0 } = {}): ModifiedZ {
  const middle = median(values);
  const mad = medianDeviation(values);
  const mean = values.reduce((sum, value) => sum + Math.abs(value - middle), 0) / Math.max(1, values.length);
  const scale = mad > 0 ? mad / 0.6745 : 1.253314 * mean;
  const z = values.map((value) => (scale > 0 ? (value - middle) / scale : 0));
  return {
    median: middle,
    mad,
    z,
    flagged: indices(
      values,
      (value, index) =>
        beyond(Math.abs(value - middle), absoluteFloor) &&
        ((mad === 0 && absoluteFloor > 0) || beyond(Math.abs(z[index] ?? 0), threshold)),
    ),
  };
}

/** Below this part of the largest residual what is left of a steady series is the dust of arithmetic. */
const DUST = 1e-6;

/** Residuals more than `times` robust standard deviations from their median, as far as they are more than dust. */
export function robustResiduals(residuals: readonly number[], times = 5): number[] {
  const middle = median(residuals);
  const largest = residuals.reduce((most, value) => Math.max(most, Math.abs(value - middle)), 0);
  const limit = Math.max(times * MAD_TO_SIGMA * medianDeviation(residuals), DUST * largest);
  return indices(residuals, (value) => beyond(Math.abs(value - middle), limit));
}

const indices = (values: readonly number[], wanted: (value: number, index: number) => boolean): number[] =>
  values.flatMap((value, index) => (wanted(value, index) ? [index] : []));

export interface WeekdayScore {
  /** Of the same weekday in the history; NaN when there is none. */
  median: number;
  score: number;
  anomaly: boolean;
  direction: 'up' | 'down';
}

export interface Sensitivity {
  /** Robust standard deviations. */
  threshold?: number;
  /** In the currency of the values: a move that nobody would act on is no anomaly. */
  absoluteFloor?: number;
  /** The spread is at least this part of the median, so that a steady series is not judged by its noise. */
  relativeFloor?: number;
}

/**
 * A day against the same weekday of the history: `(value - median) / max(1.4826 MAD, relative floor of the median)`.
 * `history` is daily and in order; `weekday` and `firstWeekday` count 0 = Monday to 6 = Sunday.
 */
export function weekdayScore(
  history: readonly number[],
  value: number,
  weekday: number,
  { firstWeekday = 0, ...sensitivity }: Sensitivity & { firstWeekday?: number } = {},
): WeekdayScore {
  return scoreAgainst(
    history.filter((_, index) => (index + firstWeekday) % 7 === weekday),
    value,
    sensitivity,
  );
}

/** A value against comparable ones, by their median and spread. */
export function scoreAgainst(
  same: readonly number[],
  value: number,
  { threshold = 3.5, absoluteFloor = 10, relativeFloor = 0.05 }: Sensitivity = {},
): WeekdayScore {
  const middle = median(same);
  const scale = Math.max(MAD_TO_SIGMA * medianDeviation(same), relativeFloor * Math.abs(middle));
  const away = value - middle;
  const score = scale > 0 ? away / scale : away === 0 ? 0 : Math.sign(away) * Number.POSITIVE_INFINITY;
  return {
    median: middle,
    score,
    anomaly: beyond(Math.abs(score), threshold) && beyond(Math.abs(away), absoluteFloor),
    direction: away >= 0 ? 'up' : 'down',
  };
}

export interface RelativeMove {
  anomaly: boolean;
  direction: 'up' | 'down';
  kind: 'changed' | 'new_cost' | 'removed_cost';
  /** A cost that vanished is first taken for missing data. */
  severity: 'warning' | 'info';
  /** Against the mean; undefined when the mean is zero. */
  changePercent: number | undefined;
}

/**
 * A day against the mean of the days before: an anomaly when it moved by MORE than the threshold and either of the two is
 * at least `minCost`. A cost from nothing is new, a cost that is gone is removed; neither divides by zero.
 */
export function relativeMove(
  mean: number,
  day: number,
  { thresholdPercent = 50, minCost = 10 }: { thresholdPercent?: number; minCost?: number } = {},
): RelativeMove {
  const large = Math.max(Math.abs(mean), Math.abs(day)) >= minCost;
  const direction = day >= mean ? 'up' : 'down';
  if (mean === 0)
    return { anomaly: large && day !== 0, direction, kind: 'new_cost', severity: 'warning', changePercent: undefined };
  const changePercent = ((day - mean) * 100) / Math.abs(mean);
  const removed = day === 0;
  return {
    anomaly: large && beyond(Math.abs(changePercent), thresholdPercent),
    direction,
    kind: removed ? 'removed_cost' : 'changed',
    severity: removed ? 'info' : 'warning',
    changePercent,
  };
}
