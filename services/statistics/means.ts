import { tQuantile, tSf } from './distributions.ts';
import { checkAlpha, checkSample, type Interval, type Sample } from './intervals.ts';

export interface MeanTest {
  /** b − a, or its share of a. */
  estimate: number;
  /** Standard error of the estimate. */
  error: number;
  df: number;
  t: number;
  /** Two-sided. */
  p: number;
  interval: Interval;
}

/** Welch's t: are two independent means the same, whatever their variances? */
export function compareMeans(a: Sample, b: Sample, alpha = 0.05): MeanTest {
  checkSample(a);
  checkSample(b);
  return tested(b.mean - a.mean, Math.sqrt(a.variance / a.n + b.variance / b.n), welchDf(a, b), alpha);
}

/**
 * (b − a) / a with its variance by the delta method; degrees of freedom after Welch and Satterthwaite, as GrowthBook does.
 * `RangeError` where the mean of a is 0: there is nothing to be relative to.
 */
export function relativeUplift(a: Sample, b: Sample, alpha = 0.05): MeanTest {
  checkSample(a);
  checkSample(b);
  return tested((b.mean - a.mean) / baseOf(a), Math.sqrt(relativeVariance(a, b)), welchDf(a, b), alpha);
}

/** Variance of the relative uplift's estimate. */
export function relativeVariance(a: Sample, b: Sample): number {
  const base = baseOf(a);
  return b.variance / (b.n * base ** 2) + (a.variance * b.mean ** 2) / (a.n * base ** 4);
}

function baseOf({ mean }: Sample): number {
  if (mean === 0) throw new RangeError('a relative uplift needs a mean other than 0 to be relative to');
  return mean;
}

function welchDf(a: Sample, b: Sample): number {
  const [va, vb] = [a.variance / a.n, b.variance / b.n];
  const below = va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1);
  return below === 0 ? a.n + b.n - 2 : (va + vb) ** 2 / below;
}

function tested(estimate: number, error: number, df: number, alpha: number): MeanTest {
  checkAlpha(alpha);
  const t = error === 0 ? (estimate === 0 ? 0 : Math.sign(estimate) * Number.POSITIVE_INFINITY) : estimate / error;
  const p = Number.isFinite(t) ? Math.min(1, 2 * tSf(Math.abs(t), df)) : 0;
  const reach = error === 0 ? 0 : tQuantile(1 - alpha / 2, df) * error;
  return { estimate, error, df, t, p, interval: { low: estimate - reach, high: estimate + reach } };
}
