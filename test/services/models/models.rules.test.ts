import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { MonitorSeries } from '../../../services/azure/ml.monitors.ts';
import { aboutOf, checklistFor, pathOf, stateOf, wholeHour } from '../../../services/concerns/paths.rules.ts';
import { readLabels, wilson } from '../../../services/models/labels.rules.ts';
import { detectable, quantile, replay, type StoredWindow, suggestion } from '../../../services/models/limits.rules.ts';
import { windowsOf } from '../../../services/models/monitor-results.ts';
import { driftSeverity } from '../../../services/models/severity.rules.ts';
import { psiNullQuantile, psiP } from '../../../services/statistics/index.ts';

const DAY = (n: number) => Temporal.Instant.from('2026-10-01T02:10:00Z').add({ hours: 24 * n });
const window = (n: number, value: number | null, rows = 3000): StoredWindow & { state: string } => ({
  at: DAY(n).toString(),
  value,
  n_ref: 40_000,
  n_cur: rows,
  bins: 10,
  null95: psiNullQuantile(40_000, rows, 10),
  p: value === null ? null : psiP(value, 40_000, rows, 10),
  state: 'ok',
});
const days = (values: readonly (number | null)[]) => values.map((value, n) => window(n, value));

describe('a limit tried on the past', () => {
  it('counts an alarm once while it goes on, and again after it has ended', () => {
    const history = days([0.1, 0.3, 0.3, 0.3, 0.05, 0.05, 0.3, 0.3]);
    expect(replay(history, 0.2)).toMatchObject({ alarms: 2, over: 5, judged: 8 });
    expect(replay(history, 0.35)).toMatchObject({ alarms: 0, over: 0 });
  });
  it('holds an alarm above 0.8 of its limit, and does not raise one from there', () => {
    expect(replay(days([0.3, 0.3, 0.17, 0.3]), 0.2).alarms).toBe(1);
    expect(replay(days([0.17, 0.17, 0.17]), 0.2).alarms).toBe(0);
  });
  it('leaves out what cannot be judged', () => {
    expect(replay([window(0, 0.3, 50), window(1, 0.3, 50)], 0.2)).toMatchObject({ alarms: 0, judged: 0 });
    expect(replay(days([null, null]), 0.2).judged).toBe(0);
    expect(replay([], 0.2)).toEqual({ alarms: 0, over: 0, judged: 0, at: [] });
  });
  it('never lets a limit below chance alarm by chance', () => {
    const rows = 250;
    const null95 = psiNullQuantile(40_000, rows, 10);
    expect(replay([window(0, null95 * 0.9, rows), window(1, null95 * 0.9, rows)], 0.001).over).toBe(0);
  });
});

describe('a suggested limit', () => {
  const calm = Array.from({ length: 60 }, (_, n) => 0.05 + 0.004 * Math.sin(n));
  it('stands above quiet windows, whatever one old incident did', () => {
    const plain = suggestion(days(calm), 0.2).limit ?? 0;
    const after = suggestion(days([...calm, 0.9, 0.9]), 0.2).limit ?? 0;
    expect(plain).toBeGreaterThan(0.06);
    expect(plain).toBeLessThan(0.09);
    expect(after).toBe(plain);
  });
  it('is not given from a short history', () => {
    expect(suggestion(days([0.05, 0.06]), 0.2)).toMatchObject({ limit: undefined, quiet: 2 });
    expect(suggestion([], 0.2).limit).toBeUndefined();
  });
  it('stands above chance where there are few rows', () => {
    const few = Array.from({ length: 30 }, (_, n) => window(n, 0.01, 210));
    expect(suggestion(few, 0.2).limit).toBeGreaterThanOrEqual(psiNullQuantile(40_000, 210, 10, 0.99));
  });
  it('says which shift it finds: more rows or a lower limit find smaller ones', () => {
    const at = (limit: number, m: number) => detectable(limit, 40_000, m, 10) ?? Number.NaN;
    expect(at(0.1, 3000)).toBeLessThan(at(0.2, 3000));
    expect(at(0.2, 100_000)).toBeLessThan(at(0.2, 300));
    expect(at(0.2, 1_000_000)).toBeCloseTo(Math.sqrt(0.2), 2);
    expect(detectable(0.2, 0, 100, 10)).toBeUndefined();
  });
  it('has quantiles as R has them', () => {
    expect([quantile([1, 2, 3, 4], 0.5), quantile([5], 0.9), quantile([], 0.5)]).toEqual([2.5, 5, 0]);
  });
});

describe('results of a monitor', () => {
  const at = DAY(3);
  const series = (more: Partial<MonitorSeries>): MonitorSeries => ({
    signal: 'data_drift',
    metric: 'population_stability_index',
    feature: 'amount',
    value: 0.3,
    threshold: 0.2,
    breached: true,
    at,
    history: [
      { at: DAY(1), value: 0.1 },
      { at: DAY(2), value: 0.25 },
      { at, value: 0.3 },
    ],
    ...more,
  });
  const rows = (metric: string, value: number): MonitorSeries => {
    const { feature: _, threshold: __, ...rest } = series({ metric, value, history: [{ at: DAY(0), value }] });
    return rest;
  };
  const over = (_: string, value: number, limit: number) => value > limit;

  it('become windows, oldest first, with what chance does at their rows', () => {
    const all = windowsOf('ep', 'mon', [series({}), rows('BaselineRowCount', 4000), rows('TargetRowCount', 900)], over);
    expect(all.map(({ told }) => told)).toEqual([false, true, true]);
    expect(all[2]?.effects[0]).toMatchObject({ metric: 'psi', n_ref: 4000, n_cur: 900, bins: 10 });
    expect(all[2]?.effects[0]?.null95).toBeCloseTo(psiNullQuantile(4000, 900, 10), 12);
  });
  it('are taken once', () => {
    expect(windowsOf('ep', 'mon', [series({})], over, DAY(2))).toHaveLength(1);
    expect(windowsOf('ep', 'mon', [series({})], over, at)).toEqual([]);
  });
  it('without row counts carry no null limit', () => {
    expect(windowsOf('ep', 'mon', [series({})], over)[0]?.effects[0]).toMatchObject({ n_ref: 0, n_cur: 0 });
  });
});

describe('labels', () => {
  it('give Wilson intervals that hold at the ends', () => {
    expect(wilson(0, 10)).toMatchObject({ value: 0, low: 0 });
    expect(wilson(0, 10).high).toBeCloseTo(0.2775, 3);
    expect(wilson(50, 100).low).toBeCloseTo(0.4038, 3);
  });
  const bin = (says: 0 | 1, labelled: number, positives: number, score: number, waiting = 0) => ({
    says,
    bin: says * 10,
    labelled,
    positives,
    labelledScore: labelled * score,
    waiting,
    waitingScore: waiting * score,
  });
  const joined = (bins: ReturnType<typeof bin>[]) => {
    const labelled = bins.reduce((sum, each) => sum + each.labelled, 0);
    const predictions = bins.reduce((sum, each) => sum + each.labelled + each.waiting, 0);
    return {
      predictions,
      labelled,
      strangers: 0,
      lag: undefined,
      bins,
      days: [{ day: '2026-11-01', predictions, labelled }],
    };
  };
  it('measure what is known and estimate the rest from calibrated scores', () => {
    const read = readLabels(joined([bin(1, 200, 160, 0.8, 100), bin(0, 800, 80, 0.1, 400)]), '2026-11-10');
    expect(read.measured?.precision?.value).toBeCloseTo(0.8, 12);
    expect(read.measured?.recall?.value).toBeCloseTo(160 / 240, 12);
    expect(read.calibration?.error).toBeCloseTo(0, 12);
    expect(read.estimated?.precision).toBeCloseTo(0.8, 12);
    expect(read.settledCoverage).toBeCloseTo(1000 / 1500, 12);
  });
  it('mend scores that were wrong', () => {
    const read = readLabels(joined([bin(1, 200, 60, 0.9, 100), bin(0, 800, 80, 0.1, 0)]), '2026-11-10');
    expect(read.calibration?.mended).toBe(true);
    expect(read.estimated?.precision).toBeCloseTo(0.3, 12);
  });
  it('say nothing from a handful', () => {
    const read = readLabels(joined([bin(1, 5, 5, 0.9, 10)]), '2026-11-10');
    expect([read.measured, read.calibration]).toEqual([undefined, undefined]);
    expect(readLabels(joined([]), '2026-11-10')).toMatchObject({ coverage: 0, estimated: undefined });
  });
});

describe('how bad drift is', () => {
  const business = { moneyPerHour: { amount: '160', currency: 'EUR' }, riskClass: 'minimal' as const };
  const amount = { id: 'a', endpoint: 'ep', feature: 'amount', moneyPerHour: { amount: '12000', currency: 'EUR' } };
  const drifting = (feature: string, value = 0.25) => [{ feature, value, limit: 0.2 }];
  it('follows the feature where it has a context, else the endpoint', () => {
    expect(driftSeverity(drifting('amount'), [amount], business)).toMatchObject({
      severity: 1,
      atRisk: { amount: '12000' },
    });
    expect(driftSeverity(drifting('other'), [amount], business)).toMatchObject({
      severity: 3,
      atRisk: { amount: '160' },
    });
  });
  it('rises with the ratio, the class and the number of people, and never to an outage', () => {
    expect(driftSeverity(drifting('x', 0.5), [], business).severity).toBe(2);
    expect(driftSeverity(drifting('x'), [], { ...business, unitsPerHour: 48_000 }).severity).toBe(2);
    const all = {
      moneyPerHour: { amount: '99999', currency: 'EUR' },
      unitsPerHour: 48_000,
      riskClass: 'high' as const,
    };
    expect(driftSeverity(drifting('x', 9), [], all).severity).toBe(1);
    expect(driftSeverity([], [], { riskClass: 'minimal' }).because).toContain('not known');
  });
});

describe('concerns', () => {
  const endpoints = [{ id: 'ep-fraud', models: ['fraud-detector'] }] as never;
  it('find the endpoint by its name or its model', () => {
    expect(aboutOf({ endpoints }, 'Fraud-Detector:')).toEqual({ words: 'Fraud-Detector', endpoint: 'ep-fraud' });
    expect(aboutOf({ endpoints }, 'the canteen')).toEqual({ words: 'the canteen' });
    for (const words of ['uc-104', 'UC 104', 'use case uc104:'])
      expect(aboutOf({ endpoints }, words)).toEqual({ words: 'UC-104', useCase: 'UC-104' });
  });
  it('go to the path that names the endpoint, else to the one for all', () => {
    const path = (id: string, names: string[]) => ({
      id,
      endpoints: names,
      channel: 'c',
      people: ['p'],
      answerWithin: 60,
    });
    const paths = [path('own', ['ep-fraud']), path('all', [])];
    expect(pathOf(paths, 'ep-fraud')?.id).toBe('own');
    expect(pathOf(paths, 'ep-other')?.id).toBe('all');
    expect(pathOf([path('own', ['ep-fraud'])], undefined)).toBeUndefined();
  });
  it('keep the hour only', () =>
    expect(wholeHour(Date.parse('2026-11-23T14:59:59Z'))).toBe(Date.parse('2026-11-23T14:00:00Z')));
});

describe('a case of misuse', () => {
  const list = checklistFor(['ann'], ['ines', 'cara']);
  const done = list.map((each) => ({ ...each, done: { by: 'ann', at: '', note: '' } }));
  it.each([
    [{ contained: false, checklist: done, decided: true, lessons: true }, 'containing'],
    [{ contained: true, checklist: list, decided: false, lessons: false }, 'assessing'],
    [{ contained: true, checklist: done, decided: false, lessons: false }, 'board'],
    [{ contained: true, checklist: done, decided: true, lessons: false }, 'lessons'],
    [{ contained: true, checklist: done, decided: true, lessons: true }, 'closed'],
  ] as const)('leaves out no step: %j', (facts, state) => expect(stateOf(facts)).toBe(state));
  it('gives every point to somebody, also without a team or a path', () => {
    expect(list.map(({ owner }) => owner)).toEqual(['ann', 'ann', 'ines', 'cara', 'ann']);
    expect(checklistFor([], []).every(({ owner }) => owner.length > 0)).toBe(true);
  });
});
