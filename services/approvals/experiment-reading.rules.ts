import { counted } from '../core/counted.ts';
import {
  alwaysValid,
  compareMeans,
  compareRates,
  type Interval,
  intersection,
  logMixtureRatio,
  nonInferior,
  rateSequence,
  relativeUplift,
  type Sample,
  type SplitCheck,
  sampleOf,
  sampleRatio,
  sequenceOf,
  upliftSequence,
} from '../statistics/index.ts';
import { ALPHA, isRate, nameOf, type TestWish, unitOf, wantsMore } from './experiment.rules.ts';
import type { Measured } from './rollout-analysis.rules.ts';

/** Running sums of one side in one step of time; of a rate the values are 0 and 1. */
export interface Sums {
  n: number;
  sum: number;
  squares: number;
}
export interface Bucket {
  /** ISO 8601: where the step begins. */
  at: string;
  current?: Sums | undefined;
  candidate?: Sums | undefined;
}

export interface TestLook {
  /** Since the first step in which both sides were seen. */
  minute: number;
  /** Points, or percent of the present version's. */
  estimate: number;
  low: number;
  high: number;
  /** Always valid. */
  p: number;
}

export type TestVerdict =
  | 'not enough data'
  | 'split broken'
  | 'no difference yet'
  | 'not worse'
  | 'candidate is better'
  | 'candidate is worse';

export interface TestReading {
  verdict: TestVerdict;
  words: string;
  looks: readonly TestLook[];
  n: { current: number; candidate: number };
  split: SplitCheck | undefined;
  /** The mixture sequential probability ratio test: the least p of all steps so far. Of single values only. */
  mixtureP?: number;
  /** Once both sides have the size that was planned: the test that is valid at that one look. */
  planned?: string;
}

/** Fewer than this say nothing, whatever the test says. */
const LEAST = 500;
const LEAST_STEPS = 5;
const PICTURE_POINTS = 12;
const MINUTES_TUNING = 60;

/** Reads a test that may be read as often as one likes. `perArm`: the planned size. */
export function readTest(
  wish: TestWish & { perArm: number },
  measured: Measured,
  values?: readonly Bucket[],
): TestReading {
  const split =
    measured.split.length > 1
      ? sampleRatio(
          measured.split.map((each) => each.requests),
          measured.split.map((each) => each.share),
        )
      : undefined;
  const read = wish.metric === 'latency' ? ratios(measured) : sums(wish, values ?? errorSums(measured));
  const { n, steps, what } = read;
  if (read.fault !== undefined) return { verdict: 'not enough data', words: read.fault, looks: [], n, split };
  if (Math.min(n.current, n.candidate) < LEAST || steps < LEAST_STEPS) {
    const words = `not enough data: ${whole(n.candidate)} ${what} of the candidate and ${whole(n.current)} of the present version in ${counted(steps, 'step')}; ${LEAST} of each in ${LEAST_STEPS} steps are the least`;
    return { verdict: 'not enough data', words, looks: [], n, split };
  }
  const looks = read.looks();
  const last = looks.at(-1) as TestLook;
  // Every look was valid, so what they all allow is valid, too.
  const all = intersection(looks) ?? last;
  const unit = unitOf(wish.metric) === 'points' ? ' points' : ' %';
  const more = {
    looks,
    n,
    split,
    ...(read.mixtureP === undefined ? {} : { mixtureP: read.mixtureP }),
    ...(read.planned === undefined ? {} : { planned: read.planned }),
  };
  if (split?.broken) {
    const { planned: _, ...all } = more;
    const words = `the traffic is not split as it was set up (p ${split.p.toExponential(1)}): what was measured does not count`;
    return { verdict: 'split broken', words, ...all };
  }
  const verdict = verdictOf(wish, all);
  const margin =
    wish.margin === undefined
      ? ''
      : `, may be worse by ${wish.margin}${wish.margin === 1 && unit === ' points' ? ' point' : unit}`;
  const words = `${nameOf(wish)}: ${signed(last.estimate)}${unit} (${signed(all.low)} to ${signed(all.high)}${unit}), always-valid p ${p3(read.mixtureP ?? last.p)}${margin}`;
  return { verdict, words, ...more };
}

/** By what all looks allow. Better beats not worse; without a margin there is no "not worse". */
function verdictOf(wish: TestWish, { low, high }: Interval): TestVerdict {
  const [worst, best] = wantsMore(wish) ? [-low, -high] : [high, low];
  // `best`…`worst`: how much worse the candidate may be.
  if (worst < 0) return 'candidate is better';
  if (best > 0) return 'candidate is worse';
  return wish.margin !== undefined && worst < wish.margin ? 'not worse' : 'no difference yet';
}

interface Read {
  n: TestReading['n'];
  steps: number;
  what: string;
  /** Why nothing can be made of the values. */
  fault?: string;
  looks: () => TestLook[];
  mixtureP?: number | undefined;
  planned?: string | undefined;
}

const errorSums = ({ steps }: Measured): Bucket[] =>
  steps.map(({ at, current, candidate }) => ({
    at,
    current: current && { n: current.requests, sum: current.errors, squares: current.errors },
    candidate: candidate && { n: candidate.requests, sum: candidate.errors, squares: candidate.errors },
  }));

const NOTHING: Sums = { n: 0, sum: 0, squares: 0 };
const plus = (a: Sums, b: Sums = NOTHING): Sums => ({
  n: a.n + b.n,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
});

function sums(wish: TestWish & { perArm: number }, buckets: readonly Bucket[]): Read {
  const rate = isRate(wish.metric);
  let [a, b] = [NOTHING, NOTHING];
  const after = [...buckets]
    .sort((x, y) => (x.at < y.at ? -1 : 1))
    .map(({ at, current, candidate }) => {
      a = plus(a, current);
      b = plus(b, candidate);
      return { at, a, b };
    });
  const seen = after.filter((each) => each.a.n > 1 && each.b.n > 1);
  const first = seen[0]?.at ?? '';
  const what = wish.metric === 'errors' || wish.metric === 'mean-latency' ? 'requests' : 'values';
  const read: Read = {
    n: { current: a.n, candidate: b.n },
    steps: seen.length,
    what,
    looks: () =>
      some(seen).map((each) => ({ minute: minutesBetween(first, each.at), ...lookAt(rate, each.a, each.b) })),
  };
  if (rate && [a, b].some(({ sum, squares }) => sum !== squares))
    return { ...read, fault: `${nameOf(wish)} has values other than 0 and 1; plan the test of a mean instead` };
  if (!rate && seen.length > 0 && a.sum <= 0)
    return {
      ...read,
      fault: `${nameOf(wish)} is ${a.sum === 0 ? '0' : 'below 0'} at the present version, so nothing can be told in percent of it`,
    };
  const planned = seen.find((each) => Math.min(each.a.n, each.b.n) >= wish.perArm);
  return {
    ...read,
    mixtureP: mixture(wish, rate, seen),
    planned: planned && atPlannedSize(wish, rate, planned.a, planned.b),
  };
}

const sample = (of: Sums): Sample => sampleOf(of);
const asRate = ({ n, sum }: Sums) => ({ successes: sum, n });

function lookAt(rate: boolean, a: Sums, b: Sums) {
  const { estimate, interval, p } = rate
    ? rateSequence(asRate(a), asRate(b), ALPHA)
    : upliftSequence(sample(a), sample(b), ALPHA);
  return { estimate: estimate * 100, low: interval.low * 100, high: interval.high * 100, p };
}

/**
 * mSPRT over the steps (Johari et al. 2017), mixed over effects as large as the one that is worth seeing. The sides differ
 * in size: the number of each is the one that gives the difference the same variance.
 */
function mixture(wish: TestWish, rate: boolean, seen: readonly { a: Sums; b: Sums }[]): number | undefined {
  const logs = seen.flatMap(({ a, b }) => {
    const [x, y] = [sample(a), sample(b)];
    const n = Math.floor(2 / (1 / a.n + 1 / b.n));
    const variance = (n * (x.variance / x.n + y.variance / y.n)) / 2;
    const tau = rate ? wish.effect / 100 : (wish.effect / 100) * Math.abs(x.mean);
    // Until something has differed there is nothing to weigh.
    return n >= 1 && variance > 0 && tau > 0 ? [logMixtureRatio(y.mean - x.mean, n, variance, tau ** 2)] : [];
  });
  return alwaysValid(logs).at(-1);
}

/** The tests that are valid once: z with Newcombe's interval, or Welch's t with the uplift by the delta method. */
function atPlannedSize(wish: TestWish, rate: boolean, a: Sums, b: Sums): string {
  const margin = wish.margin === undefined ? undefined : wish.margin / 100;
  if (!rate) {
    const [t, uplift] = [compareMeans(sample(a), sample(b), ALPHA), relativeUplift(sample(a), sample(b), ALPHA)];
    return `at the planned size Welch t ${signed(t.t)}, p ${p3(t.p)}; ${pct(uplift.estimate)} % (${pct(uplift.interval.low)} to ${pct(uplift.interval.high)} %)`;
  }
  const found = compareRates(asRate(a), asRate(b), ALPHA);
  const worse = wantsMore(wish) ? 'lower' : 'higher';
  const not =
    margin === undefined
      ? ''
      : `; not worse by ${wish.margin} ${wish.margin === 1 ? 'point' : 'points'}: p ${p3(nonInferior(asRate(a), asRate(b), { margin, alpha: ALPHA, worse }).p)}`;
  return `at the planned size z ${signed(found.z)}, p ${p3(found.p)}; ${pct(found.difference)} points (${pct(found.interval.low)} to ${pct(found.interval.high)})${not}`;
}

/** The ratio of the p95 of the minutes in which both answered: Azure keeps no single requests in its metrics. */
function ratios(measured: Measured): Read {
  const steps = measured.steps.filter(({ current, candidate }) => current?.p95Ms && candidate?.p95Ms);
  const of = (side: 'current' | 'candidate') =>
    measured.steps.reduce((total, step) => total + (step[side]?.requests ?? 0), 0);
  const first = steps[0]?.at ?? '';
  const logs = steps.map(({ at, current, candidate }) => ({
    at,
    log: Math.log((candidate?.p95Ms ?? 1) / (current?.p95Ms ?? 1)),
  }));
  return {
    n: { current: of('current'), candidate: of('candidate') },
    steps: steps.length,
    what: 'requests',
    looks: () =>
      some(logs.map((_, index) => index)).map((end) => {
        const seen = logs.slice(0, end + 1).map(({ log }) => log);
        const mean = seen.reduce((total, each) => total + each, 0) / seen.length;
        const variance = seen.reduce((total, each) => total + (each - mean) ** 2, 0) / Math.max(1, seen.length - 1);
        const error = Math.sqrt(variance / seen.length);
        const { interval, p } = sequenceOf(mean, error, seen.length, ALPHA, MINUTES_TUNING);
        const percent = (log: number) => Math.expm1(log) * 100;
        const minute = minutesBetween(first, logs[end]?.at ?? first);
        return { minute, estimate: percent(mean), low: percent(interval.low), high: percent(interval.high), p };
      }),
  };
}

/** About a dozen of them for the picture, from the fifth on, and always the last one. */
function some<T>(all: readonly T[]): T[] {
  const every = Math.max(1, Math.ceil(all.length / PICTURE_POINTS));
  return all.filter(
    (_, index) => index === all.length - 1 || (index >= LEAST_STEPS - 1 && (index - LEAST_STEPS + 1) % every === 0),
  );
}

const minutesBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
const whole = (count: number): string => count.toLocaleString('en-GB');
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
const pct = (share: number): string => signed(share * 100);
const p3 = (p: number): string => (p < 0.001 ? 'below 0.001' : p.toFixed(3));
