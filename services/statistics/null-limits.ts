import { binomialSf, chi2Quantile, chi2Sf } from './distributions.ts';
import { normalQuantile, normalSf } from './normal.ts';

/**
 * The population stability index of data that has not moved is (1/n + 1/m)·χ²(bins − 1) (B. Yurdakul, "Statistical
 * properties of population stability index", 2018). The share `level` of unmoved data stays below this.
 */
export const psiNullQuantile = (n: number, m: number, bins: number, level = 0.95): number =>
  bins > 1 ? (1 / n + 1 / m) * chi2Quantile(level, bins - 1) : 0;

/** The share of unmoved data with an index at least as large. */
export const psiP = (psi: number, n: number, m: number, bins: number): number =>
  bins > 1 ? chi2Sf(psi / (1 / n + 1 / m), bins - 1) : 1;

/** What is exceeded by chance, and how likely as much is. Rates are within 0 and 1. */
export interface RateNull {
  null95: number;
  p: number;
}

/** A rate that rose from x/n to y/m: one-sided, pooled. Without any event on either side nothing can have risen. */
export function riseNull(x: number, n: number, y: number, m: number): RateNull {
  const pooled = (x + y) / (n + m);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  if (error === 0) return { null95: x / n, p: 1 };
  return { null95: x / n + normalQuantile(0.95) * error, p: normalSf((y / m - x / n) / error) };
}

/**
 * Values that n values of the reference never showed: what lies outside their range has a probability of Beta(2, n−1),
 * below 4.744/n (χ²(4) at 95 %, halved) nineteen times of twenty.
 */
export const outsideNull = (n: number, outside: number, m: number): RateNull => rareNull(4.744 / n, outside, m);

/** Categories that the reference never showed: Good's estimate, singletons/n, with room for its own error. */
export const unseenNull = (n: number, singletons: number, unseen: number, m: number): RateNull =>
  rareNull((singletons + 2 * Math.sqrt(singletons) + 3) / n, unseen, m);

function rareNull(rate: number, events: number, m: number): RateNull {
  const a = Math.min(1, rate);
  const null95 = Math.min(1, a + normalQuantile(0.95) * Math.sqrt((a * (1 - a)) / m));
  return { null95, p: events > 0 ? binomialSf(events - 1, m, a) : 1 };
}
