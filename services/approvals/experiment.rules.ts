import {
  daysFor,
  detectableRate,
  intersection,
  rateSequence,
  sampleForMeans,
  sampleForRates,
  sampleRatio,
  sequenceOf,
} from '../statistics/index.ts';
import type { Cell, Measured } from './rollout-analysis.rules.ts';

/** `errors`: share of requests answered 5xx. `latency`: the 95th percentile, minute by minute, as a ratio. */
export type TestMetric = 'errors' | 'latency';

export interface TestWish {
  metric: TestMetric;
  /** Errors: percent of requests now. Latency: the spread of a minute's logarithm, in percent. */
  baseline: number;
  /** Errors: percentage points to be seen. Latency: percent of change to be seen. */
  effect: number;
  /** Percent. */
  power: number;
  /** Percent of the requests for the candidate. */
  share: number;
}

export interface TestSize {
  /** Requests (or minutes) of each side; the smaller side decides how long it takes. */
  perArm: number;
  days: number;
  /** What can be seen in a week with this traffic, in the unit of `effect`; undefined when nothing can. */
  inAWeek?: number;
}

const ALPHA = 0.05;
const MINUTES_A_DAY = 1440;

/** How many and how long, before anything starts. `RangeError` for wishes without an answer. */
export function sizeOf(wish: TestWish, requestsPerDay: number): TestSize {
  const power = wish.power / 100;
  const share = Math.min(wish.share, 100 - wish.share) / 100;
  if (wish.metric === 'errors') {
    const a = wish.baseline / 100;
    const b = a + wish.effect / 100;
    const perArm = Math.ceil(sampleForRates(a, b, { alpha: ALPHA, power }));
    const weekly = detectableRate(a, Math.max(1, requestsPerDay * share * 7), { alpha: ALPHA, power });
    return {
      perArm,
      days: daysFor(perArm, requestsPerDay, share),
      ...(weekly === undefined ? {} : { inAWeek: weekly * 100 }),
    };
  }
  // Each minute gives one ratio: a paired test on minutes, against no change.
  const perArm = Math.ceil(
    sampleForMeans(Math.log1p(wish.effect / 100) / (wish.baseline / 100), { alpha: ALPHA, power }),
  );
  return { perArm, days: perArm / MINUTES_A_DAY };
}

export interface TestLook {
  minute: number;
  estimate: number;
  low: number;
  high: number;
  p: number;
}

export interface TestReading {
  verdict: 'not enough data' | 'split broken' | 'no difference yet' | 'candidate is better' | 'candidate is worse';
  words: string;
  looks: readonly TestLook[];
  n: { current: number; candidate: number };
  split: { p: number; broken: boolean } | undefined;
}

const LEAST_REQUESTS = 500;
const LEAST_MINUTES = 5;
const PICTURE_POINTS = 12;

/** Reads a test that may be read as often as one likes. Estimates: points of errors, percent of latency. */
export function readTest(metric: TestMetric, measured: Measured): TestReading {
  const steps = measured.steps.filter(({ current, candidate }) => current && candidate);
  const n = { current: requests(measured, 'current'), candidate: requests(measured, 'candidate') };
  const split =
    measured.split.length > 1
      ? sampleRatio(
          measured.split.map((each) => each.requests),
          measured.split.map((each) => each.share),
        )
      : undefined;
  const few = Math.min(n.current, n.candidate) < LEAST_REQUESTS || steps.length < LEAST_MINUTES;
  if (few)
    return {
      verdict: 'not enough data',
      words: `not enough data: ${n.candidate} requests of the candidate in ${steps.length} minutes`,
      looks: [],
      n,
      split,
    };
  const every = Math.max(1, Math.ceil(steps.length / PICTURE_POINTS));
  const looks: TestLook[] = [];
  for (let end = LEAST_MINUTES; end <= steps.length; end += every) looks.push(lookAt(metric, steps.slice(0, end), end));
  if (looks.at(-1)?.minute !== steps.length) looks.push(lookAt(metric, steps, steps.length));
  const last = looks.at(-1) as TestLook;
  // Every look was valid, so what they all allow is valid, too.
  const all = intersection(looks) ?? last;
  const unit = metric === 'errors' ? ' points' : ' %';
  const words = `${metric}: ${signed(last.estimate)}${unit} (${signed(all.low)} to ${signed(all.high)}${unit}), always-valid p ${last.p.toFixed(3)}`;
  if (split?.broken)
    return {
      verdict: 'split broken',
      words: `the traffic is not split as it was set up (p ${split.p.toExponential(1)}): what was measured does not count`,
      looks,
      n,
      split,
    };
  const verdict = all.low > 0 ? 'candidate is worse' : all.high < 0 ? 'candidate is better' : 'no difference yet';
  return { verdict, words, looks, n, split };
}

type Step = Measured['steps'][number];

function lookAt(metric: TestMetric, steps: readonly Step[], minute: number): TestLook {
  if (metric === 'errors') {
    const of = (side: 'current' | 'candidate') => ({
      successes: sum(steps, side, ({ errors }) => errors),
      n: sum(steps, side, ({ requests: count }) => count),
    });
    const found = rateSequence(of('current'), of('candidate'), ALPHA);
    return {
      minute,
      estimate: found.estimate * 100,
      low: found.interval.low * 100,
      high: found.interval.high * 100,
      p: found.p,
    };
  }
  const logs = steps.flatMap(({ current, candidate }) =>
    current?.p95Ms && candidate?.p95Ms ? [Math.log(candidate.p95Ms / current.p95Ms)] : [],
  );
  const mean = logs.reduce((total, each) => total + each, 0) / Math.max(1, logs.length);
  const variance = logs.reduce((total, each) => total + (each - mean) ** 2, 0) / Math.max(1, logs.length - 1);
  const found = sequenceOf(mean, Math.sqrt(variance / Math.max(1, logs.length)), Math.max(1, logs.length), ALPHA, 60);
  const percent = (log: number) => Math.expm1(log) * 100;
  return {
    minute,
    estimate: percent(mean),
    low: percent(found.interval.low),
    high: percent(found.interval.high),
    p: found.p,
  };
}

const sum = (steps: readonly Step[], side: 'current' | 'candidate', pick: (cell: Cell) => number): number =>
  steps.reduce((total, step) => total + (step[side] ? pick(step[side]) : 0), 0);
const requests = (measured: Measured, side: 'current' | 'candidate') =>
  sum(measured.steps, side, (cell) => cell.requests);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
