import type { Joint } from './columns.ts';
import { sumOf } from './sums.ts';

/*
 * Distances between two lists of shares of the same bins. Every term is summed with compensation, so the order of the
 * bins does not show in the result. A bin that is empty on both sides says nothing and adds nothing.
 */

/** A bin's two shares, and how many bins look just like it. */
export interface Bin {
  p: number;
  q: number;
  times: number;
}

/** Counts as shares of their own totals; `RangeError` when a side has none. */
export function binsOf(reference: readonly number[], current: readonly number[], add = 0): Bin[] {
  if (reference.length !== current.length) throw new RangeError('both sides need the same bins');
  const bins = reference.length;
  const n = sumOf(reference) + add * bins;
  const m = sumOf(current) + add * bins;
  if (!(n > 0) || !(m > 0)) throw new RangeError('both sides need values');
  return reference.map((count, i) => ({ p: (count + add) / n, q: ((current[i] as number) + add) / m, times: 1 }));
}

/** The same of counts that may stand for several bins each. */
export function binsOfJoint(joint: readonly Joint[], add = 0): Bin[] {
  const bins = sumOf(joint.map(({ times }) => times));
  const n = sumOf(joint.map(({ reference, times }) => reference * times)) + add * bins;
  const m = sumOf(joint.map(({ current, times }) => current * times)) + add * bins;
  if (!(n > 0) || !(m > 0)) throw new RangeError('both sides need values');
  return joint.map(({ reference, current, times }) => ({ p: (reference + add) / n, q: (current + add) / m, times }));
}

/** How many bins there are. */
export const binCount = (bins: readonly { times: number }[]): number => sumOf(bins.map(({ times }) => times));

/** Population stability index Σ (q − p) ln(q/p); 0 in a bin is refused: it has to be filled by the profile's rule. */
export function psi(bins: readonly Bin[]): number {
  return sumOf(
    bins.map(({ p, q, times }) => {
      if (!(p > 0) || !(q > 0))
        throw new RangeError('the population stability index needs a share above 0 in every bin');
      return times * (q - p) * Math.log(q / p);
    }),
  );
}

/** Kullback-Leibler divergence Σ p ln(p/q) of the shares, each side made to sum to 1 first; natural logarithm. */
export function klDivergence(bins: readonly Bin[]): number {
  return sumOf(
    normalised(bins).map(({ p, q, times }) => {
      if (p > 0 && !(q > 0)) throw new RangeError('the Kullback-Leibler divergence is infinite: a bin is empty now');
      return p > 0 ? times * p * Math.log(p / q) : 0;
    }),
  );
}

/** Jensen-Shannon distance (the square root); base 2 gives 0 to 1, base e 0 to √ln 2. */
export function jensenShannon(bins: readonly Bin[], base: 2 | 'e' = 2): number {
  const part = (share: number, middle: number) => (share > 0 ? share * Math.log(share / middle) : 0);
  const sum = sumOf(normalised(bins).map(({ p, q, times }) => times * (part(p, (p + q) / 2) + part(q, (p + q) / 2))));
  return Math.sqrt(Math.max(0, sum) / 2 / (base === 2 ? Math.LN2 : 1));
}

/** √(½ Σ (√p − √q)²), 0 to 1: accurate near 0. */
export const hellinger = (bins: readonly Bin[]): number =>
  Math.sqrt(sumOf(bins.map(({ p, q, times }) => times * (Math.sqrt(p) - Math.sqrt(q)) ** 2)) / 2);

/** √(1 − Σ √(pq)): the same number, but with half the digits lost near 0. As Evidently computes it. */
export const hellingerByAffinity = (bins: readonly Bin[]): number =>
  Math.sqrt(1 - Math.min(1, sumOf(bins.map(({ p, q, times }) => times * Math.sqrt(p * q)))));

/** max |p − q|. */
export const lInfinity = (bins: readonly Bin[]): number =>
  bins.reduce((most, { p, q }) => Math.max(most, Math.abs(p - q)), 0);

/** Total variation ½ Σ |p − q|. */
export const totalVariation = (bins: readonly Bin[]): number =>
  sumOf(bins.map(({ p, q, times }) => times * Math.abs(p - q))) / 2;

function normalised(bins: readonly Bin[]): Bin[] {
  const n = sumOf(bins.map(({ p, times }) => p * times));
  const m = sumOf(bins.map(({ q, times }) => q * times));
  if (!(n > 0) || !(m > 0)) throw new RangeError('both sides need values');
  return bins.map(({ p, q, times }) => ({ p: p / n, q: q / m, times }));
}
