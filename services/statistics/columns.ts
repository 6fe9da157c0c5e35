import { distinctIn } from './merge.ts';
import { meanOf, runningSum, squaresAround } from './sums.ts';

/** What was in a column besides usable numbers; every row is counted once. */
export interface Census {
  rows: number;
  nulls: number;
  nan: number;
  infinite: number;
  /** Neither a number nor missing. */
  wrongType: number;
}

/** One side of a comparison: n finite numbers. */
export interface Moments extends Census {
  /** Finite numbers. */
  n: number;
  min: number;
  max: number;
  mean: number;
  /** Standard deviation over n (the population's). */
  deviation: number;
  /** Third standardised moment over n; 0 when the deviation is 0. */
  skewness: number;
  /** Distinct finite numbers; -0 is 0. */
  distinct: number;
}

/** A distinct value's (or several values') counts on both sides. */
export interface Joint {
  reference: number;
  current: number;
  /** How many distinct values have just these counts. */
  times: number;
}

export interface Counts {
  reference: number[];
  current: number[];
}

/**
 * How bins meet: `right-open` [a,b) with the last one closed and values outside left out (NumPy, Spark); `cuts` are the
 * inner borders of right-closed bins (a,b] with open ends, one bin more than cuts.
 */
export type Closing = 'right-open' | 'cuts';

/**
 * Two columns of numbers, wherever they are: in memory (small) or in DuckDB (large, no row leaves it). The metrics ask
 * for what they need and do not know which it is.
 */
export interface NumericPair {
  reference: Moments;
  current: Moments;
  /** Distinct finite values on both sides together. */
  distinctUnion(): Promise<number>;
  counts(edges: readonly number[], closing: Closing): Promise<Counts>;
  joint(): Promise<Joint[]>;
  /** Quantiles of the reference by linear interpolation between order statistics (type 7, NumPy's `linear`). */
  quantiles(shares: readonly number[]): Promise<number[]>;
  /** Wasserstein-1 in the feature's unit and the Kolmogorov-Smirnov statistic, both exact. */
  distances(): Promise<{ wasserstein: number; ks: number }>;
}

export interface NumericColumn extends Census {
  /** Ascending finite values. */
  sorted: Float64Array;
}

/** Reads values of unknown origin; nothing throws, everything is counted. */
export function numericColumn(values: Iterable<unknown>): NumericColumn {
  const census: Census = { rows: 0, nulls: 0, nan: 0, infinite: 0, wrongType: 0 };
  const finite: number[] = [];
  for (const value of values) {
    census.rows++;
    if (value === null || value === undefined) census.nulls++;
    else if (typeof value !== 'number') census.wrongType++;
    else if (Number.isNaN(value)) census.nan++;
    else if (!Number.isFinite(value)) census.infinite++;
    else finite.push(value === 0 ? 0 : value);
  }
  return { ...census, sorted: Float64Array.from(finite).sort() };
}

/**
 * Moments of a column; with no finite value all of them are 0 and n is 0. What only some profiles ask for is computed when
 * it is asked for: over a million values each costs as much as the answer itself.
 */
export function momentsOf({ sorted, ...census }: NumericColumn): Moments {
  const n = sorted.length;
  if (n === 0) return { ...census, n, min: 0, max: 0, mean: 0, deviation: 0, skewness: 0, distinct: 0 };
  const [min, max] = [sorted[0] as number, sorted[n - 1] as number];
  const mean = once(() => meanOf(sorted));
  const around = once(() => Math.sqrt(squaresAround(sorted, mean()) / n));
  const skewness = once(() => skewnessOf(sorted, mean(), around()));
  const distinct = once(() => distinctIn(sorted, NONE));
  return {
    ...census,
    n,
    min,
    max,
    get mean() {
      return mean();
    },
    get deviation() {
      return min === max ? 0 : around();
    },
    get skewness() {
      return skewness();
    },
    get distinct() {
      return distinct();
    },
  };
}

const NONE = new Float64Array(0);

function skewnessOf(sorted: Float64Array, mean: number, deviation: number): number {
  const cubes = runningSum();
  if (deviation > 0) for (const value of sorted) cubes.add(((value - mean) / deviation) ** 3);
  return cubes.value() / sorted.length;
}

function once(work: () => number): () => number {
  let kept: number | undefined;
  return () => {
    kept ??= work();
    return kept;
  };
}
