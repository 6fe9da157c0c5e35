import { betaTails, binomialTerm } from './beta.ts';
import { gammaTails, logGamma, poissonTerm, type Tails } from './gamma.ts';
import { normalQuantile } from './normal.ts';
import { quantileOf } from './root.ts';

const chi2Tails = (x: number, df: number): Tails => (x <= 0 ? { lower: 0, upper: 1 } : gammaTails(df / 2, x / 2));

/** P(X > x) of chi-square with `df` > 0 degrees of freedom (any real). */
export const chi2Sf = (x: number, df: number): number => chi2Tails(x, df).upper;
export const chi2Cdf = (x: number, df: number): number => chi2Tails(x, df).lower;

/** The x with P(X <= x) = p. The first guess is Wilson and Hilferty's cube. */
export function chi2Quantile(p: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`chi-square needs df > 0, not ${df}`);
  if (p <= 0 || p >= 1) return quantileOf({ ...chi2(df) }, p, 1);
  const c = 2 / (9 * df);
  const cube = df * (1 - c + normalQuantile(p) * Math.sqrt(c)) ** 3;
  const small = 2 * Math.exp((Math.log(p) + logGamma(df / 2 + 1)) / (df / 2));
  return quantileOf(chi2(df), p, cube > 0.05 * df ? cube : Math.max(small, Number.MIN_VALUE));
}

const chi2 = (df: number) => ({
  tails: (x: number) => chi2Tails(x, df),
  density: (x: number) => (poissonTerm(df / 2, x / 2) * df) / 2 / x,
  from: 0,
  to: Number.POSITIVE_INFINITY,
});

function tTails(t: number, df: number): Tails {
  if (!(df > 0)) throw new RangeError(`Student's t needs df > 0, not ${df}`);
  if (t === 0) return { lower: 0.5, upper: 0.5 };
  const square = t * t;
  const sum = df + square;
  const outer = sum === Number.POSITIVE_INFINITY ? 0 : betaTails(df / sum, df / 2, 0.5, square / sum).lower / 2;
  return t > 0 ? { lower: 1 - outer, upper: outer } : { lower: outer, upper: 1 - outer };
}

/** P(T > t) of Student's t. */
export const tSf = (t: number, df: number): number => tTails(t, df).upper;

export function tQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  const density = (t: number) =>
    Math.exp(
      logGamma((df + 1) / 2) -
        logGamma(df / 2) -
        0.5 * Math.log(df * Math.PI) -
        ((df + 1) / 2) * Math.log1p((t * t) / df),
    );
  const [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return quantileOf({ tails: (t) => tTails(t, df), density, from, to }, p, p <= 0 || p >= 1 ? 0 : normalQuantile(p));
}

/** P(X <= k) of a binomial with n trials of probability p. */
export const binomialCdf = (k: number, n: number, p: number): number => binomialTails(k, n, p).lower;
/** P(X > k). */
export const binomialSf = (k: number, n: number, p: number): number => binomialTails(k, n, p).upper;

function binomialTails(at: number, n: number, p: number): Tails {
  checkBinomial(n, p);
  const k = Math.floor(at);
  if (k < 0) return { lower: 0, upper: 1 };
  if (k >= n) return { lower: 1, upper: 0 };
  const { lower, upper } = betaTails(p, k + 1, n - k);
  return { lower: upper, upper: lower };
}

/** P(X = k). */
export function binomialPmf(k: number, n: number, p: number): number {
  checkBinomial(n, p);
  if (!Number.isInteger(k) || k < 0 || k > n) return 0;
  if (p === 0 || p === 1) return k === n * p ? 1 : 0;
  return binomialTerm(k, n - k, p, 1 - p);
}

function checkBinomial(n: number, p: number): void {
  if (!Number.isInteger(n) || n < 0) throw new RangeError(`a binomial needs a whole n >= 0, not ${n}`);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a binomial needs 0 <= p <= 1, not ${p}`);
}
