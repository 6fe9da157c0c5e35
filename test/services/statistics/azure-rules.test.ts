import { describe, expect, it } from 'vitest';
import { breaches } from '../../../services/azure/ml.monitors.ts';
import { ndcg } from '../../../services/statistics/attribution.ts';
import {
  nullRate,
  outOfBoundsRate,
  qualityLimit,
  typeErrorRate,
  wholeNumbersAreCategory,
} from '../../../services/statistics/data-quality.ts';
import { deviationBand } from '../../../services/statistics/thresholds.ts';
import { expectNear, golden } from './golden.ts';

describe('data quality as Azure ML measures it', () => {
  it.each(golden.data_quality.filter(({ values }) => values))(
    '$id: out of bounds',
    ({ baseline_set, values, expected }) => {
      expect(outOfBoundsRate(values ?? [], new Set(baseline_set))).toBe(expected);
    },
  );
  it.each(golden.data_quality.filter(({ total }) => total))(
    '$id: $distinct of $total',
    ({ distinct, total, expected }) => {
      expect(wholeNumbersAreCategory(distinct ?? 0, total ?? 0) ? 'categorical' : 'numerical').toBe(expected);
    },
  );
  it('counts above the maximum and below the minimum, never what is missing', () => {
    expect(outOfBoundsRate([1, 2, 3, null, 0.5, 9, Number.NaN, 3], { min: 1, max: 3 })).toBe(0.25);
  });
  it('rounds to five decimals', () => {
    expect(nullRate([null, 1, 2])).toBe(0.33333);
    expect(typeErrorRate(['1', 'x', 3, null, 'NaN', ' ', '1e3'])).toBe(0.42857);
  });
  it('adds the threshold to what the baseline had', () => expect(qualityLimit(0.02, 0.01)).toBeCloseTo(0.03, 12));
  it('refuses no rows', () => expect(() => nullRate([])).toThrow(RangeError));
});

describe('limits of the tools', () => {
  it.each(golden.breach_direction)('$metric $value against $threshold', ({ metric, value, threshold, breach }) => {
    expect(breaches(metric === 'NormalizedDiscountedCumulativeGain' ? 'ndcg' : metric, value, threshold)).toBe(breach);
  });
  it.each(golden.ndcg)('ranks $production by $baseline', ({ baseline, production, expected }) => {
    expectNear(ndcg(baseline, production), expected, 'ndcg');
    expectNear(ndcg(baseline, baseline), 1, 'ndcg');
  });
  it('refuses importances that say nothing', () => {
    expect(() => ndcg([], [])).toThrow(RangeError);
    expect(() => ndcg([0, 0], [1, 2])).toThrow(RangeError);
    expect(() => ndcg([1, Number.NaN], [1, 2])).toThrow(RangeError);
  });
  it.each(golden.thresholds)('takes $std_lower_multiplier deviations from the $offset_from', (sample) => {
    const { data, std_lower_multiplier: lower, offset_from: from, expected_lower } = sample;
    expect(deviationBand(data, { lower, from }).lower).toBe(expected_lower);
  });
  it('clips to what a metric can be, and leaves a side out on request', () => {
    expect(deviationBand([0, 1], { lower: null, limits: { upper: 1 } })).toEqual({ lower: undefined, upper: 1 });
    expect(deviationBand([0.1, 0.2], { limits: { lower: 0 } }).lower).toBe(0);
    expect(() => deviationBand([])).toThrow(RangeError);
  });
});
