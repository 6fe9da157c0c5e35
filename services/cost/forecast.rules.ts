import { type Accuracy, accuracyOf } from './accuracy.rules.ts';
import { fitSmoothing } from './fit.rules.ts';
import { type Amount, Decimal, decimal, sumOf, ZERO } from './money.rules.ts';
import {
  forecastFrom,
  meanOf,
  naive,
  type Smoothed,
  seasonalNaive,
  varianceFactor,
  varianceFactorOfTotal,
  zOf,
} from './smoothing.rules.ts';

export const METHODS = [
  'naive',
  'seasonal naive',
  'weekday mean',
  'exponential smoothing',
  'damped trend',
  'Holt-Winters',
  'damped Holt-Winters',
] as const;
export type Method = (typeof METHODS)[number] | 'mean of available days';

const WEEK = 7;
/** Fitting looks at no more than this: what was a year ago says little about a daily level. */
const FIT_DAYS = 126;
const WEEKS_OF_MEAN = 4;

/** What a method says about the next `steps` days, with its model where it has one. */
export function forecastBy(
  method: Method,
  y: readonly number[],
  steps: number,
  period = WEEK,
): { values: number[]; smoothed?: Smoothed } {
  const recent = y.slice(-FIT_DAYS);
  const fitted = (shape: Parameters<typeof fitSmoothing>[1]) => {
    const smoothed = fitSmoothing(recent, shape);
    return { values: forecastFrom(smoothed, steps), smoothed };
  };
  switch (method) {
    case 'mean of available days':
      return { values: meanOf(y, steps) };
    case 'naive':
      return { values: naive(y, steps) };
    case 'seasonal naive':
      return { values: seasonalNaive(y, period, steps) };
    case 'weekday mean':
      return { values: sameDayMean(y, period, steps) };
    case 'exponential smoothing':
      return fitted({ trend: false });
    case 'damped trend':
      return fitted({ trend: true, damped: true });
    case 'Holt-Winters':
      return fitted({ trend: true, period });
    case 'damped Holt-Winters':
      return fitted({ trend: true, damped: true, period });
  }
}

/** The mean of the same day in the last four periods: slow, but no single day can mislead it. */
function sameDayMean(y: readonly number[], period: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => {
    const same: number[] = [];
    for (let back = period - (step % period); same.length < WEEKS_OF_MEAN && back <= y.length; back += period) {
      same.push(y[y.length - back] ?? 0);
    }
    return same.reduce((sum, each) => sum + each, 0) / Math.max(1, same.length);
  });
}

export interface BackTest {
  method: Method;
  /** Of single days, over all origins. */
  days: Accuracy;
  /** Mean absolute error of the totals of the horizon, percent of the totals; what a budget owner cares about. */
  totalPercent: number | undefined;
  /** Root mean square of the errors of the totals, for an interval. */
  totalRmse: number;
  origins: number;
}

/**
 * Rolling-origin back-test: the method sees only what was known at each origin and forecasts the next `horizon` days.
 * Origins are `horizon` apart at the most, the newest first, at most `origins` of them, each with two full periods before.
 */
export function backTest(
  method: Method,
  y: readonly number[],
  horizon: number,
  { origins = 6, period = WEEK, every = Math.min(horizon, 14) } = {},
): BackTest | undefined {
  const actual: number[] = [];
  const said: number[] = [];
  const totals: { came: number; said: number }[] = [];
  for (let at = y.length - horizon; at >= 2 * period && totals.length < origins; at -= every) {
    const came = y.slice(at, at + horizon);
    const { values } = forecastBy(method, y.slice(0, at), horizon, period);
    actual.push(...came);
    said.push(...values);
    totals.push({ came: sum(came), said: sum(values) });
  }
  if (totals.length === 0) return undefined;
  const of = accuracyOf(
    totals.map(({ came }) => came),
    totals.map((each) => each.said),
  );
  return {
    method,
    days: accuracyOf(actual, said),
    totalPercent: of.wapePercent,
    totalRmse: of.rmse,
    origins: totals.length,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

export interface DayForecast {
  value: number;
  low: number;
  high: number;
}

export interface Forecast {
  method: Method;
  days: DayForecast[];
  /** Interval of the total of the first `steps` days: not the sum of the days' intervals, errors partly cancel. */
  total(steps: number): DayForecast;
  /** The chosen method first, then the others by their error; empty when history is too short to test. */
  backTests: BackTest[];
  confidence: 'low' | 'medium' | 'high';
  /** Why the confidence is what it is. */
  label: string;
  level: 80 | 95;
}

/**
 * The best of the methods for this history, chosen by a rolling-origin back-test on totals, weekday-aware. Below two full
 * periods there is no seasonal model: the mean of the days there are, with low confidence.
 * `y` is daily cost in time order without gaps. Intervals are the wider of the model's own and the back-test's. Where no day
 * was below zero (no credits), neither a forecast nor an interval is: a falling trend ends at nothing.
 */
export function chooseForecast(
  y: readonly number[],
  steps: number,
  options: { period?: number; level?: 80 | 95; methods?: readonly Method[]; horizon?: number } = {},
): Forecast {
  const { period = WEEK, level = 80, methods = METHODS } = options;
  const z = zOf(level);
  const floor = y.some((each) => each < 0) ? Number.NEGATIVE_INFINITY : 0;
  const around = (value: number, half: number): DayForecast => ({
    value: Math.max(floor, value),
    low: Math.max(floor, value - half),
    high: Math.max(floor, value + half),
  });
  if (y.length < 2 * period) {
    const values = meanOf(y, steps);
    const mean = values[0] ?? 0;
    const spread = Math.sqrt(sum(y.map((each) => (each - mean) ** 2)) / Math.max(1, y.length - 1));
    return {
      method: 'mean of available days',
      days: values.map((value) => around(value, z * spread)),
      // The mean itself is uncertain: its error is the same on every day and does not cancel.
      total: (n) => around(mean * n, z * spread * Math.sqrt(n + (n * n) / Math.max(1, y.length))),
      backTests: [],
      confidence: 'low',
      label: `fewer than ${2 * period} days`,
      level,
    };
  }
  const horizon = Math.max(1, Math.min(options.horizon ?? 28, y.length - 2 * period));
  const tests = methods
    .map((method) => backTest(method, y, horizon, { period }))
    .filter((each) => each !== undefined)
    .sort((a, b) => scoreOf(a) - scoreOf(b));
  const best = tests[0];
  const method = best?.method ?? 'seasonal naive';
  const { values, smoothed } = forecastBy(method, y, steps, period);
  const daySd = (step: number): number =>
    Math.max(smoothed ? Math.sqrt(smoothed.mse * varianceFactor(smoothed.model, step)) : 0, best?.days.rmse ?? 0);
  const totalSd = (n: number): number => {
    const model = smoothed ? Math.sqrt(smoothed.mse * varianceFactorOfTotal(smoothed.model, n)) : 0;
    // Errors of a total grow between the root of its length (independent days) and its length (one level error).
    return Math.max(model, best ? best.totalRmse * (n / horizon) ** (n > horizon ? 1 : 0.75) : 0);
  };
  const cumulative: number[] = [];
  for (const value of values) cumulative.push((cumulative.at(-1) ?? 0) + Math.max(floor, value));
  return {
    method,
    days: values.map((value, index) => around(value, z * daySd(index + 1))),
    total: (n) => around(n === 0 ? 0 : (cumulative[Math.min(n, steps) - 1] ?? 0), n === 0 ? 0 : z * totalSd(n)),
    backTests: tests,
    ...confidenceOf(best, y.length, period),
    level,
  };
}

/** Totals decide; days break the tie, so that a method which knows the weekdays beats one that is right by luck. */
const scoreOf = ({ totalPercent, days }: BackTest): number => (totalPercent ?? 100) + 0.25 * (days.wapePercent ?? 100);

/** Below 12 % is good, to 20 % usable (FinOps toolkit, forecasting). */
function confidenceOf(
  best: BackTest | undefined,
  days: number,
  period: number,
): Pick<Forecast, 'confidence' | 'label'> {
  const error = best?.totalPercent;
  if (best !== undefined && error === undefined)
    return { confidence: 'low', label: `nothing was spent in the days of ${best.origins} back-tests` };
  if (best === undefined || error === undefined)
    return { confidence: 'low', label: `only ${days} days of history, too few for a back-test` };
  const off = `totals were off by ${error.toFixed(1)} % in ${best.origins} back-tests`;
  if (error > 20 || days < 4 * period) return { confidence: 'low', label: off };
  return { confidence: error < 12 ? 'high' : 'medium', label: off };
}

/**
 * The next day of a history without gaps. Nothing spent on a known day is a zero; a day of which nothing at all is known is
 * taken for the same weekday before it, so that missing data pull no forecast down.
 */
export const nextOf = (y: readonly number[], spent: number | undefined, known: boolean): number =>
  spent ?? (known ? 0 : (y.at(-WEEK) ?? y.at(-1) ?? 0));

export interface MonthRow {
  day: string;
  /** FOCUS ChargeCategory: purchases and one-off adjustments do not recur with usage. */
  category: 'Usage' | 'Purchase' | 'Tax' | 'Credit' | 'Adjustment';
  cost: Amount;
}

export interface MonthEnd {
  runRatePerDay: Decimal;
  /** Usage to date and the run rate for the days that are left. */
  usage: Decimal;
  /** That, and what was bought. */
  withPurchases: Decimal;
}

/**
 * Where the month ends at the present run rate. Purchases (reservations, savings plans, marketplace) are kept apart: they
 * do not repeat, and spread over the days they would double the forecast (FinOps toolkit, forecasting).
 * `daysSeen` complete days of `daysInMonth` are in `rows`.
 */
export function monthEnd(rows: readonly MonthRow[], daysSeen: number, daysInMonth: number): MonthEnd {
  if (!(daysSeen > 0) || daysInMonth < daysSeen)
    throw new RangeError('a month has more days than were seen, and some were');
  const oneOff = rows.filter(({ category }) => category !== 'Usage');
  const usage = sumOf(rows.filter(({ category }) => category === 'Usage').map(({ cost }) => cost));
  const runRatePerDay = usage.div(daysSeen);
  const usageAtEnd = usage.plus(runRatePerDay.times(daysInMonth - daysSeen));
  return {
    runRatePerDay,
    usage: usageAtEnd,
    withPurchases: usageAtEnd.plus(oneOff.reduce((total, { cost }) => total.plus(decimal(cost)), ZERO)),
  };
}

export interface WhatIf {
  /** Factors on the present: 2 is twice, 0.5 half. */
  trainingFrequency?: number;
  dataVolume?: number;
  traffic?: number;
  replicas?: number;
}

/**
 * A forecast under other assumptions. Training follows how often it runs and how much data it reads; storage follows the
 * data volume; inference follows its replicas, or the traffic where replicas follow the traffic (autoscaling, serverless);
 * data transfer follows traffic. Everything else stays.
 */
export function whatIf(
  parts: Readonly<Record<'training' | 'inference' | 'storage' | 'transfer' | 'other', Amount>>,
  change: WhatIf,
  autoscaled = false,
): { before: Decimal; after: Decimal; lines: { part: string; before: Decimal; after: Decimal; because: string }[] } {
  const { trainingFrequency = 1, dataVolume = 1, traffic = 1, replicas = 1 } = change;
  for (const factor of [trainingFrequency, dataVolume, traffic, replicas]) {
    if (!Number.isFinite(factor) || factor < 0 || factor > 1000) throw new RangeError('a factor is 0 to 1000');
  }
  const factors: Record<keyof typeof parts, { factor: Decimal; because: string }> = {
    training: {
      factor: decimal(trainingFrequency).times(dataVolume),
      because: `runs × ${trainingFrequency}, data × ${dataVolume}`,
    },
    inference: autoscaled
      ? { factor: decimal(traffic).times(replicas), because: `traffic × ${traffic}, replicas × ${replicas}` }
      : { factor: decimal(replicas), because: `replicas × ${replicas}; fixed replicas do not follow traffic` },
    storage: { factor: decimal(dataVolume), because: `data × ${dataVolume}` },
    transfer: { factor: decimal(traffic), because: `traffic × ${traffic}` },
    other: { factor: new Decimal(1), because: 'not moved by any of these' },
  };
  const lines = (Object.keys(factors) as (keyof typeof parts)[]).map((part) => {
    const before = decimal(parts[part]);
    return { part, before, after: before.times(factors[part].factor), because: factors[part].because };
  });
  return { before: sumOf(lines.map((each) => each.before)), after: sumOf(lines.map((each) => each.after)), lines };
}
