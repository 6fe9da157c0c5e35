import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { csvCell, toCsv } from '../../../services/core/csv.ts';
import {
  allocate,
  attribute,
  before,
  bestCommitment,
  breakEvenVolume,
  chooseForecast,
  classifyCourse,
  compareIngestion,
  costOfOwnership,
  findAnomalies,
  findPeriod,
  paretoFront,
  placesOf,
  readPeriod,
  retrainCost,
  rightsize,
  splitByWeights,
  stretches,
  sumOf,
  wouldBreak,
} from '../../../services/cost/index.ts';

const today = Temporal.PlainDate.from('2026-11-23');

describe('times', () => {
  it.each([
    ['this month', '2026-11-01', '2026-11-23'],
    ['last month', '2026-10-01', '2026-10-31'],
    ['last quarter', '2026-07-01', '2026-09-30'],
    ['this week', '2026-11-23', '2026-11-23'],
    ['last 30 days', '2026-10-24', '2026-11-22'],
    ['october', '2026-10-01', '2026-10-31'],
    ['December', '2025-12-01', '2025-12-31'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2026-Q1', '2026-01-01', '2026-03-31'],
    ['2025', '2025-01-01', '2025-12-31'],
    ['from 2026-10-01 to 2026-10-15', '2026-10-01', '2026-10-15'],
    ['2026-10-01..2026-10-15', '2026-10-01', '2026-10-15'],
    ['yesterday', '2026-11-22', '2026-11-22'],
  ])('%s', (words, from, to) => {
    const period = readPeriod(words, today);
    expect([period.from.toString(), period.to.toString()]).toEqual([from, to]);
  });
  it('stands behind what it is about', () => {
    expect(findPeriod('fraud-detector last quarter', today)?.rest).toBe('fraud-detector');
    expect(findPeriod('fraud in october 2025', today)?.rest).toBe('fraud');
    expect(findPeriod('march-of-models', today)).toBeUndefined();
  });
  it('has one before it: the same days of the month before', () => {
    const of = (words: string) => before(readPeriod(words, today));
    expect([of('this month').from.toString(), of('this month').to.toString()]).toEqual(['2026-10-01', '2026-10-23']);
    expect(of('last quarter').words).toBe('Q2 2026');
    expect(of('last 7 days').to.toString()).toBe('2026-11-15');
  });
  it('names gaps as stretches', () => {
    const days = ['2026-10-01', '2026-10-02', '2026-10-05'].map((each) => Temporal.PlainDate.from(each));
    expect(stretches(days)).toEqual(['2026-10-01 to 2026-10-02 (2 days)', '2026-10-05']);
  });
});

describe('money that is divided', () => {
  it('adds up to the cent, whatever the weights and signs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 20 }),
        (cents, weights) => {
          const total = (cents / 100).toFixed(2);
          expect(sumOf(splitByWeights(total, weights)).toFixed(2)).toBe(Number(total) === 0 ? '0.00' : total);
        },
      ),
      { numRuns: 100 },
    );
  });
  it('goes to departments, what is shared and untagged by the rules', () => {
    const rows = [
      { tag: 'Fraud ', amount: '100.005' },
      { tag: 'retail', amount: '50' },
      { tag: 'platform', amount: '30' },
      { tag: '', amount: '10' },
      { tag: 'who knows', amount: '1' },
    ];
    const rules = {
      departments: { payments: ['fraud'], retail: ['retail'] },
      shared: [{ match: ['platform'], by: 'direct' as const }],
      untagged: 'even' as const,
    };
    const { lines, total } = allocate(rows, rules);
    expect(lines.map(({ department, direct, shared }) => [department, direct.toFixed(2), shared.toFixed(2)])).toEqual([
      ['payments', '100.01', '25.00'],
      ['retail', '50.00', '15.00'],
      ['unallocated', '1.00', '0.00'],
    ]);
    expect(sumOf(lines.map((line) => line.total)).toFixed(2)).toBe(total.toFixed(2));
  });
  it('knows the places of a currency', () => expect(['EUR', 'JPY', 'KWD', 'XX'].map(placesOf)).toEqual([2, 0, 3, 2]));
  it('is written so that no spreadsheet runs it', () => {
    expect(['=1+1', '+44', '-5', '-5.20', '-cmd', '@x', '\t=1', 'a,b', 'a"b', ' =1'].map(csvCell)).toEqual([
      "'=1+1",
      "'+44",
      '-5',
      '-5.20',
      "'-cmd",
      "'@x",
      "'\t=1",
      '"a,b"',
      '"a""b"',
      "' =1",
    ]);
    expect(toCsv(['A'], [['ü']])).toBe('\uFEFFA\r\nü\r\n');
  });
});

describe('out of the ordinary', () => {
  const week = [100, 100, 100, 100, 100, 20, 20];
  const weeks = (count: number) => Array.from({ length: count * 7 }, (_, index) => week[index % 7] ?? 0);
  it('is found where a fall elsewhere hides it in the total', () => {
    const up = [...weeks(8), 180];
    const down = [...weeks(8), 20];
    const total = up.map((value, index) => value + (down[index] ?? 0));
    const found = findAnomalies([
      { key: 'up', days: up, firstWeekday: 0 },
      { key: 'down', days: down, firstWeekday: 0 },
      { key: 'total', days: total, firstWeekday: 0 },
    ]);
    expect(found.map(({ key, direction }) => [key, direction])).toEqual([
      ['up', 'up'],
      ['down', 'down'],
    ]);
  });
  it('knows weekdays, new costs and missing days', () => {
    const judged = (days: (number | undefined)[]) =>
      findAnomalies([{ key: 'k', days, firstWeekday: 0 }]).map(({ kind }) => kind);
    expect(judged([...weeks(8), 100, 100, 100, 100, 100, 100])).toEqual(['changed']);
    expect(judged([...weeks(8), 100])).toEqual([]);
    expect(judged([...weeks(8), undefined])).toEqual([]);
    expect(judged([...weeks(8), 0])).toEqual(['removed_cost']);
    expect(judged([42])).toEqual(['new_cost']);
  });
  it.each([
    [[180], 'spike', 1],
    [[180, 100, 180, 100], 'spike', 2],
    [[20, 100], 'drop', 1],
    [[110, 125, 140, 155, 170, 185], 'drift', 1],
    [[180, 181, 179, 180], 'step_change', 1],
    [[101, 99], 'normal', 0],
  ])('%j is a %s', (days, name, alerts) => expect(classifyCourse(100, days)).toMatchObject({ class: name, alerts }));
  it('names the steepest fall as the driver of a fall', () => {
    expect(attribute({ a: 100, b: 10 }, { a: 20, c: 5 })).toMatchObject({
      delta: -85,
      topSharePercent: (80 / 85) * 100,
    });
  });
});

describe('what will be', () => {
  it('follows the weekdays, and says how sure it is', () => {
    const y = Array.from({ length: 120 }, (_, index) => ([5, 6].includes(index % 7) ? 40 : 100) + (index % 3));
    const found = chooseForecast(y, 14);
    expect(found.confidence).toBe('high');
    expect(found.days[5]?.value ?? 0).toBeLessThan(found.days[0]?.value === undefined ? 0 : 101);
    const total = found.total(14);
    expect(total.low).toBeLessThan(total.value);
    expect(Math.abs(total.value - 1160)).toBeLessThan(40);
  });
  it('says whether a job breaks a budget', () => {
    expect(wouldBreak({ amount: 1000, actual: 480, forecast: 900 }, 100).ok).toBe(true);
    expect(wouldBreak({ amount: 1000, actual: 480, forecast: 900 }, '100.01').ok).toBe(false);
  });
});

describe('what is worth it', () => {
  it('adds up what is owned and breaks even', () => {
    const build = [
      { name: 'develop', once: 100_000 },
      { name: 'run', yearly: 20_000 },
    ];
    const buy = [{ name: 'licence', yearly: 5_000, perUnit: '0.01' }];
    expect(costOfOwnership(build, { years: 3 }).total.toNumber()).toBe(160_000);
    expect(breakEvenVolume(build, buy, { years: 3 })?.toFixed(0)).toBe('4833333');
    expect(breakEvenVolume(buy, buy, { years: 3 })).toBeUndefined();
  });
  it('ranks by cost and quality at once', () => {
    const { placed, withoutPredictions } = paretoFront([
      { name: 'a', cost: 10, predictions: 1000, quality: 0.9 },
      { name: 'b', cost: 20, predictions: 1000, quality: 0.8 },
      { name: 'c', cost: 30, predictions: 1000, quality: 0.95 },
      { name: 'idle', cost: 5, predictions: 0, quality: 0.99 },
    ]);
    expect(placed.map(({ name, dominatedBy }) => [name, dominatedBy])).toEqual([
      ['a', undefined],
      ['b', 'a'],
      ['c', undefined],
    ]);
    expect(withoutPredictions).toEqual(['idle']);
  });
  it('finds the commitment that would have cost least, and the replicas that carry the peak', () => {
    const plan = bestCommitment([1, 1, 1, 5], 30);
    expect([plan.hourly.toFixed(2), plan.saving.toFixed(2), plan.utilisationPercent?.toNumber()]).toEqual([
      '0.70',
      '1.20',
      100,
    ]);
    expect(rightsize({ replicas: 6, peakUtilisation: 0.2, monthPerReplica: 100 })).toMatchObject({ replicas: 2 });
  });
  it('lets a run of batch be over before the next begins', () => {
    const of = (minutes: number) =>
      compareIngestion({
        gbPerDay: 50,
        freshnessMinutes: minutes,
        batch: { minutesPerRun: 5, perGbMinutes: '0.5', hour: '0.3' },
        streaming: { units: 1, unitHour: '0.028', perGb: '0.025' },
      });
    expect(of(5).options[0]?.excluded).toContain('would have to be over');
    expect(of(5).cheapest?.kind).toBe('streaming');
    expect(of(1440).cheapest?.kind).toBe('batch');
  });
  it('counts the runs that fail', () => {
    const cost = retrainCost({
      dataVolume: 10,
      unitsPerNodeHour: 2,
      runsPerMonth: 4,
      hourPrice: '1',
      failureRate: '0.5',
    });
    expect([cost.hoursPerRun.toNumber(), cost.perRun.toNumber(), cost.perMonth.toNumber()]).toEqual([5, 10, 40]);
  });
});
