import type { Guards } from '../core/organisation.approvals.ts';
import {
  deLong,
  type Interval,
  mcNemarOf,
  rateSequence,
  type ScoredRow,
  sampleRatio,
  sequenceOf,
} from '../statistics/index.ts';
import { CUT, LEAST_ROWS } from './quality.rules.ts';

/** What was measured of one version in a minute. Counts are of requests. */
export interface Cell {
  requests: number;
  errors: number;
  p95Ms?: number | undefined;
}

export interface Measured {
  /**
   * Both versions in the same minute. Where nothing else serves any more (a step at 100 %) `current` is what served before
   * the change began, a minute of as long a stretch then.
   */
  steps: readonly { at: string; current?: Cell | undefined; candidate?: Cell | undefined }[];
  /** Live requests per deployment; empty while the candidate is only mirrored. */
  split: readonly { deployment: string; requests: number; share: number }[];
  /** Readings of the drift monitor since the step began. */
  drift: readonly { feature: string; value: number; limit: number }[];
  /** Requests that both scored, with their labels. */
  rows: readonly ScoredRow[];
  /** What could not be asked, in words. */
  missing: readonly string[];
  /** `current` is from before the change began. */
  earlier?: true;
}

export const GUARDS = ['errors', 'latency', 'drift', 'split', 'quality'] as const;
export type Guard = (typeof GUARDS)[number];

/**
 * `ok`: shown to be within the limit. `bad`: shown to be worse. `unclear`: neither yet. `unknown`: not enough data.
 */
export interface GuardReading {
  guard: Guard;
  verdict: 'ok' | 'bad' | 'unclear' | 'unknown';
  words: string;
  /** In the guard's own unit: percentage points, a ratio, PSI, p. */
  estimate?: number;
  interval?: Interval;
  limit?: number;
  /** How near the limit it is: 1 is at it. */
  nearness?: number;
}

const ALPHA = 0.05;
/** Where the confidence sequence of minute ratios is narrowest. */
const MINUTES_TUNING = 30;
const LEAST_MINUTES = 4;
/** A look in the middle of a step counts as bad only beyond doubt: rows with labels are tested once, at the end. */
const BEYOND_DOUBT = 0.001;

/** At the limit is within it: the mean of logarithms of 1.25 may be a little more than the logarithm of 1.25. */
const ROUNDING = 1e-12;

const points = (share: number) => `${(share * 100).toFixed(2)} points`;
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

/** Each guard on what was measured since the step began. `last`: this look decides about the step. */
export function readGuards(
  measured: Measured,
  guards: Guards,
  context: { last: boolean; mirrored: boolean; driftedBefore: readonly string[] },
): GuardReading[] {
  return [
    errorGuard(measured, guards),
    latencyGuard(measured, guards),
    ...(context.mirrored ? [] : [splitGuard(measured)]),
    driftGuard(measured, context.driftedBefore),
    ...(context.mirrored ? [qualityGuard(measured, context.last)] : []),
  ];
}

const totals = (measured: Measured, side: 'current' | 'candidate') => {
  const cells = measured.steps.flatMap((step) => step[side] ?? []);
  return {
    requests: cells.reduce((sum, cell) => sum + cell.requests, 0),
    errors: cells.reduce((sum, cell) => sum + cell.errors, 0),
  };
};

function tooFew(measured: Measured, guards: Guards): string | undefined {
  const [a, b] = [totals(measured, 'current').requests, totals(measured, 'candidate').requests];
  // Nothing says nothing, also about a plan that asks for no least number.
  const least = Math.max(1, guards.minRequests);
  if (b < least) return `not enough data: ${whole(b)} of ${whole(least)} requests at the new version`;
  if (a < least)
    return `not enough data: ${whole(a)} of ${whole(least)} requests ${measured.earlier ? 'before it began' : 'at the present version'}`;
  return undefined;
}

function errorGuard(measured: Measured, guards: Guards): GuardReading {
  const few = tooFew(measured, guards);
  if (few) return { guard: 'errors', verdict: 'unknown', words: few };
  const [current, candidate] = [totals(measured, 'current'), totals(measured, 'candidate')];
  const limit = guards.errorPoints / 100;
  const found = rateSequence(
    { successes: current.errors, n: current.requests },
    { successes: candidate.errors, n: candidate.requests },
    ALPHA,
  );
  const verdict = judged(found.estimate, found.interval, limit, 0);
  return {
    guard: 'errors',
    verdict,
    words: `errors ${percent(candidate.errors / candidate.requests)} against ${percent(current.errors / current.requests)}${measured.earlier ? ' before it began' : ''}: ${signed(found.estimate)} points (${signed(found.interval.low)} to ${signed(found.interval.high)} points), limit ${points(limit)}`,
    estimate: found.estimate * 100,
    interval: { low: found.interval.low * 100, high: found.interval.high * 100 },
    limit: guards.errorPoints,
    ...(limit > 0 ? { nearness: found.estimate / limit } : {}),
  };
}

const signed = (share: number) => `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(2)}`;
const whole = (count: number) => count.toLocaleString('en-GB');

function latencyGuard(measured: Measured, guards: Guards): GuardReading {
  const few = tooFew(measured, guards);
  if (few) return { guard: 'latency', verdict: 'unknown', words: few };
  const logs = measured.steps.flatMap(({ current, candidate }) =>
    current?.p95Ms && candidate?.p95Ms ? [Math.log(candidate.p95Ms / current.p95Ms)] : [],
  );
  if (logs.length < LEAST_MINUTES)
    return {
      guard: 'latency',
      verdict: 'unknown',
      words: `not enough data: ${logs.length} of ${LEAST_MINUTES} minutes in which both versions answered`,
    };
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const found = sequenceOf(mean, Math.sqrt(variance / logs.length), logs.length, ALPHA, MINUTES_TUNING);
  const interval = { low: Math.exp(found.interval.low), high: Math.exp(found.interval.high) };
  const ratio = Math.exp(mean);
  const verdict = judged(mean, found.interval, Math.log(guards.latencyRatio), 0);
  return {
    guard: 'latency',
    verdict,
    words: `p95 is ${ratio.toFixed(2)} times ${measured.earlier ? 'what it was before it began' : "the present version's"} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}), limit ${guards.latencyRatio}`,
    estimate: ratio,
    interval,
    limit: guards.latencyRatio,
    nearness: Math.max(0, ratio - 1) / Math.max(0.01, guards.latencyRatio - 1),
  };
}

/** Worse than the limit, and more than chance (against `none`); or certainly within it. */
function judged(estimate: number, interval: Interval, limit: number, none: number): GuardReading['verdict'] {
  if (estimate > limit + ROUNDING && interval.low > none) return 'bad';
  return interval.high <= limit + ROUNDING ? 'ok' : 'unclear';
}

function splitGuard({ split }: Measured): GuardReading {
  const total = split.reduce((sum, each) => sum + each.requests, 0);
  if (split.length < 2 || total === 0)
    return { guard: 'split', verdict: 'unknown', words: 'not enough data: no requests to see the split by' };
  const found = sampleRatio(
    split.map(({ requests }) => requests),
    split.map(({ share }) => share),
  );
  const shares = split.map(({ deployment, requests }) => `${deployment} ${percent(requests / total)}`).join(', ');
  return {
    guard: 'split',
    verdict: found.broken ? 'bad' : 'ok',
    words: found.broken
      ? `the traffic is not split as it was set up (${shares}; p ${found.p.toExponential(1)}): what was measured on it does not count`
      : `split as it was set up: ${shares}`,
    estimate: found.p,
  };
}

function driftGuard({ drift }: Measured, before: readonly string[]): GuardReading {
  if (drift.length === 0)
    return { guard: 'drift', verdict: 'unknown', words: 'the monitor has not run since this step began' };
  const over = drift.filter(({ feature, value, limit }) => value > limit && !before.includes(feature));
  const worst = [...drift].sort((a, b) => b.value / b.limit - a.value / a.limit)[0];
  return {
    guard: 'drift',
    verdict: over.length > 0 ? 'bad' : 'ok',
    words: worst ? `PSI of ${worst.feature} is ${worst.value.toFixed(2)}, limit ${worst.limit}` : 'no feature',
    ...(worst ? { estimate: worst.value, limit: worst.limit, nearness: worst.value / worst.limit } : {}),
  };
}

function qualityGuard({ rows }: Measured, last: boolean): GuardReading {
  if (rows.length < LEAST_ROWS)
    return {
      guard: 'quality',
      verdict: 'unknown',
      words: `not enough data: ${rows.length} of ${LEAST_ROWS} mirrored requests have a label`,
    };
  const right = rows.map(({ positive, a, b }) => ({ a: a >= CUT === positive, b: b >= CUT === positive }));
  const found = mcNemarOf(right);
  const accuracy = (side: 'a' | 'b') => right.filter((row) => row[side]).length / rows.length;
  const classes = rows.filter(({ positive }) => positive).length;
  const areas = classes >= 2 && rows.length - classes >= 2 ? deLong(rows) : undefined;
  const worse = Math.min(found.onlyA > found.onlyB ? found.p : 1, areas && areas.difference < 0 ? areas.p : 1);
  const auc = areas
    ? `, AUC ${areas.aucB.toFixed(3)} against ${areas.aucA.toFixed(3)} (DeLong p ${areas.p.toFixed(3)})`
    : '';
  return {
    guard: 'quality',
    verdict: worse < (last ? ALPHA : BEYOND_DOUBT) ? 'bad' : last ? 'ok' : 'unclear',
    words: `${rows.length} labelled rows: right ${percent(accuracy('b'))} against ${percent(accuracy('a'))} (McNemar p ${found.p.toFixed(3)})${auc}`,
    estimate: (accuracy('b') - accuracy('a')) * 100,
  };
}
