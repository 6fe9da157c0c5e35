import { describe, expect, it } from 'vitest';
import { type Criterion, judge, type Measured, verdictOf } from '../../../services/intake/pilot.rules.ts';

const recall: Criterion = {
  id: 'recall',
  metric: 'recall',
  direction: 'up',
  baseline: 0.6,
  target: 0.75,
  failure: 0.55,
  minSample: 500,
};
const cost: Criterion = {
  id: 'cost',
  metric: 'cost per case',
  direction: 'down',
  baseline: 4,
  target: 3,
  failure: 5,
  minSample: 100,
};

describe('a criterion of a pilot', () => {
  it.each<[Criterion, Measured | undefined, string]>([
    [recall, undefined, 'not-measured'],
    [recall, { value: 0.9, sample: 499 }, 'not-enough-data'],
    [recall, { value: 0.75, sample: 500 }, 'met'],
    [recall, { value: 0.74, sample: 500 }, 'missed'],
    [recall, { value: 0.55, sample: 500 }, 'failed'],
    [recall, { value: 0.77, sample: 500, interval: { low: 0.73, high: 0.81 } }, 'undecided'],
    [recall, { value: 0.8, sample: 500, interval: { low: 0.76, high: 0.84 } }, 'met'],
    [recall, { value: 0.6, sample: 500, interval: { low: 0.57, high: 0.63 } }, 'missed'],
    [cost, { value: 3, sample: 100 }, 'met'],
    [cost, { value: 3.2, sample: 100, interval: { low: 2.9, high: 3.5 } }, 'undecided'],
    [cost, { value: 5, sample: 100 }, 'failed'],
  ])('%#: %o', (criterion, measured, verdict) => {
    const judged = judge(criterion, measured);
    expect(judged.verdict).toBe(verdict);
    expect(judged.because).toContain(criterion.metric);
  });

  it.each([
    [['met', 'met'], false, 'succeeded'],
    [['met', 'failed'], false, 'failed'],
    [['met', 'missed'], false, 'running'],
    [['met', 'missed'], true, 'failed'],
    [['met', 'undecided'], true, 'inconclusive'],
    [['met', 'not-enough-data'], true, 'inconclusive'],
    [['missed', 'not-enough-data'], true, 'failed'],
    [[], true, 'inconclusive'],
    [[], false, 'running'],
  ] as const)('%j, over: %s → %s', (verdicts, over, expected) => {
    const judged = verdicts.map((verdict, index) => ({
      criterion: String(index),
      verdict,
      because: `criterion ${index}`,
    }));
    expect(verdictOf(judged, over).verdict).toBe(expected);
  });
});
