import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Axes, benefitPoints, range, score, type Weights } from '../../../services/intake/score.rules.ts';
import { standing } from '../../../services/intake/standing.rules.ts';

interface Golden {
  benefit: { money: number; points: number }[];
  score: {
    axes: Axes;
    weights: Weights;
    benefit: { low: number; likely: number; high: number };
    score: number;
    range: { low: number; high: number };
  }[];
}
const golden = JSON.parse(readFileSync(new URL('../../data/intake/score.json', import.meta.url), 'utf8')) as Golden;

it.each(golden.benefit)('a benefit of $money is worth what the anchors say', ({ money, points }) => {
  expect(benefitPoints(money)).toBeCloseTo(points, 9);
});

it('scores and ranges as they were reckoned elsewhere, also with weights of nothing', () => {
  expect(golden.score.length).toBe(30);
  for (const each of golden.score) {
    expect(score(each.axes, each.weights).score).toBeCloseTo(each.score, 9);
    const found = range(each.axes, each.benefit, each.weights);
    expect([found.low, found.high].map((value) => value.toFixed(9))).toEqual(
      [each.range.low, each.range.high].map((value) => value.toFixed(9)),
    );
  }
});

it('terms that nobody answered leave a range between nothing and everything, never a number', () => {
  const weights = { value: 0.35, feasibility: 0.25, data: 0.25, strategic: 0.15 };
  const none = standing({ owner: 'ann' }, undefined, weights);
  expect([none.scored, none.between]).toEqual([undefined, { low: 0, high: 50 }]);
  const some = standing({ benefitLikely: '500000', confidence: 'measured', strategicFit: '5' }, undefined, weights);
  // 0.35 × 50 + 0.15 × 100, and all of the rest
  expect(some.between?.low).toBeCloseTo(32.5, 9);
  expect(some.between?.high).toBeCloseTo(82.5, 9);
});
