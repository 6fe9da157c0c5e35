import { kolmogorovSf } from './kolmogorov.ts';
import { sortedDistances } from './merge.ts';

/** Up to this many values on the larger side the p-value is counted exactly (SciPy's `method='auto'`). */
export const EXACT_ROWS_MAX = 10_000;

export interface KsResult {
  /** Largest distance between the two empirical distribution functions, 0 to 1. */
  statistic: number;
  p: number;
  method: 'exact' | 'asymptotic';
}

/** Two-sample Kolmogorov-Smirnov test of two ascending arrays. `RangeError` when a side is empty. */
export function ksTwoSample(a: Float64Array, b: Float64Array): KsResult {
  return ksOf(sortedDistances(a, b).ks, a.length, b.length);
}

/** The p-value of a statistic: exact up to `EXACT_ROWS_MAX` values a side, else of the limit for n·m/(n+m) values. */
export function ksOf(statistic: number, n: number, m: number): KsResult {
  if (!(n > 0) || !(m > 0)) throw new RangeError('the Kolmogorov-Smirnov test needs values on both sides');
  if (Math.max(n, m) <= EXACT_ROWS_MAX) return { statistic, p: exactP(statistic, n, m), method: 'exact' };
  return { statistic, p: kolmogorovSf(statistic, roundHalfEven((n * m) / (n + m))), method: 'asymptotic' };
}

/**
 * P(D >= d) over all interleavings of n and m distinct values, each as likely (J. L. Hodges, "The significance probability
 * of the Smirnov two-sample test", Arkiv för Matematik 3, 1958). An interleaving is a lattice path from (0,0) to (n,m);
 * out(i,j) is the share of the paths to (i,j) that have touched a point with |i/n − j/m| >= d:
 *
 *   out(i,j) = 1 where the point itself is outside, else (i·out(i−1,j) + j·out(i,j−1)) / (i+j).
 *
 * Only positive numbers are added, so tails keep all their digits. At most n·m steps (10⁸: under a second).
 */
export function exactP(statistic: number, n: number, m: number): number {
  const divisor = gcd(n, m);
  // In units of 1/lcm(n,m) the distance is whole, and so is every |i·m' − j·n'|.
  const [stepI, stepJ] = [m / divisor, n / divisor];
  const limit = Math.round(statistic * n * stepI);
  if (limit <= 0) return 1;
  return n === m ? squareP(n, limit) : latticeP(n, m, stepI, stepJ, limit);
}

/** Equal sizes have a closed form (Gnedenko and Korolyuk 1951): 2 Σ (−1)^(k+1) C(2n, n−kh)/C(2n, n), by Horner. */
function squareP(n: number, h: number): number {
  let p = 0;
  for (let k = Math.floor(n / h); k >= 1; k--) {
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio *= (n - (k - 1) * h - j) / (n + (k - 1) * h + j + 1);
    p = ratio * (1 - p);
  }
  return Math.min(1, 2 * p);
}

function latticeP(n: number, m: number, stepI: number, stepJ: number, limit: number): number {
  const row = new Float64Array(m + 1);
  for (let j = 0; j <= m; j++) row[j] = j * stepJ >= limit ? 1 : j === 0 ? 0 : (row[j - 1] as number);
  for (let i = 1; i <= n; i++) {
    const first = Math.max(0, Math.floor((i * stepI - limit) / stepJ) + 1);
    const last = Math.min(m, Math.ceil((i * stepI + limit) / stepJ) - 1);
    if (first > 0) row[first - 1] = 1;
    for (let j = first; j <= last; j++) {
      const left = j === 0 ? 0 : (row[j - 1] as number);
      row[j] = (i * (row[j] as number) + j * left) / (i + j);
    }
    if (last < m) row[last + 1] = 1;
  }
  return Math.min(1, row[m] as number);
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

/** As NumPy rounds. */
function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
