import { checkAlpha, checkCount, type Interval } from './intervals.ts';
import { normalQuantile, normalSf } from './normal.ts';

/** Successes among trials: clicks of visits, wrong answers of answers. */
export interface Rate {
  successes: number;
  n: number;
}

export interface RateTest {
  /** b − a. */
  difference: number;
  z: number;
  /** Two-sided. */
  p: number;
  /** Newcombe's interval of the difference: it stays within [−1, 1] and is not empty where both rates are 0. */
  interval: Interval;
}

export function rateOf({ successes, n }: Rate): number {
  checkCount(n, 'a rate needs trials');
  if (!Number.isInteger(successes) || successes < 0 || successes > n)
    throw new RangeError(`a rate needs 0 <= successes <= n, not ${successes} of ${n}`);
  return successes / n;
}

/** Wilson's score interval of one rate (Wilson 1927), without continuity correction. */
export function wilson(rate: Rate, alpha = 0.05): Interval {
  checkAlpha(alpha);
  const p = rateOf(rate);
  const z = normalQuantile(1 - alpha / 2);
  const spread = z * Math.sqrt((p * (1 - p)) / rate.n + (z * z) / (4 * rate.n * rate.n));
  const below = 1 + (z * z) / rate.n;
  const middle = p + (z * z) / (2 * rate.n);
  return { low: Math.max(0, (middle - spread) / below), high: Math.min(1, (middle + spread) / below) };
}

/** The difference b − a by Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10). */
export function newcombe(a: Rate, b: Rate, alpha = 0.05): Interval {
  const [pa, pb] = [rateOf(a), rateOf(b)];
  const [wa, wb] = [wilson(a, alpha), wilson(b, alpha)];
  const d = pb - pa;
  return {
    low: d - Math.hypot(pb - wb.low, wa.high - pa),
    high: d + Math.hypot(wb.high - pb, pa - wa.low),
  };
}

/** Are two independent rates the same? z with the pooled rate, the interval by Newcombe. */
export function compareRates(a: Rate, b: Rate, alpha = 0.05): RateTest {
  const [pa, pb] = [rateOf(a), rateOf(b)];
  const pooled = (a.successes + b.successes) / (a.n + b.n);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  const z = error === 0 ? 0 : (pb - pa) / error;
  return { difference: pb - pa, z, p: Math.min(1, 2 * normalSf(Math.abs(z))), interval: newcombe(a, b, alpha) };
}

export interface NonInferiority {
  difference: number;
  z: number;
  /** One-sided: small means that b is not worse than a by more than the margin. */
  p: number;
  /** The lower bound of b − a at this level (the upper one where more is worse). */
  bound: number;
  holds: boolean;
}

/**
 * Is b no worse than a by `margin` (> 0, in the unit of the rate)? Unpooled z, one-sided. `worse: 'higher'` for rates such as
 * errors, where more is worse.
 */
export function nonInferior(
  a: Rate,
  b: Rate,
  { margin, alpha = 0.05, worse = 'lower' }: { margin: number; alpha?: number; worse?: 'lower' | 'higher' },
): NonInferiority {
  checkAlpha(alpha);
  if (!(margin > 0)) throw new RangeError(`a margin is above 0, not ${margin}`);
  const [pa, pb] = [rateOf(a), rateOf(b)];
  const error = Math.sqrt((pa * (1 - pa)) / a.n + (pb * (1 - pb)) / b.n);
  const difference = pb - pa;
  const room = (worse === 'lower' ? difference : -difference) + margin;
  const z = error === 0 ? Math.sign(room) * Number.POSITIVE_INFINITY || 0 : room / error;
  const p = z === Number.POSITIVE_INFINITY ? 0 : z === Number.NEGATIVE_INFINITY ? 1 : normalSf(z);
  const reach = normalQuantile(1 - alpha) * error;
  return { difference, z, p, bound: worse === 'lower' ? difference - reach : difference + reach, holds: p < alpha };
}
