import { tQuantile } from './distributions.ts';
import { checkAlpha } from './intervals.ts';
import { noncentralTSf } from './noncentral.ts';
import { normalQuantile, normalSf } from './normal.ts';

/** How much is needed before a test starts, and what can be seen with what there is. All two-sided. */
export interface Wanted {
  alpha?: number;
  power?: number;
  /** Observations of b for each of a. */
  ratio?: number;
}

const checked = ({ alpha = 0.05, power = 0.8, ratio = 1 }: Wanted) => {
  checkAlpha(alpha);
  if (!(power > 0 && power < 1)) throw new RangeError(`power is between 0 and 1, not ${power}`);
  if (!(ratio > 0)) throw new RangeError(`the ratio of the groups is above 0, not ${ratio}`);
  return { alpha, power, ratio };
};

/** Observations of group a to tell rate `a` from rate `b`; not rounded (round up). `pooled` is what most tables print. */
export function sampleForRates(a: number, b: number, wanted: Wanted = {}, variance: Variance = 'pooled'): number {
  for (const rate of [a, b])
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`a rate is between 0 and 1, not ${rate}`);
  if (a === b) throw new RangeError('two equal rates cannot be told apart');
  const { alpha, power, ratio } = checked(wanted);
  const [za, zb] = [normalQuantile(1 - alpha / 2), normalQuantile(power)];
  if (variance === 'arcsine') {
    const h = 2 * Math.asin(Math.sqrt(b)) - 2 * Math.asin(Math.sqrt(a));
    return solve((n) => normalPower(Math.abs(h) * Math.sqrt(n / (1 + 1 / ratio)), za), power);
  }
  const own = a * (1 - a) + (b * (1 - b)) / ratio;
  const mean = (a + ratio * b) / (1 + ratio);
  const both = mean * (1 - mean) * (1 + 1 / ratio);
  const reach = za * Math.sqrt(variance === 'pooled' ? both : own) + zb * Math.sqrt(own);
  return (reach / (b - a)) ** 2;
}
export type Variance = 'pooled' | 'unpooled' | 'arcsine';

/** Observations of group a to see a difference of `effect` standard deviations (Cohen's d) with Welch's or Student's t. */
export function sampleForMeans(effect: number, wanted: Wanted = {}): number {
  const { alpha, power, ratio } = checked(wanted);
  if (!(Math.abs(effect) > 0)) throw new RangeError('an effect of 0 cannot be seen');
  return solve((n) => tPower(Math.abs(effect), n, ratio, alpha), power);
}

/** The power that `n` observations of group a give. */
export function tPower(effect: number, n: number, ratio = 1, alpha = 0.05): number {
  const df = n * (1 + ratio) - 2;
  if (!(df > 0)) return 0;
  const critical = tQuantile(1 - alpha / 2, df);
  const delta = effect * Math.sqrt((n * ratio) / (1 + ratio));
  return noncentralTSf(critical, df, delta) + (1 - noncentralTSf(-critical, df, delta));
}

const normalPower = (shift: number, za: number): number => normalSf(za - shift) + normalSf(za + shift);

/** The smallest difference from rate `a`, upwards, that `n` observations of it can show; undefined when not even 1 can be told. */
export function detectableRate(a: number, n: number, wanted: Wanted = {}): number | undefined {
  if (!(n > 0)) throw new RangeError(`observations are needed, not ${n}`);
  const needs = (b: number) => sampleForRates(a, b, wanted, 'unpooled');
  if (a >= 1 || needs(1) > n) return undefined;
  let [low, high] = [a, 1];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (middle > a && needs(middle) <= n) high = middle;
    else low = middle;
  }
  return high - a;
}

/** The smallest difference of means, in standard deviations, that `n` observations of each group can show. */
export function detectableEffect(n: number, wanted: Wanted = {}): number {
  const { alpha, power, ratio } = checked(wanted);
  if (!(n > 1)) throw new RangeError(`two observations are needed, not ${n}`);
  let [low, high] = [0, 1];
  while (tPower(high, n, ratio, alpha) < power) high *= 2;
  for (let step = 0; step < 100 && high - low > high * 1e-12; step += 1) {
    const middle = (low + high) / 2;
    if (tPower(middle, n, ratio, alpha) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** Days until `perArm` observations of the slower group are there. `share` of the requests goes to it (Azure mirrors at most half). */
export function daysFor(perArm: number, requestsPerDay: number, share: number): number {
  if (!(requestsPerDay > 0) || !(share > 0 && share <= 1))
    throw new RangeError('a duration needs requests per day and a share above 0 and up to 1');
  return perArm / (requestsPerDay * share);
}

/** The real n > 1 at which a growing `power` reaches `wanted`. */
function solve(power: (n: number) => number, wanted: number): number {
  let high = 2;
  while (power(high) < wanted) {
    high *= 2;
    if (high > 1e15) throw new RangeError('no number of observations is enough for this');
  }
  let low = high / 2;
  for (let step = 0; step < 200 && high - low > high * 1e-13; step += 1) {
    const middle = (low + high) / 2;
    if (power(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}
