import { Temporal } from 'temporal-polyfill';
import { type Amount, Decimal, decimal, percentOf } from './money.rules.ts';

/** Budgets as Azure has them (Consumption/budgets), evaluated by us on fresher numbers. */

export const OPERATORS = ['GreaterThan', 'GreaterThanOrEqualTo', 'EqualTo'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Threshold {
  /** Percent of the amount, 0 to 1000. */
  threshold: number;
  operator?: Operator;
  type?: 'Actual' | 'Forecasted';
}

export interface Standing {
  amount: Amount;
  actual: Amount;
  forecast?: Amount | undefined;
}

/** Whether a threshold is crossed. Percent is compared exactly: 800.00 of 1000.00 is 80 and not above it. */
export function crosses(
  standing: Standing,
  { threshold, operator = 'GreaterThan', type = 'Actual' }: Threshold,
): boolean {
  const spent = type === 'Forecasted' ? standing.forecast : standing.actual;
  if (spent === undefined) return false;
  const sides = decimal(spent).times(100).comparedTo(decimal(standing.amount).times(threshold));
  if (operator === 'EqualTo') return sides === 0;
  return operator === 'GreaterThan' ? sides > 0 : sides >= 0;
}

export const MOST_NOTIFICATIONS = 5;
export const MOST_THRESHOLD = 1000;
export const isThreshold = (percent: number): boolean =>
  Number.isFinite(percent) && percent >= 0 && percent <= MOST_THRESHOLD;

/** What is wrong with a budget's notifications, for a person; empty when nothing is. */
export function notificationProblems(thresholds: readonly { threshold: number }[]): string[] {
  return [
    ...(thresholds.length > MOST_NOTIFICATIONS
      ? [`A budget has at most ${MOST_NOTIFICATIONS} notifications, not ${thresholds.length}.`]
      : []),
    ...thresholds
      .filter(({ threshold }) => !isThreshold(threshold))
      .map(({ threshold }) => `A threshold is 0 to ${MOST_THRESHOLD} percent, not ${threshold}.`),
  ];
}

/** The thresholds that were crossed since they were last told, lowest first: a jump tells all of them at once. */
export function newlyCrossed(percent: Amount, thresholds: readonly number[], told: readonly number[]): number[] {
  const now = decimal(percent);
  return [...new Set(thresholds)]
    .filter((threshold) => now.gte(threshold) && !told.includes(threshold))
    .sort((a, b) => a - b);
}

export type Grain = 'weekly' | 'monthly' | 'quarterly' | 'annually';

export interface BudgetPeriod {
  start: Temporal.Instant;
  /** Not in the period. */
  end: Temporal.Instant;
  /** `2026-11`, `2026-Q4`, `2026`, `2026-11-23`: what was told is told once for this. */
  key: string;
  days: number;
}

/** The period an instant is in, in UTC as Azure bills. `firstDay` of a week is 0 = Sunday to 6 = Saturday. */
export function periodOf(grain: Grain, now: Temporal.Instant, firstDay = 1): BudgetPeriod {
  const day = now.toZonedDateTimeISO('UTC').toPlainDate();
  const from = startOf(grain, day, firstDay);
  const to = from.add(
    { weekly: { days: 7 }, monthly: { months: 1 }, quarterly: { months: 3 }, annually: { years: 1 } }[grain],
  );
  const key = {
    weekly: from.toString(),
    monthly: from.toString().slice(0, 7),
    quarterly: `${from.year}-Q${Math.ceil(from.month / 3)}`,
    annually: String(from.year),
  }[grain];
  return { start: midnight(from), end: midnight(to), key, days: from.until(to).days };
}

function startOf(grain: Grain, day: Temporal.PlainDate, firstDay: number): Temporal.PlainDate {
  if (grain === 'weekly') return day.subtract({ days: ((day.dayOfWeek % 7) - firstDay + 7) % 7 });
  if (grain === 'monthly') return day.with({ day: 1 });
  if (grain === 'annually') return day.with({ month: 1, day: 1 });
  return day.with({ month: 3 * Math.floor((day.month - 1) / 3) + 1, day: 1 });
}

const midnight = (day: Temporal.PlainDate): Temporal.Instant => day.toZonedDateTime('UTC').toInstant();

/** What was told belongs to its period: in a new one everything may be told again. */
export function budgetMemory<T>(
  told: { period: string; thresholds: readonly T[] } | undefined,
  period: string,
): { state: 'kept' | 'reset'; thresholds: readonly T[] } {
  return told?.period === period ? { state: 'kept', thresholds: told.thresholds } : { state: 'reset', thresholds: [] };
}

export interface ProRata {
  /** Of the amount, for the days that are over, the given day included. */
  expectedToDate: Decimal;
  /** Spent against expected, percent; above zero when it runs ahead. */
  variancePercent: (spent: Amount) => Decimal | undefined;
}

/** An even burn of a month's budget. `day` is 1 to the length of the month. */
export function proRata(amount: Amount, month: string, day: number): ProRata {
  const { daysInMonth } = Temporal.PlainYearMonth.from(month);
  if (!(day >= 0 && day <= daysInMonth)) throw new RangeError(`${month} has ${daysInMonth} days`);
  const expectedToDate = decimal(amount).times(day).div(daysInMonth);
  return {
    expectedToDate,
    variancePercent: (spent) => percentOf(decimal(spent).minus(expectedToDate), expectedToDate),
  };
}

export interface Verdict {
  ok: boolean;
  /** Where the period would end with this added, percent of the amount. */
  percentAfter: Decimal | undefined;
  reason: string;
}

/** Whether an addition (a job, a deployment until the end of the period) would break the budget, forecast included. */
export function wouldBreak(standing: Standing, addition: Amount): Verdict {
  const base = Decimal.max(decimal(standing.actual), decimal(standing.forecast ?? standing.actual));
  const after = base.plus(decimal(addition));
  const percentAfter = percentOf(after, standing.amount);
  const ok = after.lte(decimal(standing.amount));
  const known = standing.forecast === undefined ? 'spent so far' : 'forecast';
  return {
    ok,
    percentAfter,
    reason: `${base.toFixed(2)} ${known} + ${decimal(addition).toFixed(2)} = ${after.toFixed(2)} of ${decimal(standing.amount).toFixed(2)}`,
  };
}
