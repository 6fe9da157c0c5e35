import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { isBelowDaily, type Rule } from './rrule.rules.ts';

/**
 * Expands a recurrence rule in floating local time: whole numbers of days and milliseconds, no zone, so that a time the
 * clocks skip is still an occurrence and counts (RFC 5545 3.3.10); zones come afterwards (zones.ts).
 *
 * The days are reckoned here, in integers: a calendar of 2,000 rules is expanded for a year at once, and rrule-temporal,
 * which makes an object of every occurrence, took about a hundred times as long. It is the peer that the tests compare
 * with, and does the rules below daily, which no window may have.
 */
const DAY_MS = 86_400_000;

/** Local starts of occurrences in [fromMs, toMs), sorted. `dtstartMs` is the local start of the series. */
export function occurrences(rule: Rule, dtstartMs: number, fromMs: number, toMs: number): number[] {
  const starts: number[] = [];
  for (const at of series(rule, dtstartMs, fromMs, toMs)) if (at >= fromMs) starts.push(at);
  return starts;
}

/** The first `most` occurrences; fewer when the rule ends, or finds nothing for a century. */
export function firstOccurrences(rule: Rule, dtstartMs: number, most: number): number[] {
  const starts: number[] = [];
  for (const at of series(rule, dtstartMs, dtstartMs, dtstartMs + 36_525 * DAY_MS)) {
    starts.push(at);
    if (starts.length >= most) break;
  }
  return starts;
}

function* series(rule: Rule, dtstartMs: number, fromMs: number, toMs: number): Generator<number> {
  if (isBelowDaily(rule)) {
    yield* belowDaily(rule, dtstartMs, toMs);
    return;
  }
  const plan = planOf(rule, dtstartMs);
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  // A rule that counts has to be followed from its start; any other may begin near what is asked for.
  let period = rule.count === undefined ? firstPeriod(rule, plan, fromMs) : 0;
  for (; ; period += 1) {
    const found = inPeriod(rule, plan, period);
    if (found.beginMs >= toMs) return;
    for (const at of found.starts) {
      if (at < dtstartMs) continue;
      if (at >= toMs) return;
      yield at;
      left -= 1;
      if (left <= 0) return;
    }
  }
}

interface Plan {
  /** Day number (days since the epoch) of the series' start, and its year and month. */
  day: number;
  year: number;
  month: number;
  byMonth: ReadonlySet<number>;
  byMonthDay: ReadonlySet<number>;
  byYearDay: ReadonlySet<number>;
  byWeekNumber: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  nth: readonly { weekday: number; nth: number }[];
  /** Times of a day, sorted; milliseconds. */
  times: readonly number[];
}

function planOf(rule: Rule, dtstartMs: number): Plan {
  const day = Math.floor(dtstartMs / DAY_MS);
  const { year, month, dayOfMonth } = dateOf(day);
  const time = dtstartMs - day * DAY_MS;
  const { byMonth, byMonthDay, byYearDay, byWeekNumber, byDay } = rule;
  // What the rule leaves open comes from the start of the series (RFC 5545 3.3.10, the table of BYxxx parts).
  const open = byMonthDay.length + byYearDay.length + byWeekNumber.length + byDay.length === 0;
  const byStart = open && (rule.frequency === 'YEARLY' || rule.frequency === 'MONTHLY');
  const plain = byDay.filter(({ nth }) => nth === 0).map(({ weekday }) => weekday);
  const hours = rule.byHour.length > 0 ? rule.byHour : [Math.floor(time / 3_600_000)];
  const minutes = rule.byMinute.length > 0 ? rule.byMinute : [Math.floor(time / 60_000) % 60];
  const seconds = rule.bySecond.length > 0 ? rule.bySecond : [Math.floor(time / 1_000) % 60];
  const times = hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => ((h * 60 + m) * 60 + s) * 1_000)));
  return {
    day,
    year,
    month,
    byMonth: new Set(byStart && rule.frequency === 'YEARLY' && byMonth.length === 0 ? [month] : byMonth),
    byMonthDay: new Set(byStart ? [dayOfMonth] : byMonthDay),
    byYearDay: new Set(byYearDay),
    byWeekNumber: new Set(byWeekNumber),
    weekdays: new Set(open && rule.frequency === 'WEEKLY' ? [weekdayOf(day)] : plain),
    nth: byDay.filter(({ nth }) => nth !== 0),
    times: [...new Set(times)].sort((a, b) => a - b),
  };
}

/** The last period that begins at or before `fromMs`; 0 when that is before the series. */
function firstPeriod({ frequency, interval, weekStart }: Rule, plan: Plan, fromMs: number): number {
  const day = Math.floor(fromMs / DAY_MS);
  if (day <= plan.day) return 0;
  const { year, month } = dateOf(day);
  const passed =
    frequency === 'YEARLY'
      ? year - plan.year
      : frequency === 'MONTHLY'
        ? (year - plan.year) * 12 + month - plan.month
        : frequency === 'WEEKLY'
          ? (day - weekBegin(plan.day, weekStart)) / 7
          : day - plan.day;
  return Math.max(0, Math.floor(passed / interval));
}

function inPeriod(rule: Rule, plan: Plan, period: number): { beginMs: number; starts: number[] } {
  const { begin, length } = spanOf(rule, plan, period);
  const days: number[] = [];
  const numbered = plan.nth.length > 0 ? numberedDays(rule, plan, begin, length) : undefined;
  for (let day = begin; day < begin + length; day += 1) if (fits(rule, plan, day, numbered)) days.push(day);
  const starts: number[] = [];
  for (const day of days) for (const time of plan.times) starts.push(day * DAY_MS + time);
  return { beginMs: begin * DAY_MS, starts: rule.bySetPosition.length > 0 ? chosen(rule, starts) : starts };
}

function spanOf(
  { frequency, interval, weekStart }: Rule,
  plan: Plan,
  period: number,
): { begin: number; length: number } {
  const step = period * interval;
  if (frequency === 'DAILY') return { begin: plan.day + step, length: 1 };
  if (frequency === 'WEEKLY') return { begin: weekBegin(plan.day, weekStart) + step * 7, length: 7 };
  if (frequency === 'MONTHLY') {
    const months = plan.year * 12 + plan.month - 1 + step;
    const begin = dayNumber(Math.floor(months / 12), (months % 12) + 1, 1);
    return { begin, length: dayNumber(Math.floor((months + 1) / 12), ((months + 1) % 12) + 1, 1) - begin };
  }
  const begin = dayNumber(plan.year + step, 1, 1);
  return { begin, length: dayNumber(plan.year + step + 1, 1, 1) - begin };
}

function fits(rule: Rule, plan: Plan, day: number, numbered: ReadonlySet<number> | undefined): boolean {
  if (plan.weekdays.size > 0 || numbered) {
    if (!plan.weekdays.has(weekdayOf(day)) && !numbered?.has(day)) return false;
  }
  const { byMonth, byMonthDay, byYearDay, byWeekNumber } = plan;
  if (byMonth.size + byMonthDay.size + byYearDay.size + byWeekNumber.size === 0) return true;
  const { year, month, dayOfMonth } = dateOf(day);
  if (byMonth.size > 0 && !byMonth.has(month)) return false;
  if (byMonthDay.size > 0 && !byMonthDay.has(dayOfMonth) && !byMonthDay.has(dayOfMonth - monthLength(year, month) - 1))
    return false;
  if (byYearDay.size > 0) {
    const ofYear = day - dayNumber(year, 1, 1) + 1;
    if (!byYearDay.has(ofYear) && !byYearDay.has(ofYear - yearLength(year) - 1)) return false;
  }
  if (byWeekNumber.size > 0) {
    const { number, weeks } = weekOf(day, rule.weekStart);
    if (!byWeekNumber.has(number) && !byWeekNumber.has(number - weeks - 1)) return false;
  }
  return true;
}

/** The days that "2TU" or "-1FR" mean: within the month, or within the year when no month is named. */
function numberedDays(rule: Rule, plan: Plan, begin: number, length: number): Set<number> {
  const spans: { begin: number; length: number }[] = [];
  if (rule.frequency === 'YEARLY' && plan.byMonth.size === 0) spans.push({ begin, length });
  else if (rule.frequency === 'MONTHLY') spans.push({ begin, length });
  else {
    const { year } = dateOf(begin);
    for (const month of plan.byMonth)
      spans.push({ begin: dayNumber(year, month, 1), length: monthLength(year, month) });
  }
  const days = new Set<number>();
  for (const span of spans) {
    for (const { weekday, nth } of plan.nth) {
      const first = span.begin + ((weekday - weekdayOf(span.begin) + 7) % 7);
      const last = span.begin + span.length - 1;
      const day = nth > 0 ? first + (nth - 1) * 7 : last - ((weekdayOf(last) - weekday + 7) % 7) + (nth + 1) * 7;
      if (day >= span.begin && day <= last) days.add(day);
    }
  }
  return days;
}

const chosen = ({ bySetPosition }: Rule, starts: readonly number[]): number[] => {
  const picked = bySetPosition.map((position) => starts.at(position > 0 ? position - 1 : position));
  return [...new Set(picked.filter((at) => at !== undefined))].sort((a, b) => a - b);
};

/** Monday is 0. The epoch was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;
const weekBegin = (day: number, weekStart: number): number => day - ((weekdayOf(day) - weekStart + 7) % 7);
export const dayNumber = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / DAY_MS;
export const dateOf = (day: number): { year: number; month: number; dayOfMonth: number } => {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
};
export const monthLength = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const yearLength = (year: number): number => dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1);

/** The number of a week, and how many its year has: week 1 is the first with four days in the year (ISO 8601). */
function weekOf(day: number, weekStart: number): { number: number; weeks: number } {
  const begin = weekBegin(day, weekStart);
  const { year } = dateOf(begin + 3);
  const firstWeek = (of: number) => weekBegin(dayNumber(of, 1, 4), weekStart);
  return {
    number: (begin - firstWeek(year)) / 7 + 1,
    weeks: (firstWeek(year + 1) - firstWeek(year)) / 7,
  };
}

/** A day at a time: asked for a century of seconds at once, the expander would make them all. */
function* belowDaily(rule: Rule, dtstartMs: number, toMs: number): Generator<number> {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(dtstartMs).toZonedDateTimeISO('UTC');
  const text = rule.text.replace(/;?UNTIL=[^;]*/i, '').replace(/^;/, '');
  const expander = new RRuleTemporal({ rruleString: `RRULE:${text}`, dtstart, tzid: 'UTC', maxIterations: DAY_MS });
  // UNTIL is an instant; a local time is never more than a day from it, and the caller looks at the instant.
  const endMs = Math.min(toMs, (rule.untilMs ?? Number.POSITIVE_INFINITY) + DAY_MS);
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  for (let from = dtstartMs; from < endMs && left > 0; from += DAY_MS) {
    const to = Math.min(from + DAY_MS, endMs);
    for (const { epochMilliseconds: at } of expander.between(new Date(from), new Date(to - 1), true)) {
      yield at;
      left -= 1;
    }
  }
}
