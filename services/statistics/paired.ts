import { binomialCdf } from './distributions.ts';
import { checkAlpha, type Interval } from './intervals.ts';
import { quantileOfSorted } from './quantile.ts';
import { meanOf } from './sums.ts';

export interface McNemar {
  /** Rows that only a, and that only b got right. */
  onlyA: number;
  onlyB: number;
  /** Two-sided, exact: a fair coin over the rows on which the two differ. 1 when they differ on none. */
  p: number;
}

/** Two models on the same rows with labels: which of them is right more often? McNemar's exact test. */
export function mcNemar(onlyA: number, onlyB: number): McNemar {
  for (const count of [onlyA, onlyB])
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`a count of rows is a whole number, not ${count}`);
  const n = onlyA + onlyB;
  return { onlyA, onlyB, p: n === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(onlyA, onlyB), n, 0.5)) };
}

/** McNemar from correctness per row. */
export function mcNemarOf(rows: readonly { a: boolean; b: boolean }[]): McNemar {
  return mcNemar(rows.filter((row) => row.a && !row.b).length, rows.filter((row) => row.b && !row.a).length);
}

export const BOOTSTRAP_LEAST = 2_000;

export interface Bootstrap {
  /** metric(b) − metric(a) on all rows. */
  estimate: number;
  interval: Interval;
  /** Resamples on which the metric was defined. */
  used: number;
}

/**
 * Any metric of two models on the same rows: rows are drawn again with replacement, both models on the same draw, and the
 * percentiles of the difference are its interval (Efron 1979). The generator is fixed, so that the same rows always give
 * the same answer. `metric` gets row numbers and says undefined where it is not defined (one class only).
 */
export function pairedBootstrap(
  rows: number,
  metric: (draw: Uint32Array) => { a: number; b: number } | undefined,
  {
    resamples = BOOTSTRAP_LEAST,
    alpha = 0.05,
    seed = 20_231_117,
  }: { resamples?: number; alpha?: number; seed?: number } = {},
): Bootstrap {
  checkAlpha(alpha);
  if (!Number.isInteger(rows) || rows < 2) throw new RangeError(`a bootstrap needs two rows, not ${rows}`);
  if (!Number.isInteger(resamples) || resamples < BOOTSTRAP_LEAST)
    throw new RangeError(`a bootstrap needs ${BOOTSTRAP_LEAST} resamples, not ${resamples}`);
  const next = mulberry32(seed);
  const draw = Uint32Array.from({ length: rows }, (_, index) => index);
  const whole = metric(draw);
  if (!whole) throw new RangeError('the metric is not defined on these rows');
  const found: number[] = [];
  for (let round = 0; round < resamples; round += 1) {
    for (let index = 0; index < rows; index += 1) draw[index] = Math.floor(next() * rows);
    const both = metric(draw);
    if (both && Number.isFinite(both.a) && Number.isFinite(both.b)) found.push(both.b - both.a);
  }
  if (found.length < resamples / 2) throw new RangeError('the metric is not defined on most of the resamples');
  found.sort((x, y) => x - y);
  return {
    estimate: whole.b - whole.a,
    interval: { low: quantileOfSorted(found, alpha / 2), high: quantileOfSorted(found, 1 - alpha / 2) },
    used: found.length,
  };
}

/** Mean of a column over the rows of a draw, for metrics such as accuracy. */
export const meanOver = (values: ArrayLike<number>, draw: Uint32Array): number =>
  meanOf(Array.from(draw, (row) => values[row] ?? Number.NaN));

/** 0 <= x < 1, the same sequence for a seed (T. Ettinger's mulberry32; its period of 2^32 is ample here). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
