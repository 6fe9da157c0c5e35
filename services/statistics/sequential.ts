import { type Rate, rateOf } from './experiment.ts';
import { checkAlpha, checkCount, type Interval, type Sample } from './intervals.ts';
import { relativeVariance } from './means.ts';

/**
 * Tests that stay true however often somebody looks. A p-value of a fixed test is wrong on the second look; these are valid
 * at all looks together.
 */

/** GrowthBook's default: where (how many observations of both groups) the sequence is narrowest. */
export const TUNING = 5_000;

/** Waudby-Smith et al. 2023 (arXiv 2103.06476), eq. 161. */
export function sequenceRho(alpha: number, tuning = TUNING): number {
  checkAlpha(alpha);
  if (!(tuning > 0)) throw new RangeError(`the tuning parameter is above 0, not ${tuning}`);
  const log = -2 * Math.log(alpha);
  return Math.sqrt((log + Math.log(log + 1)) / tuning);
}

/** Half the width of the asymptotic confidence sequence, eq. 9. `variance` is that of one observation, `n` counts all of them. */
export function sequenceHalfWidth(variance: number, n: number, alpha: number, tuning = TUNING): number {
  checkCount(n, 'a confidence sequence needs observations');
  if (!(variance >= 0)) throw new RangeError(`a variance is not below 0: ${variance}`);
  const rho = sequenceRho(alpha, tuning);
  const grown = n * rho * rho + 1;
  return Math.sqrt(variance) * Math.sqrt((2 * grown * Math.log(Math.sqrt(grown) / alpha)) / (n * rho) ** 2);
}

export interface Sequence {
  estimate: number;
  error: number;
  n: number;
  interval: Interval;
  /** Always valid: never below what a reader who looks at every instant may be told. */
  p: number;
}

/** An estimate with its standard error from `n` observations of both groups, as a point of a confidence sequence; p by eq. 155. */
export function sequenceOf(estimate: number, error: number, n: number, alpha = 0.05, tuning = TUNING): Sequence {
  const half = sequenceHalfWidth(error * error * n, n, alpha, tuning);
  const rho = sequenceRho(alpha, tuning);
  const grown = n * rho * rho + 1;
  const logE =
    error === 0
      ? estimate === 0
        ? 0
        : Number.POSITIVE_INFINITY
      : (rho * rho * n * (estimate / error) ** 2) / (2 * grown) - Math.log(grown) / 2;
  const p = Math.min(1, Math.exp(-logE));
  return { estimate, error, n, interval: { low: estimate - half, high: estimate + half }, p };
}

/** Below this many successes (or failures) a rate's own variance says little about it. */
const FEW = 10;

/** b − a of two rates, looked at more than once. */
export function rateSequence(a: Rate, b: Rate, alpha = 0.05, tuning = TUNING): Sequence {
  const [pa, pb] = [rateOf(a), rateOf(b)];
  const rare = [a, b].some(({ successes, n }) => Math.min(successes, n - successes) < FEW);
  const own = (pa * (1 - pa)) / a.n + (pb * (1 - pb)) / b.n;
  // No error among 2,000 does not mean that there are none: rare events take the variance of both groups together, with
  // half an event added so that it is never nothing.
  const pooled = (a.successes + b.successes + 0.5) / (a.n + b.n + 1);
  const both = pooled * (1 - pooled) * (1 / a.n + 1 / b.n);
  return sequenceOf(pb - pa, Math.sqrt(rare ? Math.max(own, both) : own), a.n + b.n, alpha, tuning);
}

/** (b − a) / a of two means. */
export const upliftSequence = (a: Sample, b: Sample, alpha = 0.05, tuning = TUNING): Sequence =>
  sequenceOf((b.mean - a.mean) / a.mean, Math.sqrt(relativeVariance(a, b)), a.n + b.n, alpha, tuning);

/**
 * The mixture likelihood ratio of mSPRT for the difference of two means with `n` observations each (Johari et al. 2017):
 * `variance` of one observation, `tau2` the variance of the mixing normal. Its logarithm, because it overflows soon.
 */
export function logMixtureRatio(difference: number, n: number, variance: number, tau2: number): number {
  checkCount(n, 'mSPRT needs observations');
  if (!(variance > 0) || !(tau2 > 0)) throw new RangeError('mSPRT needs a variance and a tau² above 0');
  const spread = 2 * variance + n * tau2;
  return Math.log((2 * variance) / spread) / 2 + (n * n * tau2 * difference ** 2) / (4 * variance * spread);
}

/** The always-valid p after each look, from the log ratios in order: the running minimum of 1/Λ, never above 1. */
export function alwaysValid(logRatios: readonly number[]): number[] {
  let least = 1;
  return logRatios.map((log) => {
    least = Math.min(least, Math.exp(-log));
    return least;
  });
}

/** Where two sequences overlap: what all looks so far allow together. Empty (undefined) when they contradict each other. */
export function intersection(intervals: readonly Interval[]): Interval | undefined {
  const low = Math.max(...intervals.map((each) => each.low));
  const high = Math.min(...intervals.map((each) => each.high));
  return low <= high ? { low, high } : undefined;
}
