import { Refused } from '../core/errors.ts';
import { localise, readLocal } from './zones.ts';

/** An RRULE (RFC 5545 3.3.10), read. Weekdays count from Monday = 0, months from 1. */
export interface Rule {
  frequency: Frequency;
  interval: number;
  count?: number;
  /** The last instant at which an occurrence may begin, inclusive; milliseconds. */
  untilMs?: number;
  byMonth: readonly number[];
  byMonthDay: readonly number[];
  byYearDay: readonly number[];
  byWeekNumber: readonly number[];
  /** `nth` 0 is every one. */
  byDay: readonly { weekday: number; nth: number }[];
  byHour: readonly number[];
  byMinute: readonly number[];
  bySecond: readonly number[];
  bySetPosition: readonly number[];
  weekStart: number;
  text: string;
}
export type Frequency = 'YEARLY' | 'MONTHLY' | 'WEEKLY' | 'DAILY' | 'HOURLY' | 'MINUTELY' | 'SECONDLY';

const FREQUENCIES: readonly string[] = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'];
const BELOW_DAILY: readonly string[] = ['HOURLY', 'MINUTELY', 'SECONDLY'];
export const isBelowDaily = ({ frequency }: Rule): boolean => BELOW_DAILY.includes(frequency);

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const DAY_MS = 86_400_000;

const bad = (why: string, next: string) => new Refused(why, next, 'bad-rule');

/**
 * Reads "FREQ=WEEKLY;BYDAY=FR", with or without "RRULE:" before it. What RFC 5545 forbids is refused with the part that is
 * wrong: a rule that is half understood would open a window that nobody meant.
 */
export function readRule(text: string, zone: string): Rule {
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .replace(/^RRULE:/i, '')
    .split(';')) {
    if (part.trim() === '') continue;
    const [name = '', value = '', ...rest] = part.split('=').map((word) => word.trim().toUpperCase());
    if (!value || rest.length > 0) throw bad(`“${part}” in the rule is not NAME=VALUE.`, 'Write FREQ=WEEKLY;BYDAY=FR.');
    if (parts.has(name)) throw bad(`The rule says ${name} twice.`, 'Say it once, with a comma between the values.');
    parts.set(name, value);
  }
  const take = (name: string): string | undefined => {
    const value = parts.get(name);
    parts.delete(name);
    return value;
  };
  const frequency = take('FREQ') ?? '';
  if (!FREQUENCIES.includes(frequency))
    throw bad(`FREQ=${frequency || '?'} is no frequency.`, 'Write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.');
  const numbers = (name: string, low: number, high: number, negative = false): number[] =>
    (take(name) ?? '')
      .split(',')
      .filter(Boolean)
      .map((word) => numberIn(name, word, low, high, negative));
  const count = take('COUNT');
  const until = take('UNTIL');
  if (count !== undefined && until !== undefined)
    throw bad('The rule has COUNT and UNTIL; RFC 5545 allows one of them.', 'Leave one out.');
  const rule: Rule = {
    frequency: frequency as Frequency,
    interval: numberIn('INTERVAL', take('INTERVAL') ?? '1', 1, 10_000),
    ...(count === undefined ? {} : { count: numberIn('COUNT', count, 1, 100_000) }),
    ...(until === undefined ? {} : { untilMs: untilOf(until, zone) }),
    byMonth: numbers('BYMONTH', 1, 12),
    byMonthDay: numbers('BYMONTHDAY', 1, 31, true),
    byYearDay: numbers('BYYEARDAY', 1, 366, true),
    byWeekNumber: numbers('BYWEEKNO', 1, 53, true),
    byDay: (take('BYDAY') ?? '').split(',').filter(Boolean).map(byDayOf),
    byHour: numbers('BYHOUR', 0, 23),
    byMinute: numbers('BYMINUTE', 0, 59),
    bySecond: numbers('BYSECOND', 0, 59),
    bySetPosition: numbers('BYSETPOS', 1, 366, true),
    weekStart: weekdayOf(take('WKST') ?? 'MO'),
    text: text.trim().replace(/^RRULE:/i, ''),
  };
  const [unknown] = parts.keys();
  if (unknown !== undefined)
    throw bad(`“${unknown}” is no part of a recurrence rule.`, 'See RFC 5545, section 3.3.10.');
  checkTogether(rule);
  return rule;
}

function checkTogether(rule: Rule): void {
  const { frequency } = rule;
  if (rule.byWeekNumber.length > 0 && frequency !== 'YEARLY')
    throw bad('BYWEEKNO goes with FREQ=YEARLY only.', 'Use BYDAY or BYMONTHDAY instead.');
  if (rule.byDay.some(({ nth }) => nth !== 0) && frequency !== 'MONTHLY' && frequency !== 'YEARLY')
    throw bad('A numbered weekday (2TU) goes with FREQ=MONTHLY or YEARLY only.', 'Write TU, or FREQ=MONTHLY.');
  if (rule.byDay.some(({ nth }) => nth !== 0) && rule.byWeekNumber.length > 0)
    throw bad('A numbered weekday (2TU) does not go with BYWEEKNO.', 'Write TU: the week is numbered already.');
  if (rule.byMonthDay.length > 0 && frequency === 'WEEKLY')
    throw bad('BYMONTHDAY does not go with FREQ=WEEKLY.', 'Use FREQ=MONTHLY.');
  if (rule.byYearDay.length > 0 && ['DAILY', 'WEEKLY', 'MONTHLY'].includes(frequency))
    throw bad(`BYYEARDAY does not go with FREQ=${frequency}.`, 'Use FREQ=YEARLY.');
  const others =
    rule.byMonth.length + rule.byMonthDay.length + rule.byYearDay.length + rule.byWeekNumber.length + rule.byDay.length;
  if (rule.bySetPosition.length > 0 && others + rule.byHour.length + rule.byMinute.length + rule.bySecond.length === 0)
    throw bad('BYSETPOS chooses among what another BY… part lists, and there is none.', 'Add BYDAY or BYMONTHDAY.');
}

function numberIn(name: string, word: string, low: number, high: number, negative = false): number {
  const value = /^[+-]?\d{1,6}$/.test(word) ? Number(word) : Number.NaN;
  const size = negative ? Math.abs(value) : value;
  if (!(size >= low && size <= high))
    throw bad(
      `${name}=${word} is out of range.`,
      `It goes from ${negative ? `±${low}` : low} to ${negative ? '±' : ''}${high}.`,
    );
  return value;
}

function weekdayOf(word: string): number {
  const weekday = (WEEKDAYS as readonly string[]).indexOf(word);
  if (weekday < 0) throw bad(`“${word}” is no weekday.`, `It is one of ${WEEKDAYS.join(', ')}.`);
  return weekday;
}

function byDayOf(word: string): { weekday: number; nth: number } {
  const [, nth = '', day = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(word) ?? [];
  const weekday = weekdayOf(day || word);
  if (nth !== '' && (Number(nth) === 0 || Math.abs(Number(nth)) > 53))
    throw bad(`BYDAY=${word}: there is no ${nth}th week.`, 'It goes from ±1 to ±53.');
  return { weekday, nth: Number(nth) };
}

/**
 * UNTIL in UTC as RFC 5545 wants it beside a zone; a local one (which Outlook writes) is read in the window's zone, and a
 * date is the whole of that day.
 */
function untilOf(text: string, zone: string): number {
  const utc = text.endsWith('Z');
  const read = readLocal(utc ? text.slice(0, -1) : text);
  if (!read) throw bad(`UNTIL=${text} is no time.`, 'Write 20261224T000000Z.');
  if (utc) return read.localMs;
  return localise(zone, read.dateOnly ? read.localMs + DAY_MS - 1 : read.localMs);
}
