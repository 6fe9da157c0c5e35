import { binomialTerm } from './beta.ts';
import { logGamma } from './gamma.ts';
import { durbinCdf, pelzGoodCdf } from './kolmogorov-cdf.ts';
import { runningSum } from './sums.ts';

/** Largest n for which the one-sided probability is summed term by term (n terms). */
const SUMMED_N_MAX = 1_000_000;

/**
 * P(D⁺ > x) of the one-sided Kolmogorov-Smirnov statistic of n values: Birnbaum and Tingey 1951 (Smirnov 1944),
 * x Σ C(n,j) (x+j/n)^(j−1) (1−x−j/n)^(n−j). All terms are positive; each is a binomial probability times a small
 * correction, so nothing cancels. Above a million values Maag's closed form, relative error O(1/n).
 */
export function smirnovSf(n: number, x: number): number {
  if (x <= 0) return 1;
  if (x >= 1) return 0;
  if (n > SUMMED_N_MAX) return Math.exp(-((6 * n * x + 1) ** 2) / (18 * n));
  const last = Math.floor(n * (1 - x));
  const sum = runningSum();
  for (let j = 0; j <= last; j++) sum.add(smirnovTerm(n, x, j));
  return Math.min(1, sum.value());
}

function smirnovTerm(n: number, x: number, j: number): number {
  if (j === 0) return Math.exp(n * Math.log1p(-x));
  const rest = n - j;
  const missing = rest / n - x;
  if (missing <= 0) return rest === 0 ? (x / (x + 1)) * (1 + x) ** n : 0;
  const share = j / n;
  const change = j * Math.log1p(x / share) + rest * Math.log1p(-x / (rest / n));
  return (x / (x + share)) * binomialTerm(j, rest, share, rest / n) * Math.exp(change);
}

/**
 * P(D > x) of the two-sided one-sample statistic of n values. The method is chosen as in Simard and L'Ecuyer, "Computing
 * the two-sided Kolmogorov-Smirnov distribution", J. Stat. Soft. 39(11), 2011, with SciPy's limits (`kstwo.sf`), so that
 * a p-value here is the p-value there also where an approximation is used.
 */
export function kolmogorovSf(x: number, n: number): number {
  if (!Number.isInteger(n) || n <= 0) throw new RangeError(`kolmogorovSf needs a whole n > 0, not ${n}`);
  if (Number.isNaN(x)) throw new RangeError('kolmogorovSf needs a number');
  const t = n * x;
  if (x >= 1) return 0;
  if (t <= 0.5) return 1;
  if (t <= 1) return clip(1 - rubenGambino(n, t));
  if (t >= n - 1) return clip(2 * (1 - x) ** n);
  if (x >= 0.5) return clip(2 * smirnovSf(n, x));
  const square = t * x;
  if (n <= 140) return square <= 4 ? clip(1 - durbinCdf(n, x)) : clip(2 * smirnovSf(n, x));
  if (square >= 370) return 0;
  if (square >= 2.2) return clip(2 * smirnovSf(n, x));
  if (n <= 100_000 && n * x ** 1.5 <= 1.4) return clip(1 - durbinCdf(n, x));
  return clip(1 - pelzGoodCdf(n, x));
}

/** P(D <= x) for 1/(2n) <= x <= 1/n: n! (2x − 1/n)^n. */
const rubenGambino = (n: number, t: number): number =>
  Math.exp(logGamma(n + 1) - n * Math.log(n) + n * Math.log(2 * t - 1));

const clip = (p: number): number => Math.min(1, Math.max(0, p));

/** P(K > x) of Kolmogorov's limit distribution of √n·D (Kolmogorov 1933): the alternating sum, or its theta transform. */
export function kolmogorovLimitSf(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('kolmogorovLimitSf needs a number');
  if (x <= 0) return 1;
  if (x < 0.82) {
    const v = Math.PI ** 2 / (8 * x * x);
    let sum = 0;
    for (let k = 1; k < 40; k += 2) sum += Math.exp(-v * k * k);
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k < 40; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}
