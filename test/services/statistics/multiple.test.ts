import { describe, expect, it } from 'vitest';
import { adjusted, alibiVerdict, benjaminiHochberg, bonferroni } from '../../../services/statistics/multiple.ts';

describe('several tests at once', () => {
  // The table of Benjamini and Hochberg 1995, section 3.2: at 0.05 four hypotheses are rejected, by Bonferroni three.
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  it('are judged as in the paper, in any order', () => {
    expect(benjaminiHochberg(paper, 0.05).filter(Boolean)).toHaveLength(4);
    expect(bonferroni(paper, 0.05).filter(Boolean)).toHaveLength(3);
    const back = benjaminiHochberg([...paper].reverse(), 0.05);
    expect(back.lastIndexOf(false)).toBe(10);
  });
  it('have adjusted p-values that never fall and never pass one', () => {
    const found = adjusted(paper);
    expect(found.every((p, i) => i === 0 || p >= (found[i - 1] ?? 0))).toBe(true);
    expect(Math.max(...found)).toBe(1);
    expect(adjusted([0.01, 0.02, 0.03])).toEqual([0.03, 0.03, 0.03]);
  });
  it('count equality where the paper does, and not where alibi-detect does not', () => {
    expect(benjaminiHochberg([0.05], 0.05)).toEqual([true]);
    expect(alibiVerdict([0.05], 0.05, 'fdr')).toEqual({ drift: false, limit: 0.05 });
    expect(alibiVerdict([0.025, 0.9], 0.05, 'bonferroni')).toEqual({ drift: false, limit: 0.025 });
    expect(alibiVerdict([0.0249, 0.9], 0.05, 'bonferroni').drift).toBe(true);
  });
  it('take the largest step that holds', () => {
    expect(alibiVerdict([0.02, 0.04, 0.044, 0.9], 0.06, 'fdr')).toMatchObject({ drift: true });
    expect(alibiVerdict([0.5, 0.6], 0.05, 'fdr')).toEqual({ drift: false, limit: 0.025 });
    expect(alibiVerdict([], 0.05, 'fdr').drift).toBe(false);
  });
  it('refuse what is no p-value', () => {
    expect(() => adjusted([1.2])).toThrow(RangeError);
    expect(() => alibiVerdict([Number.NaN], 0.05, 'fdr')).toThrow(RangeError);
  });
});
