import type { Joint } from './columns.ts';
import { chi2Sf } from './distributions.ts';
import { sumOf } from './sums.ts';

export interface Chi2Result {
  /** Infinity when something is there that was expected never to be. */
  statistic: number;
  df: number;
  p: number;
}

/**
 * Pearson's goodness of fit: are the current counts drawn from the reference's shares, taken as exact? That is how Azure ML
 * and Evidently ask; it forgets that the reference is a sample, too, and so alarms too often (a third of the time at
 * 1000/1000, statistics.md section 3). `contingency` does not.
 */
export function goodnessOfFit(joint: readonly Joint[]): Chi2Result {
  const { n, m, categories } = totals(joint);
  const statistic = sumOf(
    joint.map(({ reference, current, times }) => {
      const expected = (reference / n) * m;
      if (expected === 0) return current === 0 ? 0 : Number.POSITIVE_INFINITY;
      return (times * (current - expected) ** 2) / expected;
    }),
  );
  return finish(
    joint.some(({ reference, current }) => reference === 0 && current > 0) ? Number.POSITIVE_INFINITY : statistic,
    categories - 1,
  );
}

/** Pearson's test of homogeneity of a table of 2 × k; Yates' correction at k = 2, as SciPy's `chi2_contingency`. */
export function contingency(joint: readonly Joint[]): Chi2Result {
  const { n, m, categories } = totals(joint);
  const yates = categories === 2;
  const cell = (observed: number, expected: number): number => {
    const distance = Math.abs(observed - expected);
    const counted = yates ? distance - Math.min(0.5, distance) : distance;
    return counted === 0 ? 0 : counted ** 2 / expected;
  };
  const statistic = sumOf(
    joint.map(({ reference, current, times }) => {
      const row = (reference + current) / (n + m);
      return times * (cell(reference, row * n) + cell(current, row * m));
    }),
  );
  return finish(statistic, categories - 1);
}

const finish = (statistic: number, df: number): Chi2Result => ({
  statistic,
  df,
  p: df === 0 ? 1 : statistic === Number.POSITIVE_INFINITY ? 0 : chi2Sf(statistic, df),
});

function totals(joint: readonly Joint[]) {
  const seen = joint.filter(({ reference, current }) => reference + current > 0);
  const n = sumOf(seen.map(({ reference, times }) => reference * times));
  const m = sumOf(seen.map(({ current, times }) => current * times));
  if (!(n > 0) || !(m > 0)) throw new RangeError('the chi-square test needs values on both sides');
  return { n, m, categories: sumOf(seen.map(({ times }) => times)) };
}
