import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactP, ksOf, ksTwoSample } from '../../../services/statistics/ks.ts';
import { sortedDistances } from '../../../services/statistics/merge.ts';
import { weightedWasserstein } from '../../../services/statistics/wasserstein.ts';
import { expectNear, golden, scipy } from './golden.ts';

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();

describe('the two-sample Kolmogorov-Smirnov test', () => {
  it.each(golden.ks_exact)('counts the paths of $a against $b', ({ a, b, statistic, p_exact }) => {
    const found = ksTwoSample(sorted(a), sorted(b));
    expectNear(found.statistic, statistic, 'statistic');
    expectNear(found.p, p_exact, 'p_value');
  });

  it('is what SciPy says', () => {
    for (const { a, b, d, p, w } of scipy.two_samples) {
      const found = ksTwoSample(sorted(a), sorted(b));
      expectNear(found.statistic, d, 'statistic');
      expectNear(found.p, p, `p_value of ${a.length} and ${b.length}`);
      expectNear(sortedDistances(sorted(a), sorted(b)).wasserstein, w, 'wasserstein');
      expectNear(weightedWasserstein(a, b), w, 'weighted');
    }
  });

  it('counts every path, as counting them one by one does', () => {
    for (const [n, m] of [
      [3, 4],
      [5, 5],
      [2, 7],
      [6, 4],
    ] as const) {
      for (const d of new Set(everyPath(n, m))) {
        const all = everyPath(n, m);
        expectNear(exactP(d, n, m), all.filter((each) => each >= d - 1e-12).length / all.length, `${n}, ${m}, ${d}`);
      }
    }
  });

  it('is exact up to 10,000 a side and asymptotic above', () => {
    expect(ksOf(0.02, 10_000, 9_999).method).toBe('exact');
    expect(ksOf(0.02, 10_001, 10).method).toBe('asymptotic');
    expectNear(ksOf(0.02, 10_000, 9_999).p / ksOf(0.02, 10_001, 9_999).p, 1, 'ratio', 0.02);
  });

  it('does not care which side is which', () => {
    fc.assert(
      fc.property(values(), values(), (a, b) => {
        const [there, back] = [ksTwoSample(sorted(a), sorted(b)), ksTwoSample(sorted(b), sorted(a))];
        expect(there.statistic).toBe(back.statistic);
        expectNear(there.p, back.p, 'p_value');
        const [one, other] = [sortedDistances(sorted(a), sorted(b)), sortedDistances(sorted(b), sorted(a))];
        expectNear(one.wasserstein, other.wasserstein, 'wasserstein');
      }),
    );
  });

  it('refuses an empty side', () => {
    expect(() => ksTwoSample(sorted([]), sorted([1]))).toThrow(RangeError);
    expect(() => sortedDistances(sorted([1]), sorted([]))).toThrow(RangeError);
    expect(() => weightedWasserstein([1], [1], { a: [0] })).toThrow(RangeError);
  });

  it('weighs', () => {
    expect(weightedWasserstein([0, 1], [3], { a: [3, 1] })).toBeCloseTo(2.75, 12);
    expect(weightedWasserstein([1, 1, 1], [1])).toBe(0);
  });
});

const values = () => fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });

/** The statistic of each interleaving of n and m values. */
function everyPath(n: number, m: number): number[] {
  const walk = (i: number, j: number, most: number): number[] => {
    const here = Math.max(most, Math.abs(i / n - j / m));
    if (i === n && j === m) return [here];
    return [...(i < n ? walk(i + 1, j, here) : []), ...(j < m ? walk(i, j + 1, here) : [])];
  };
  return walk(0, 0, 0);
}
