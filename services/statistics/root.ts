import type { Tails } from './gamma.ts';

export interface Distribution {
  /** Both tails at x, each with its own relative accuracy. */
  tails: (x: number) => Tails;
  density: (x: number) => number;
  /** Where the distribution lives. */
  from: number;
  to: number;
}

/**
 * The x below which a share `p` lies (0 < p < 1). Newton on the logarithm of the smaller tail, held inside a bracket:
 * relative accuracy in both tails. `start` is a first guess within the support.
 */
export function quantileOf({ tails, density, from, to }: Distribution, p: number, start: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs 0 <= p <= 1, not ${p}`);
  if (p === 0) return from;
  if (p === 1) return to;
  const left = p <= 0.5;
  const target = left ? p : 1 - p;
  let low = from;
  let high = to;
  let x = start;
  for (let step = 0; step < 400; step++) {
    const both = tails(x);
    const tail = left ? both.lower : both.upper;
    const short = left ? tail < target : tail > target;
    if (tail === target) return x;
    if (short) low = x;
    else high = x;
    const slope = density(x);
    const move = tail > 0 && slope > 0 ? (Math.log(tail / target) * tail) / slope : Number.NaN;
    let next = left ? x - move : x + move;
    if (!(next > low && next < high)) next = between(low, high);
    if (Math.abs(next - x) <= 2 * Number.EPSILON * Math.abs(next) || next === x) return next;
    x = next;
  }
  return x;
}

/** Halves an interval; an end at infinity is approached by doubling. */
function between(low: number, high: number): number {
  if (low === Number.NEGATIVE_INFINITY) return high > 0 ? -1 : 2 * high - 1;
  if (high === Number.POSITIVE_INFINITY) return low < 0 ? 1 : 2 * low + 1;
  return low + (high - low) / 2;
}
