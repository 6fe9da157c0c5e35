import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Axes,
  benefitPoints,
  dataOf,
  feasibilityOf,
  gate,
  levers,
  range,
  score,
} from '../../../services/intake/score.rules.ts';
import { annualValue } from '../../../services/intake/value.rules.ts';

interface Golden {
  intake_score: (Axes & { name: string; score: number; gate?: string })[];
  cost_benefit: {
    N: number;
    pi: number;
    vTP: number;
    cFP: number;
    cFN: number;
    before: { tpr: number; fpr: number; value: number };
    after: { tpr: number; fpr: number; value: number };
    loss_per_year: number;
  }[];
}
const golden = JSON.parse(readFileSync(new URL('../../data/intake/golden.json', import.meta.url), 'utf8')) as Golden;
const AXES: Axes = { value: 80, feasibility: 75, data: 90, strategic: 60, confidence: 0.8, risk: 0.25 };

describe('the score of a use case', () => {
  it.each(golden.intake_score)('$name', ({ score: expected, gate: stopped, ...axes }) => {
    expect(score(axes).score).toBeCloseTo(expected, 10);
    const passed = gate({ risk: axes.risk, owner: true, baseline: true, data: axes.data });
    expect(passed.pass ? undefined : passed.gate).toBe(stopped?.split(' ')[0]);
  });

  it('is the sum of its parts, and weights need not sum to one', () => {
    const { parts, base, riskFactor, score: total } = score(AXES, { value: 2, feasibility: 1, data: 1, strategic: 0 });
    expect(parts.map(({ axis, points }) => [axis, points])).toEqual([
      ['value', 40],
      ['feasibility', 18.75],
      ['data', 22.5],
      ['strategic', 0],
    ]);
    expect([base, riskFactor]).toEqual([81.25, 0.9]);
    expect(total).toBeCloseTo(0.8 * 81.25 * 0.9, 10);
    expect(() => score(AXES, { value: 0, feasibility: 0, data: 0, strategic: 0 })).toThrow('at least one');
    expect(() => score(AXES, { value: -1, feasibility: 1, data: 1, strategic: 1 })).toThrow('not be negative');
  });

  it('stays between 0 and 100 and never falls when an axis rises', () => {
    const axis = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        axis,
        axis,
        axis,
        axis,
        fc.constantFrom(0.5, 0.8, 1),
        fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
        (value, feasibility, data, strategic, confidence, risk) => {
          const axes = { value, feasibility, data, strategic, confidence, risk };
          const { score: now } = score(axes);
          expect(now).toBeGreaterThanOrEqual(0);
          expect(now).toBeLessThanOrEqual(100 + 1e-9);
          expect(score({ ...axes, data: 100 }).score).toBeGreaterThanOrEqual(now - 1e-9);
        },
      ),
    );
  });
});

describe('the axes', () => {
  it.each([
    [0, 0],
    [-5_000, 0],
    [5_000, 5],
    [10_000, 10],
    [100_000, 30],
    [500_000, 50],
    [1_000_000, 70],
    [5_000_000, 90],
    [1e9, 100],
  ])('a benefit of %d a year is worth %d', (benefit, points) => {
    expect(benefitPoints(benefit)).toBeCloseTo(points, 10);
  });

  it('value goes by the logarithm between the anchors', () => {
    expect(benefitPoints(Math.sqrt(10_000 * 100_000))).toBeCloseTo(20, 10);
    expect(benefitPoints(Number.NaN)).toBe(0);
  });

  it('feasibility is a mean, data the weakest link by name', () => {
    expect(feasibilityOf({ method: 80, skills: 60, latency: undefined })).toBe(70);
    expect(feasibilityOf({})).toBeUndefined();
    expect(dataOf({ availability: 90, labels: 20, quality: 60 })).toEqual({ data: 20, weakest: 'labels' });
    expect(dataOf({ availability: undefined })).toBeUndefined();
  });
});

describe('the gates', () => {
  const known = { risk: 0, owner: true, baseline: true, data: 60 };
  it.each([
    [{ ...known, risk: 1, owner: false }, 'blocked'],
    [{ ...known, owner: false, data: 0 }, 'no-owner'],
    [{ ...known, baseline: false }, 'no-baseline'],
    [{ ...known, data: 24.9 }, 'needs-data'],
    [{ ...known, data: undefined }, 'needs-data'],
    [{ ...known, data: 25 }, undefined],
  ] as const)('%j', (given, stopped) => {
    const passed = gate(given);
    expect(passed.pass ? undefined : passed.gate).toBe(stopped);
    if (!passed.pass) expect(passed.next.length).toBeGreaterThan(20);
  });
});

describe('how sure a score is', () => {
  it('spans the low benefit with less confidence and the high one', () => {
    const { low, likely, high } = range(AXES, { low: 100_000, likely: 500_000, high: 1_000_000 });
    expect(likely).toBeCloseTo(score({ ...AXES, value: 50 }).score, 10);
    expect(low).toBeCloseTo(score({ ...AXES, value: 30, confidence: 0.5 }).score, 10);
    expect(high).toBeCloseTo(score({ ...AXES, value: 70 }).score, 10);
  });

  it('names what would change it most, the strongest first', () => {
    const found = levers({ ...AXES, data: 10 }, { weakest: 'labels', benefit: 500_000 });
    expect(found[0]?.change).toBe('its data become ready (weakest: labels)');
    const sizes = found.map(({ effect }) => Math.abs(effect));
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
    expect(levers({ value: 100, feasibility: 100, data: 100, strategic: 100, confidence: 1, risk: 0 }, {})).toEqual([]);
  });
});

describe('the value of a model', () => {
  it.each(golden.cost_benefit)('is what the formula says, and the loss is the difference', (one) => {
    const model = {
      decisions: one.N,
      prevalence: one.pi,
      truePositive: one.vTP,
      falsePositiveCost: one.cFP,
      falseNegativeCost: one.cFN,
    };
    const [before, after] = [annualValue(model, one.before), annualValue(model, one.after)];
    expect(before).toBeCloseTo(one.before.value, 6);
    expect(after).toBeCloseTo(one.after.value, 6);
    expect(before - after).toBeCloseTo(one.loss_per_year, 6);
    expect(() => annualValue(model, { tpr: 1.2, fpr: 0 })).toThrow('tpr is a share');
  });
});
