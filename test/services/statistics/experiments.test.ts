import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deLong } from '../../../services/statistics/delong.ts';
import { compareRates, nonInferior, wilson } from '../../../services/statistics/experiment.ts';
import { ratioOfSteps } from '../../../services/statistics/guardrails.ts';
import { sampleOf } from '../../../services/statistics/intervals.ts';
import { compareMeans, relativeUplift } from '../../../services/statistics/means.ts';
import { noncentralTSf } from '../../../services/statistics/noncentral.ts';
import { mcNemar, meanOver, pairedBootstrap } from '../../../services/statistics/paired.ts';
import { daysFor, detectableRate, sampleForMeans, sampleForRates, tPower } from '../../../services/statistics/power.ts';
import {
  alwaysValid,
  intersection,
  logMixtureRatio,
  rateSequence,
  sequenceHalfWidth,
  upliftSequence,
} from '../../../services/statistics/sequential.ts';
import { sampleRatio } from '../../../services/statistics/split.ts';
import { expectNear } from './golden.ts';

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../data/experiments/${file}`, import.meta.url), 'utf8'));
type Pair = [number, number];
/** From SciPy 1.17.1, by its own functions (`ttest_ind`, `binomtest`, `nct`, `chisquare`) and the definitions for the rest. */
const scipy = read('scipy.json') as {
  nct: { t: number; df: number; delta: number; sf: number }[];
  welch: { a: number[]; b: number[]; t: number; p: number; df: number; ci: Pair }[];
  mcnemar: { onlyA: number; onlyB: number; p: number }[];
  rates: { a: Pair; b: Pair; wilson: Pair; newcombe: Pair; z: number; p: number }[];
  delong: { y: number[]; a: number[]; b: number[]; aucA: number; aucB: number; error: number; z: number; p: number }[];
  srm: { observed: number[]; shares: number[]; chi2: number; p: number }[];
  power: { d: number; ratio: number; alpha: number; power: number; n: number }[];
};
const golden = new Map<string, Record<string, never>>(
  (read('golden.json').ab_tests as { id: string }[]).map((each) => [each.id, each as never]),
);
const goldenOf = <T>(id: string): T => golden.get(id) as unknown as T;
const sampleFrom = ([n = 0, mean = 0, variance = 0]: number[]) => ({ n, mean, variance });
const rateFrom = ([successes, n]: Pair) => ({ successes, n });

describe('the golden cases', () => {
  it('AB3: relative uplift by the delta method', () => {
    const { mean, stddev, n, ...said } = goldenOf<Record<string, number[]> & Record<string, number>>('AB3');
    const group = (at: number) => ({ mean: mean?.[at] ?? 0, variance: (stddev?.[at] ?? 0) ** 2, n: n?.[at] ?? 0 });
    const found = relativeUplift(group(0), group(1));
    expectNear(found.estimate, Number(said['uplift']), 'uplift');
    expectNear(found.error, Number(said['se']), 'se');
    expectNear(found.df, Number(said['df']), 'df');
    expectNear(found.p, Number(said['p_value']), 'p');
    const [low = 0, high = 0] = said['ci95'] as unknown as number[];
    expectNear(found.interval.low, low, 'low');
    expectNear(found.interval.high, high, 'high');
  });
  it('AB6: sample size for two proportions, three ways', () => {
    const said = goldenOf<Record<string, number>>('AB6');
    expectNear(sampleForRates(0.1, 0.12), said['n_pooled'] ?? 0, 'pooled');
    expectNear(sampleForRates(0.1, 0.12, {}, 'unpooled'), said['n_unpooled'] ?? 0, 'unpooled');
    expectNear(sampleForRates(0.1, 0.12, {}, 'arcsine'), said['n_arcsine_statsmodels'] ?? 0, 'arcsine', 1e-6);
  });
  // The published number is a solver's, good to eight digits.
  it('AB6b: sample size for a t test', () =>
    expectNear(sampleForMeans(0.2), goldenOf<{ n: number }>('AB6b').n, 'n', 1e-5));
  it('AB8b: the split of the traffic', () => {
    const { observed, expected_split, chi2, p_value } = goldenOf<{
      observed: number[];
      expected_split: number[];
      chi2: number;
      p_value: number;
    }>('AB8b');
    const found = sampleRatio(observed, expected_split);
    expectNear(found.chi2, chi2, 'chi2');
    expectNear(found.p, p_value, 'p');
    expect(found.broken).toBe(false);
  });
  it('AB11: non-inferiority', () => {
    const { correct, n, margin, z, p_value } = goldenOf<{
      correct: Pair;
      n: Pair;
      margin: number;
      z: number;
      p_value: number;
    }>('AB11');
    const found = nonInferior({ successes: correct[0], n: n[0] }, { successes: correct[1], n: n[1] }, { margin });
    expectNear(found.z, z, 'z');
    expectNear(found.p, p_value, 'p');
    expect(found.holds).toBe(false);
  });
});

describe('what SciPy says', () => {
  it.each(scipy.nct)('noncentral t: P(T > $t) with $df df and δ $delta', ({ t, df, delta, sf }) =>
    expectNear(noncentralTSf(t, df, delta), sf, 'nct', 1e-11),
  );
  it.each(scipy.welch.map((each, index) => ({ ...each, index })))(
    'Welch’s t, case $index',
    ({ a, b, t, p, df, ci }) => {
      const found = compareMeans(sampleFrom(a), sampleFrom(b));
      for (const [name, value, wanted] of [
        ['t', found.t, t],
        ['p', found.p, p],
        ['df', found.df, df],
        ['low', found.interval.low, ci[0]],
        ['high', found.interval.high, ci[1]],
      ] as const)
        expectNear(value, wanted, name, 1e-11);
    },
  );
  it.each(scipy.mcnemar)('McNemar exact, $onlyA against $onlyB', ({ onlyA, onlyB, p }) =>
    expectNear(mcNemar(onlyA, onlyB).p, p, 'p'),
  );
  it.each(scipy.rates)('two rates, $a against $b', ({ a, b, wilson: score, newcombe, z, p }) => {
    const found = compareRates(rateFrom(a), rateFrom(b));
    expectNear(found.z, z, 'z');
    expectNear(found.p, p, 'p');
    expectNear(wilson(rateFrom(a)).low, score[0], 'wilson low', 1e-12);
    expectNear(wilson(rateFrom(a)).high, score[1], 'wilson high');
    expectNear(found.interval.low, newcombe[0], 'newcombe low', 1e-12);
    expectNear(found.interval.high, newcombe[1], 'newcombe high', 1e-12);
  });
  it.each(scipy.delong.map((each, index) => ({ ...each, index })))(
    'DeLong, case $index',
    ({ y, a, b, aucA, aucB, error, z, p }) => {
      const rows = y.map((label, row) => ({ positive: label === 1, a: a[row] ?? 0, b: b[row] ?? 0 }));
      const found = deLong(rows);
      expectNear(found.aucA, aucA, 'auc a');
      expectNear(found.aucB, aucB, 'auc b');
      expectNear(found.error, error, 'error');
      expectNear(found.z, z, 'z');
      expectNear(found.p, p, 'p');
    },
  );
  it.each(scipy.srm)('the split $observed of $shares', ({ observed, shares, chi2, p }) => {
    const found = sampleRatio(observed, shares);
    expectNear(found.chi2, chi2, 'chi2');
    expectNear(found.p, p, 'p');
    expect(found.broken).toBe(p < 0.001);
  });
  it('a split of what is no number of requests is refused, not found to be good', () => {
    for (const observed of [
      [Number.NaN, 5],
      [-1, 5],
    ])
      expect(() => sampleRatio(observed, [50, 50])).toThrow(RangeError);
  });
  it.each(scipy.power)('n for d = $d at $alpha and $power, ratio $ratio', ({ d, ratio, alpha, power, n }) => {
    expectNear(sampleForMeans(d, { ratio, alpha, power }), n, 'n', n * 1e-9);
    expect(tPower(d, n, ratio, alpha)).toBeCloseTo(power, 9);
  });
});

describe('looking more than once', () => {
  it('is as wide as GrowthBook’s sequence (its own tests, 5 digits)', () => {
    const a = sampleOf({ n: 3000, sum: 1396.87, squares: 52377.9767 });
    const b = sampleOf({ n: 3461, sum: 2422.7, squares: 134698.29 });
    const found = upliftSequence(a, b, 0.05, 1000);
    expect(
      [found.estimate, found.interval.low, found.interval.high, found.p].map((x) => Math.round(x * 1e5) / 1e5),
    ).toEqual([0.50336, -0.55844, 1.56516, 1]);
    const share = (successes: number, n: number) => ({
      n,
      mean: successes / n,
      variance: (successes / n) * (1 - successes / n),
    });
    const rates = upliftSequence(share(1396, 3000), share(2422, 3461));
    expect([rates.estimate, rates.interval.low, rates.interval.high].map((x) => Math.round(x * 1e5) / 1e5)).toEqual([
      0.50386, 0.40098, 0.60675,
    ]);
    expect(rates.p).toBeLessThan(1e-5);
  });
  it('rejects equal rates at any of a hundred looks in fewer than one story of twenty', () => {
    let alarms = 0;
    const random = lcg(11);
    for (let story = 0; story < 200; story += 1) {
      const seen = { a: 0, b: 0 };
      let out = false;
      for (let look = 1; look <= 100; look += 1) {
        for (let k = 0; k < 40; k += 1) {
          seen.a += random() < 0.2 ? 1 : 0;
          seen.b += random() < 0.2 ? 1 : 0;
        }
        if (rateSequence({ successes: seen.a, n: look * 40 }, { successes: seen.b, n: look * 40 }).p < 0.05) out = true;
      }
      if (out) alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(10);
  });
  it('does not take an absence of rare events for proof', () => {
    const found = rateSequence({ successes: 30, n: 18_000 }, { successes: 0, n: 2_000 });
    expect(found.interval.high).toBeGreaterThan(0);
    expect(found.p).toBeGreaterThan(0.05);
  });
  it('mSPRT: the p after each look never rises', () => {
    const logs = [
      logMixtureRatio(0.1, 50, 1, 0.1),
      logMixtureRatio(0.4, 100, 1, 0.1),
      logMixtureRatio(0.05, 200, 1, 0.1),
    ];
    const p = alwaysValid(logs);
    // Λ = sqrt(2s/(2s+nτ²)) exp(n²τ²d²/(4s(2s+nτ²))), by hand for n = 100, d = 0.4: sqrt(2/12)·exp(160/48)
    expectNear(Math.exp(logs[1] ?? 0), Math.sqrt(2 / 12) * Math.exp((100 ** 2 * 0.1 * 0.4 ** 2) / (4 * 12)), 'Λ');
    expect(p[0]).toBe(1);
    expect(p[1]).toBeLessThan(0.1);
    expect(p[2]).toBe(p[1]);
  });
  it('narrows to what all looks allow', () => {
    expect(
      intersection([
        { low: -1, high: 0.5 },
        { low: -0.2, high: 0.9 },
      ]),
    ).toEqual({ low: -0.2, high: 0.5 });
    expect(
      intersection([
        { low: 0, high: 1 },
        { low: 2, high: 3 },
      ]),
    ).toBeUndefined();
  });
});

describe('before the start and on the same rows', () => {
  it('tells the effect that the traffic can show', () => {
    const effect = detectableRate(0.1, 3839) ?? 0;
    expect(effect).toBeCloseTo(0.02, 4);
    expect(detectableRate(0.1, 0.5)).toBeUndefined();
    expect(daysFor(3841, 1000, 0.1)).toBeCloseTo(38.41, 9);
  });
  it('draws the same resamples for the same rows', () => {
    const a = Array.from({ length: 80 }, (_, row) => (row % 4 ? 1 : 0));
    const b = Array.from({ length: 80 }, (_, row) => (row % 8 ? 1 : 0));
    const accuracy = (draw: Uint32Array) => ({ a: meanOver(a, draw), b: meanOver(b, draw) });
    const first = pairedBootstrap(80, accuracy);
    expect(pairedBootstrap(80, accuracy)).toEqual(first);
    expect(first.estimate).toBeCloseTo(0.125, 12);
    // The difference is a rate of 1/8 over 80 rows: sd 0.037.
    expect(first.interval.low).toBeGreaterThan(0.04);
    expect(first.interval.high).toBeLessThan(0.22);
    expect(() => pairedBootstrap(80, accuracy, { resamples: 500 })).toThrow(/2000 resamples/);
  });
  it('compares p95 step by step, so that the time of day does not count', () => {
    const steps = [40, 60, 90, 70].map((current, index) => ({ current, candidate: current * (1.2 + index * 0.01) }));
    const found = ratioOfSteps(steps);
    expect(found?.ratio).toBeCloseTo(1.215, 2);
    expect(found?.interval.low).toBeGreaterThan(1.18);
    expect(
      ratioOfSteps([{ current: 1, candidate: 2 }, { current: 0, candidate: 2 }, { candidate: 3 }]),
    ).toBeUndefined();
  });
});

describe('refuses instead of answering NaN', () => {
  it.each([
    ['a rate of more than all', () => compareRates({ successes: 3, n: 2 }, { successes: 0, n: 1 })],
    ['no trials', () => compareRates({ successes: 0, n: 0 }, { successes: 0, n: 1 })],
    ['a margin of 0', () => nonInferior({ successes: 1, n: 2 }, { successes: 1, n: 2 }, { margin: 0 })],
    ['equal rates to plan for', () => sampleForRates(0.1, 0.1)],
    ['an effect of 0', () => sampleForMeans(0)],
    ['a mean of 0 to be relative to', () => relativeUplift(sampleFrom([5, 0, 1]), sampleFrom([5, 1, 1]))],
    ['one value', () => compareMeans(sampleFrom([1, 0, 0]), sampleFrom([5, 1, 1]))],
    [
      'one class',
      () =>
        deLong([
          { positive: true, a: 1, b: 1 },
          { positive: true, a: 2, b: 1 },
        ]),
    ],
    ['a score of NaN', () => deLong([{ positive: true, a: Number.NaN, b: 1 }])],
    ['one share for two groups', () => sampleRatio([1, 2], [1])],
    ['a level of 1', () => sequenceHalfWidth(1, 10, 1)],
    ['half a row', () => mcNemar(0.5, 1)],
  ])('%s', (_, work) => expect(work).toThrow(RangeError));
  it('has an answer for equal rows, empty splits and rates without variance', () => {
    expect(mcNemar(0, 0).p).toBe(1);
    expect(sampleRatio([0, 0], [1, 1])).toEqual({ chi2: 0, p: 1, broken: false });
    expect(sampleRatio([5, 1], [1, 0]).broken).toBe(true);
    expect(compareRates({ successes: 0, n: 10 }, { successes: 0, n: 20 }).p).toBe(1);
    expect(compareMeans(sampleFrom([5, 1, 0]), sampleFrom([5, 1, 0])).p).toBe(1);
    expect(rateSequence({ successes: 0, n: 10 }, { successes: 0, n: 10 }).interval.high).toBeGreaterThan(0);
  });
});

const lcg = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};
