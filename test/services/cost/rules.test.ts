import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  allocate,
  apportion,
  attribute,
  before,
  bestCommitment,
  breakEvenVolume,
  chargeback,
  chooseForecast,
  classifyCourse,
  compareIngestion,
  compareServing,
  costOfOwnership,
  decimal,
  exportMonths,
  findAnomalies,
  findPeriod,
  forecastFrom,
  holtLinear,
  modifiedZ,
  monthlyCompute,
  newlyCrossed,
  nextOf,
  onOneWeekday,
  paretoFront,
  parseExportRow,
  placesOf,
  readFactor,
  readPeriod,
  relativeMove,
  retrainCost,
  rightsize,
  robustResiduals,
  scoreAgainst,
  splitByWeights,
  stl,
  stretches,
  sumByResource,
  sumByTag,
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
    expect(of('this quarter').words).toBe('2026-07-01 to 2026-08-23');
    expect(of('this year').to.toString()).toBe('2025-11-23');
  });
  it.each([
    [undefined, 1],
    ['2', 2],
    ['1.5x', 1.5],
    ['twice as often', 2],
    ['doubles', 2],
    ['halves', 0.5],
    ['grows by 50%', 1.5],
    ['shrinks by 20 percent', 0.8],
    ['12,5 % more', 1.125],
    ['-30%', 0.7],
    ['100 % less', 0],
  ])('reads the change “%s” as %f times', (words, factor) => {
    expect(readFactor(words)).toBe(factor);
  });
  it.each(['is banana', '-2', '110 % less', '2000', ''])(
    'refuses “%s” as a change, with what would be right',
    (words) => {
      expect(() => readFactor(words)).toThrow('as a change');
    },
  );
  it('takes no weekend for a drop when the week ends in a rise', () => {
    const week = [120, 121, 119, 122, 120, 50, 51];
    const days = [...week, ...week, ...week, 120, 121, 119, 480, undefined, 50, 51, 120, 490];
    expect(onOneWeekday(days)).toEqual([121, 479, 121, 121, 121, 490]);
    expect(classifyCourse(121, onOneWeekday(days)).class).toBe('spike');
    expect(onOneWeekday([10, undefined, 12])).toEqual([10, 12]);
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
  it.each([
    // 13/30 and 1/30 of 940 cents leave the same remainder of 1/3: the first gets the cent, whatever the last digit says.
    ['9.40', [13, 13, 1, 3], ['4.08', '4.07', '0.31', '0.94']],
    ['-19.64', [19, 7, 6, 2], ['-10.98', '-4.04', '-3.47', '-1.15']],
    ['0.01', [0, 0, 0], ['0.01', '0.00', '0.00']],
    ['33.335', [1, 1], ['16.67', '16.67']],
  ])('%s by %j, ties to the first', (total, weights, shares) => {
    expect(splitByWeights(total, weights).map((each) => each.toFixed(2))).toEqual(shares);
  });
  it('gives out a credit as it gives out a cost', () => {
    const of = (...amounts: string[]) => apportion(amounts.map(decimal), sumOf(amounts)).map((each) => each.toFixed(2));
    expect(of('3.335', '6.665')).toEqual(['3.34', '6.66']);
    expect(of('-3.335', '-6.665')).toEqual(['-3.34', '-6.66']);
  });
  it('takes any name for a tag or a resource', () => {
    expect(
      sumByTag([
        ['Constructor', '1'],
        [' constructor ', '-3'],
      ])['constructor']?.toFixed(2),
    ).toBe('-2.00');
    const rows = [['__proto__', 'd', 'm', '0.1'] as const, ['__proto__', 'd', 'm', '0.2'] as const];
    expect(Object.entries(sumByResource(rows)).map(([name, sum]) => [name, sum.toFixed(2)])).toEqual([
      ['__proto__', '0.30'],
    ]);
  });
  it('is over a budget of nothing', () => {
    expect(chargeback({ direct: '5', sharedShare: '1', budget: '0' })).toMatchObject({
      budgetPercent: undefined,
      over: true,
    });
    expect(chargeback({ direct: '-50', sharedShare: '150', budget: '100' }).over).toBe(false);
    expect(newlyCrossed('80', [100, 80, 80, 50], [50])).toEqual([80]);
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

describe('exactly at the limit', () => {
  it.each([
    [33.3, 49.95],
    [19.9, 29.85],
    [10.1, 15.15],
  ])('%d to %d is fifty percent and not more', (mean, day) => {
    expect(relativeMove(mean, day).anomaly).toBe(false);
    expect(relativeMove(mean, day + 0.01).anomaly).toBe(true);
  });
  it('a move of the floor is none', () => {
    expect([6.1, 26.1, 26.11].map((day) => scoreAgainst(Array(7).fill(16.1), day).anomaly)).toEqual([
      false,
      false,
      true,
    ]);
    expect(classifyCourse(60.6, [72.72, 72.72, 72.72]).class).toBe('normal');
  });
  it('two that are out do not hide each other', () => {
    expect(modifiedZ([100, 100, 100, 100, 100, 200, 200], { absoluteFloor: 10 }).flagged).toEqual([5, 6]);
    expect(modifiedZ([100, 100, 100, 100, 110], { absoluteFloor: 10 }).flagged).toEqual([]);
  });
  it('a series without noise has no outliers but the one put in', () => {
    const flagged = (days: number[]) => robustResiduals(stl(days).residual);
    const steady = Array.from({ length: 56 }, (_, index) => (index % 7 > 4 ? 20 : 100) + 0.1 * index);
    expect([flagged(steady), flagged(Array(28).fill(7)), flagged(Array(28).fill(0))]).toEqual([[], [], []]);
    expect(flagged(steady.map((day, index) => (index === 40 ? day + 90 : day)))).toEqual([40]);
  });
  it('drivers are amounts, not binary fractions', () => {
    expect(attribute({ a: 1.1, b: 2.2 }, { a: 1.4, b: 1.9 })).toMatchObject({
      delta: 0,
      drivers: [{ delta: 0.3 }, { delta: -0.3 }],
      topSharePercent: undefined,
    });
    expect(attribute({}, { constructor: 5 } as never).delta).toBe(5);
  });
});

describe('what is read and reckoned', () => {
  it('reads the days of either kind of export', () => {
    const day = (text: string) => parseExportRow(['Date', 'Cost'], [text, '-1.5']).date;
    expect(['02/29/2024', '2024-02-29', '2024-02-29T00:00:00Z'].map(day)).toEqual(Array(3).fill('2024-02-29'));
    expect(() => day('31/12/2023')).toThrow(RangeError);
    expect(() => exportMonths('2021-02-10', '2021-02-03')).toThrow('ends before it begins');
  });
  it('takes no instances for none', () => {
    const of = (use: object) => monthlyCompute({ hourPrice: '1.005', ...use }).monthly.toFixed(2);
    expect(of({ instances: 0, monthlyHours: 100 })).toBe('0.00');
    expect(of({ minNodes: 0, monthlyHours: 1 })).toBe('1.01');
    expect(of({ minNodes: 0 })).toBe('0.00');
  });
  it('compares what serving costs before it is rounded', () => {
    const { cheapest, options } = compareServing(
      {
        realtime: { instances: 1, hour: '0.00000602' },
        serverless: { per1kRequests: '0.004', perGbSecond: '0', memoryGb: '1', seconds: '1' },
      },
      { requestsMonth: 1000 },
    );
    expect(options.map(({ monthly }) => monthly.toFixed(2))).toEqual(['0.00', '0.00']);
    expect(cheapest?.kind).toBe('serverless');
  });
});

describe('what will be', () => {
  it('is not below nothing where nothing was, and follows credits where they were', () => {
    const fall = chooseForecast(
      Array.from({ length: 60 }, (_, index) => Math.max(0.5, 100 - 2 * index)),
      60,
    );
    expect(fall.days.every(({ value, low }) => value >= 0 && low >= 0)).toBe(true);
    expect(fall.total(60).value).toBeGreaterThanOrEqual(0);
    const credits = chooseForecast(
      Array.from({ length: 70 }, (_, index) => (index % 7 === 0 ? -20 : 10)),
      7,
    );
    expect(credits.days[0]?.value).toBeCloseTo(-20, 6);
    expect(chooseForecast(Array(70).fill(0), 7)).toMatchObject({
      confidence: 'low',
      label: expect.stringContaining('nothing was spent'),
    });
  });
  it('tells a day without use from a day without data', () => {
    const week = [1, 2, 3, 4, 5, 6, 7];
    expect([nextOf(week, undefined, true), nextOf(week, undefined, false), nextOf(week, -3, true)]).toEqual([0, 1, -3]);
    expect([nextOf([], undefined, false), nextOf([9], undefined, false)]).toEqual([0, 9]);
  });
  it('has no trend after one day', () => {
    expect(forecastFrom(holtLinear([5], { alpha: 0.8, betaStar: 0.2 }), 3)).toEqual([5, 5, 5]);
  });
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
