import { describe, expect, it } from 'vitest';
import { betaTails } from '../../../services/statistics/beta.ts';
import {
  binomialCdf,
  binomialPmf,
  binomialSf,
  chi2Cdf,
  chi2Quantile,
  chi2Sf,
  tQuantile,
  tSf,
} from '../../../services/statistics/distributions.ts';
import { logGamma } from '../../../services/statistics/gamma.ts';
import { kolmogorovLimitSf, kolmogorovSf, smirnovSf } from '../../../services/statistics/kolmogorov.ts';
import { normalCdf, normalQuantile, normalSf } from '../../../services/statistics/normal.ts';
import { expectNear, golden, scipy } from './golden.ts';

type Fn = (a: number, b: number, c: number) => number;
const FUNCTIONS: Readonly<Record<string, Fn>> = {
  'chi2.sf': chi2Sf,
  'chi2.cdf': chi2Cdf,
  'chi2.ppf': chi2Quantile,
  't.sf': tSf,
  't.ppf': tQuantile,
  'norm.sf': normalSf,
  'norm.cdf': normalCdf,
  'norm.ppf': normalQuantile,
  'kstwo.sf': kolmogorovSf,
  'kstwobign.sf': kolmogorovLimitSf,
  smirnov: smirnovSf,
  'binom.cdf': binomialCdf,
  'binom.sf': binomialSf,
  'binom.pmf': binomialPmf,
  betainc: (a, b, x) => betaTails(x, a, b).lower,
  gammaln: logGamma,
};

const called = (fn: string, args: readonly number[]): number => {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = args;
  const found = FUNCTIONS[fn];
  if (!found) throw new Error(`no function ${fn}`);
  return found(a, b, c);
};

describe('special functions', () => {
  it.each(golden.special_functions)('$fn($args) is $value', ({ fn, args, value }) =>
    expectNear(called(fn, args), value, fn),
  );

  it.each(Object.keys(FUNCTIONS))('%s is what SciPy says, in the middle and in the tails', (name) => {
    const cases = scipy.special_functions.filter(({ fn }) => fn === name);
    expect(cases.length).toBeGreaterThan(0);
    for (const { fn, args, value } of cases) expectNear(called(fn, args), value, `${fn}(${args})`);
  });

  it('keeps the digits of a tail where the other side is 1', () => {
    expect(normalSf(36) / 4.182624065796808e-284).toBeCloseTo(1, 9);
    expect(normalSf(-38)).toBe(1);
    expectNear(chi2Sf(2000, 3), 0, 'chi2.sf');
    expect(chi2Sf(1400, 3)).toBeGreaterThan(0);
  });

  it('inverts itself', () => {
    for (const p of [1e-300, 1e-12, 0.025, 0.5, 0.975, 1 - 1e-12]) {
      expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 11);
      expect(chi2Cdf(chi2Quantile(p, 7), 7) / p).toBeCloseTo(1, 11);
    }
  });

  it('knows its ends', () => {
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5)]).toEqual([-Infinity, Infinity, 0]);
    expect([chi2Sf(0, 3), chi2Sf(-1, 3), chi2Sf(Infinity, 3)]).toEqual([1, 1, 0]);
    expect([chi2Quantile(0, 3), chi2Quantile(1, 3)]).toEqual([0, Infinity]);
    expect([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5), binomialSf(5, 5, 0.5)]).toEqual([0, 1, 0]);
    expect([binomialPmf(0, 5, 0), binomialPmf(5, 5, 1), binomialPmf(2, 5, 0)]).toEqual([1, 1, 0]);
    expect([kolmogorovSf(0, 5), kolmogorovSf(1, 5), smirnovSf(5, 0), smirnovSf(5, 1)]).toEqual([1, 0, 1, 0]);
  });

  it.each([
    ['a quantile of 1.5', () => normalQuantile(1.5)],
    ['a quantile of NaN', () => chi2Quantile(Number.NaN, 3)],
    ['no degrees of freedom', () => chi2Sf(3, 0)],
    ['NaN', () => normalSf(Number.NaN)],
    ['NaN for t', () => tSf(Number.NaN, 3)],
    ['half a trial', () => binomialCdf(1, 2.5, 0.5)],
    ['a probability of 2', () => binomialSf(1, 2, 2)],
    ['no values', () => kolmogorovSf(0.5, 0)],
    ['the logarithm of Γ(0)', () => logGamma(0)],
  ])('refuses %s instead of answering NaN', (_, work) => expect(work).toThrow(RangeError));
});
