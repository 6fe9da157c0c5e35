import { Refused } from '../core/errors.ts';
import { dateOf, dayNumber, monthLength, weekdayOf } from './expand.rules.ts';

/**
 * Five fields of cron (minute, hour, day of month, month, day of week) as Argo CD and AWS write them: names, lists,
 * ranges, steps, `?`, 7 for Sunday, `MON#1` for the first Monday of the month, `L` for the last day and `FRIL` for the
 * last Friday. AWS's wrapper `cron(…)` with a year behind (and seconds before) is read too, and its weekdays, which count
 * from SUN = 1. When both days are limited either suffices, as in every cron since Vixie's.
 */
export interface Cron {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  months: ReadonlySet<number>;
  /** -1 is the last day of the month. */
  monthDays: ReadonlySet<number> | undefined;
  /** Monday is 0; `nth` 0 is every one, -1 the last of the month. */
  weekdays: readonly { weekday: number; nth: number }[] | undefined;
  years: ReadonlySet<number> | undefined;
  /** Minutes of a day at which it fires, sorted. */
  times: readonly number[];
  text: string;
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const bad = (why: string) =>
  new Refused(why, 'Write five fields: minute, hour, day, month, weekday; 0 22 * * 5 is Friday at 22:00.', 'bad-rule');

export function readCron(text: string): Cron {
  const { fields, firstDay } = fieldsOf(text);
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = '*'] = fields;
  const minutes = numbers('minute', minute, 0, 59);
  const hours = numbers('hour', hour, 0, 23);
  return {
    minutes,
    hours,
    months: numbers('month', month, 1, 12, MONTHS, 1),
    monthDays: isAny(day) ? undefined : new Set(day.split(',').flatMap(monthDaysOf)),
    weekdays: isAny(weekday) ? undefined : weekday.split(',').flatMap((part) => weekdaysOf(part, firstDay)),
    years: isAny(year) ? undefined : numbers('year', year, 1970, 2199),
    times: [...hours].sort((a, b) => a - b).flatMap((h) => [...minutes].sort((a, b) => a - b).map((m) => h * 60 + m)),
    text: text.trim(),
  };
}

/** Whether a field leaves everything open, and so does not limit the day: `*`, also as one of a list or with a step of 1. */
const isAny = (field: string): boolean => field.split(',').some((part) => /^[*?](\/0*1)?$/.test(part));

/**
 * The fields from the minute on. AWS and Quartz, who write a year, count weekdays from SUN = 1, where cron has SUN = 0;
 * and their six fields are told from those of schedulers that put seconds in front by the `?` that they must have.
 */
function fieldsOf(text: string): { fields: string[]; firstDay: 0 | 1 } {
  const inner = /^cron\((.*)\)$/i.exec(text.trim())?.[1];
  let fields = (inner ?? text.trim()).toUpperCase().split(/\s+/).filter(Boolean);
  if (fields.length === 7 && /^0+$/.test(fields[0] ?? '')) fields = fields.slice(1);
  else if (fields.length === 6 && inner === undefined && fields[2] !== '?' && fields[4] !== '?')
    throw bad(`“${text}” may begin with seconds or end with a year: it has 6 fields.`);
  if (fields.length !== 5 && !(fields.length === 6 && isYear(fields[5] ?? '')))
    throw bad(`“${text}” is no cron schedule: it has ${fields.length} fields.`);
  return { fields, firstDay: fields.length === 6 ? 1 : 0 };
}
const isYear = (field: string): boolean => isAny(field) || /^\d{4}/.test(field);

function numbers(name: string, field: string, low: number, high: number, names: string[] = [], from = 0): Set<number> {
  const found = new Set<number>();
  // Only weekdays have a second name for their first, 7 for Sunday, and ranges that go around.
  const most = names === DAYS ? high + 1 : high;
  const value = (word: string): number => {
    const named = names.indexOf(word);
    const read = named >= 0 ? named + from : /^\d{1,4}$/.test(word) ? Number(word) : Number.NaN;
    if (!(read >= low && read <= most)) throw bad(`“${field}” is no ${name}: ${low} to ${most}.`);
    return read;
  };
  for (const part of field.split(',')) {
    const [range = '', step, ...rest] = part.split('/');
    const by = step === undefined ? 1 : /^\d{1,4}$/.test(step) ? Number(step) : 0;
    if (by < 1 || rest.length > 0) throw bad(`“${part}” is no step of a ${name}.`);
    const [first = '', last, ...more] = range.split('-');
    if (more.length > 0) throw bad(`“${part}” is no range of a ${name}.`);
    const start = isAny(range) ? low : value(first);
    const end = isAny(range) || (last === undefined && step !== undefined) ? high : value(last ?? first);
    if (end < start && names !== DAYS) throw bad(`“${part}”: the range of the ${name} ends before it begins.`);
    const size = high - low + 1;
    for (let at = start; at <= (end < start ? end + size : end); at += by) found.add(low + ((at - low) % size));
  }
  return found;
}

const monthDaysOf = (part: string): number[] => (part === 'L' ? [-1] : [...numbers('day of month', part, 1, 31)]);

function weekdaysOf(part: string, firstDay: 0 | 1 = 0): { weekday: number; nth: number }[] {
  const numbered = /^([A-Z]{3}|[0-7])(?:#([1-5])|(L))$/.exec(part);
  const [range = '', ...step] = (numbered?.[1] ?? part).split('/');
  const field = [range.replace(/\b\d\b/g, (day) => fromSunday(part, Number(day), firstDay)), ...step].join('/');
  // 5-7 is Friday to Sunday: a range that ends in Sunday wraps around the week.
  const days = numbers('weekday', field, 0, 6, DAYS);
  const nth = numbered ? (numbered[3] ? -1 : Number(numbered[2])) : 0;
  return [...days].map((day) => ({ weekday: (day + 6) % 7, nth }));
}

function fromSunday(part: string, day: number, firstDay: 0 | 1): string {
  if (day < firstDay) throw bad(`“${part}” is no weekday: with a year, 1 is Sunday and 7 Saturday.`);
  return String(day - firstDay);
}

/** Whether there is any day on which it fires: not on the 30th of February. Weekdays and dates repeat after 28 years. */
export function everFires(cron: Cron): boolean {
  const { years } = cron;
  const [from, to] = years ? [Math.min(...years), Math.max(...years)] : [2024, 2052];
  for (let day = dayNumber(from, 1, 1); day < dayNumber(to + 1, 1, 1); day += 1) if (firesOn(cron, day)) return true;
  return false;
}

/** Whether it fires on this day (days since the epoch, local). */
export function firesOn(cron: Cron, day: number): boolean {
  const { year, month, dayOfMonth } = dateOf(day);
  if (!cron.months.has(month) || (cron.years && !cron.years.has(year))) return false;
  const { monthDays, weekdays } = cron;
  const length = monthLength(year, month);
  const byDate = monthDays?.has(dayOfMonth) || (monthDays?.has(-1) && dayOfMonth === length);
  const byWeekday = weekdays?.some((each) => isWeekday(each, day, dayOfMonth, length));
  if (monthDays && weekdays) return Boolean(byDate || byWeekday);
  return monthDays ? Boolean(byDate) : weekdays ? Boolean(byWeekday) : true;
}

function isWeekday({ weekday, nth }: { weekday: number; nth: number }, day: number, ofMonth: number, length: number) {
  if (weekdayOf(day) !== weekday) return false;
  if (nth === 0) return true;
  return nth > 0 ? Math.ceil(ofMonth / 7) === nth : ofMonth + 7 > length;
}

/**
 * The day of a month that "Mon#1", "Fri#L" or "FriL" means; undefined when the month has no such day ("Mon#5").
 * `month` is "2024-09".
 */
export function nthWeekday(expression: string, month: string): number | undefined {
  const days = weekdaysOf(expression.trim().toUpperCase().replace('#L', 'L'));
  const [, year = '', number = ''] = /^(\d{4})-(\d{2})$/.exec(month.trim()) ?? [];
  if (!year) throw new Refused(`“${month}” is no month.`, 'Write 2024-09.', 'bad-month');
  const length = monthLength(Number(year), Number(number));
  const first = Date.UTC(Number(year), Number(number) - 1, 1) / 86_400_000;
  for (let dayOfMonth = 1; dayOfMonth <= length; dayOfMonth += 1)
    if (days.some((each) => isWeekday(each, first + dayOfMonth - 1, dayOfMonth, length))) return dayOfMonth;
  return undefined;
}
