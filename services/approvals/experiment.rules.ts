import { daysFor, detectableEffect, detectableRate, sampleForMeans, sampleForRates } from '../statistics/index.ts';

/**
 * What a test measures. `errors`: share of requests answered 5xx. `latency`: the 95th percentile, minute by minute, as a
 * ratio. `mean-latency`: of the single requests. `accuracy`: share of the answers that their labels say are right.
 * `rate`, `mean`: a business number of the team's own, per request: how many bought, for how much.
 */
export const TEST_METRICS = ['errors', 'latency', 'mean-latency', 'accuracy', 'rate', 'mean'] as const;
export type TestMetric = (typeof TEST_METRICS)[number];

/** Rates are told in points, means and ratios in percent of the present version's. */
export const isRate = (metric: TestMetric): boolean => ['errors', 'accuracy', 'rate'].includes(metric);
export const unitOf = (metric: TestMetric): 'points' | '%' => (isRate(metric) ? 'points' : '%');

export interface TestWish {
  metric: TestMetric;
  /** Of `rate` and `mean`: what it is called in WardroomOutcomes_CL. */
  outcome?: string | undefined;
  /** Of `rate` and `mean`; what the others want goes without saying. */
  better?: 'higher' | 'lower' | undefined;
  /** Rates: percent now. Means: the spread (standard deviation) of one value, in percent of the mean. */
  baseline: number;
  /** Rates: points to be seen. Means: percent of change to be seen. */
  effect: number;
  /** In the unit of `effect`: by how much the candidate may be worse and still count as not worse. */
  margin?: number | undefined;
  /** Percent. */
  power: number;
  /** Percent of the requests for the candidate. */
  share: number;
}

/** Which way is better. */
export const wantsMore = ({ metric, better = 'higher' }: Pick<TestWish, 'metric' | 'better'>): boolean =>
  metric === 'accuracy' || (['rate', 'mean'].includes(metric) && better === 'higher');

/** What is measured, as people say it: "accuracy", "conversion". */
export const nameOf = ({ metric, outcome }: Pick<TestWish, 'metric' | 'outcome'>): string =>
  metric === 'mean-latency' ? 'mean latency' : (outcome ?? metric);

export interface TestSize {
  /** Requests (or minutes) of each side; the smaller side decides how long it takes. */
  perArm: number;
  days: number;
  /** What can be seen in a week with this traffic, in the unit of `effect`; undefined when nothing can. */
  inAWeek?: number;
}

export const ALPHA = 0.05;
const MINUTES_A_DAY = 1440;
const DAYS_A_WEEK = 7;

/** How many and how long, before anything starts. `RangeError` for wishes without an answer. */
export function sizeOf(wish: TestWish, requestsPerDay: number): TestSize {
  const power = wish.power / 100;
  const share = Math.min(wish.share, 100 - wish.share) / 100;
  const weekly = Math.max(2, requestsPerDay * share * DAYS_A_WEEK);
  const spread = wish.baseline / 100;
  if (wish.margin !== undefined && !(wish.margin > 0)) throw new RangeError(`a margin is above 0, not ${wish.margin}`);
  if (isRate(wish.metric)) {
    if (wish.baseline > 100) throw new RangeError(`a share is at most 100 %, not ${wish.baseline} %`);
    if (wish.baseline + wish.effect > 100 && !wantsMore(wish))
      throw new RangeError(`${wish.baseline} % and ${wish.effect} points more are above 100 %`);
    const [up, down] = [spread + wish.effect / 100, spread - wish.effect / 100];
    // What is nearly always right can only be seen to become worse.
    const b = up > 1 && wantsMore(wish) ? down : up;
    const perArm = Math.ceil(sampleForRates(spread, b, { alpha: ALPHA, power }));
    const seen = detectableRate(Math.min(spread, 1 - spread), weekly, { alpha: ALPHA, power });
    return {
      perArm,
      days: daysFor(perArm, requestsPerDay, share),
      ...(seen === undefined ? {} : { inAWeek: seen * 100 }),
    };
  }
  if (!(spread > 0)) throw new RangeError(`the spread of a value is above 0, not ${wish.baseline}`);
  if (wish.metric === 'latency') {
    // Each minute gives one ratio: a paired test on minutes, against no change.
    const perArm = Math.ceil(sampleForMeans(Math.log1p(wish.effect / 100) / spread, { alpha: ALPHA, power }));
    return { perArm, days: perArm / MINUTES_A_DAY };
  }
  const perArm = Math.ceil(sampleForMeans(wish.effect / wish.baseline, { alpha: ALPHA, power }));
  return {
    perArm,
    days: daysFor(perArm, requestsPerDay, share),
    inAWeek: detectableEffect(weekly, { alpha: ALPHA, power }) * wish.baseline,
  };
}
