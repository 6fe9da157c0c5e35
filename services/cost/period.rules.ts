import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';

/** A stretch of whole days, both included, in UTC as Azure bills. */
export interface Period {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
  /** In words: "November 2026, to date". */
  words: string;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const MOST_DAYS = 366 * 5;

type Read = (match: RegExpExecArray, today: Temporal.PlainDate) => Omit<Period, 'words'> | undefined;

const startOfWeek = (day: Temporal.PlainDate) => day.subtract({ days: day.dayOfWeek - 1 });
const startOfQuarter = (day: Temporal.PlainDate) =>
  day.with({ month: 3 * Math.floor((day.month - 1) / 3) + 1, day: 1 });
const UNITS: Readonly<
  Record<string, { start: (day: Temporal.PlainDate) => Temporal.PlainDate; length: Temporal.DurationLike }>
> = {
  week: { start: startOfWeek, length: { days: 7 } },
  month: { start: (day) => day.with({ day: 1 }), length: { months: 1 } },
  quarter: { start: startOfQuarter, length: { months: 3 } },
  year: { start: (day) => day.with({ month: 1, day: 1 }), length: { years: 1 } },
};

const date = (text: string | undefined): Temporal.PlainDate => {
  try {
    return Temporal.PlainDate.from(text ?? '', { overflow: 'reject' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refused(`There is no day ${text}.`, 'Write a day such as 2026-10-31.', 'no-such-day');
  }
};
const whole = (from: Temporal.PlainDate, length: Temporal.DurationLike) => ({
  from,
  to: from.add(length).subtract({ days: 1 }),
});

const monthOf = (name: string): number =>
  MONTHS.findIndex((each) => each.startsWith(name.toLowerCase().slice(0, 3))) + 1;

/** A month by its name: the latest one that has begun. */
const named: Read = ([, name = '', year], today) => {
  const month = monthOf(name);
  const latest = today.year - (month > today.month ? 1 : 0);
  return whole(Temporal.PlainDate.from({ year: Number(year ?? latest), month, day: 1 }), { months: 1 });
};

const COUNTS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const DAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const LENGTHS: Readonly<Record<string, string>> = { d: 'days', w: 'weeks', m: 'months', y: 'years' };
const DAY = String.raw`(\d{4}-\d{1,2}-\d{1,2})`;
const MONTH_NAME =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
/** Everything people write for a time; anchored at the end, so that a subject can stand before it. */
const READERS: readonly (readonly [string, Read])[] = [
  [
    String.raw`(?:from |between )?${DAY}(?: to | until | and |\.\.| - )${DAY}`,
    ([, from, to]) => ({ from: date(from), to: date(to) }),
  ],
  [`(?:since )${DAY}`, ([, from], today) => ({ from: date(from), to: today })],
  [
    `(?:since )${MONTH_NAME}(?: (\\d{4}))?`,
    (match, today) => ({ from: named(match, today)?.from ?? today, to: today }),
  ],
  [
    '(first|second|1st|2nd) half(?: of (20\\d\\d))?|h([12])(?: (20\\d\\d))?',
    ([, word, year, half, other], today) => {
      const second = half === '2' || /^(second|2nd)$/i.test(word ?? '');
      return whole(date(`${year ?? other ?? today.year}-${second ? '07' : '01'}-01`), { months: 6 });
    },
  ],
  [
    `(?:on |last )?(${DAYS.join('|')})`,
    ([, name = ''], today) => {
      const back = (today.dayOfWeek - 1 - DAYS.indexOf(name.toLowerCase()) + 7) % 7 || 7;
      return whole(today.subtract({ days: back }), { days: 1 });
    },
  ],
  [
    `(?:on )?(?:(\\d{1,2})(?:st|nd|rd|th)? (?:of )?${MONTH_NAME}|${MONTH_NAME} (\\d{1,2})(?:st|nd|rd|th)?)(?: (20\\d\\d))?`,
    ([, before, month, name, after, year], today) => {
      const number = monthOf(month ?? name ?? '');
      const day = String(before ?? after).padStart(2, '0');
      const of = (inYear: number | string) => date(`${inYear}-${String(number).padStart(2, '0')}-${day}`);
      const latest = of(year ?? today.year);
      const on = year === undefined && Temporal.PlainDate.compare(latest, today) > 0 ? of(today.year - 1) : latest;
      return whole(on, { days: 1 });
    },
  ],
  [`(?:on )?${DAY}`, ([, day]) => ({ from: date(day), to: date(day) })],
  [
    String.raw`(\d{4})-?q([1-4])`,
    ([, year, quarter]) => whole(date(`${year}-${String(Number(quarter) * 3 - 2).padStart(2, '0')}-01`), { months: 3 }),
  ],
  [
    String.raw`q([1-4])(?: (\d{4}))?`,
    ([, quarter, year], today) =>
      whole(date(`${year ?? today.year}-${String(Number(quarter) * 3 - 2).padStart(2, '0')}-01`), { months: 3 }),
  ],
  [
    String.raw`(\d{4})-(\d{1,2})`,
    ([, year, month]) => whole(date(`${year}-${month?.padStart(2, '0')}-01`), { months: 1 }),
  ],
  [String.raw`(?:in )?${MONTH_NAME}(?: (\d{4}))?`, named],
  [String.raw`(?:in )?(20\d\d)`, ([, year]) => whole(date(`${year}-01-01`), { years: 1 })],
  ['today', (_, today) => ({ from: today, to: today })],
  ['yesterday', (_, today) => whole(today.subtract({ days: 1 }), { days: 1 })],
  ['tomorrow', (_, today) => whole(today.add({ days: 1 }), { days: 1 })],
  [
    '(?:the )?(this|current|last|past|previous|next) (week|month|quarter|year)(?: so far| to date)?',
    ([, which = '', unit = ''], today) => {
      const { start, length } = UNITS[unit.toLowerCase()] as (typeof UNITS)[string];
      const now = start(today);
      if (/last|past|previous/i.test(which))
        return { from: start(now.subtract({ days: 1 })), to: now.subtract({ days: 1 }) };
      return whole(/next/i.test(which) ? now.add(length) : now, length);
    },
  ],
  [
    `(?:the )?(?:last|past|previous) (\\d{1,4}|${COUNTS.join('|')}) ?(d|days?|w|weeks?|months?|years?)`,
    ([, count = '', unit = ''], today) => {
      const many = COUNTS.indexOf(count.toLowerCase()) + 1 || Number(count);
      const length = { [LENGTHS[unit.toLowerCase().charAt(0)] ?? 'days']: many };
      // Today is not over, so it is not one of them.
      return many < 1 ? undefined : { from: today.subtract(length), to: today.subtract({ days: 1 }) };
    },
  ],
  ['month to date|mtd', (_, today) => whole(today.with({ day: 1 }), { months: 1 })],
  ['year to date|ytd', (_, today) => whole(today.with({ month: 1, day: 1 }), { years: 1 })],
];

/** A period at the end of the words, and the words before it. `undefined` when the words end in none. */
export function findPeriod(words: string, today: Temporal.PlainDate): { rest: string; period: Period } | undefined {
  const text = words.trim().replace(/\s+/g, ' ');
  return range(text, today) ?? single(text, today);
}

/** "1 October to 15 October", "Monday to yesterday": from the first day of one to the last day of the other. */
function range(text: string, today: Temporal.PlainDate): ReturnType<typeof findPeriod> {
  const [, left = '', right] = RANGE.exec(text) ?? [];
  const end = right === undefined ? undefined : single(right, today);
  const start = end?.rest === '' ? single(left, today) : undefined;
  if (!end || !start) return undefined;
  const { from } = start.period;
  let { to } = end.period;
  // What is said without a year was read as the latest that has been; it is the first after the beginning.
  if (Temporal.PlainDate.compare(to, from) < 0 && !/\d{4}/.test(right ?? '')) to = to.add({ years: 1 });
  return { rest: start.rest, period: checked({ from, to }, today) };
}
const RANGE = /^(.*\S) (?:to|until|till|through) (\S.*)$/i;

function single(text: string, today: Temporal.PlainDate): ReturnType<typeof findPeriod> {
  for (const [pattern, read] of READERS) {
    const match = new RegExp(
      `(?:^|\\s)(?:(?:in|for|of|during|over|within|on|from|since|between) )?(?:${pattern})$`,
      'i',
    ).exec(text);
    const found = match && read(match, today);
    if (match && found) return { rest: text.slice(0, match.index).trim(), period: checked(found, today) };
  }
  return undefined;
}

/**
 * Words of a forecast without its time, which is always this month and the next three. `month` (2026-12) when a single one
 * is meant by name: the coming one of that name.
 */
export function ahead(words: string, today: Temporal.PlainDate): { rest: string; month?: string } {
  const text = words
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[?!.]+$/, '');
  const match = AHEAD.exec(text);
  if (!match) return { rest: text };
  const rest = text.slice(0, match.index).trim();
  const [whole, name, year] = match;
  if (name === undefined) {
    const next = today.add({ months: 1 }).toPlainYearMonth().toString();
    return /next month/i.test(whole) ? { rest, month: next } : { rest };
  }
  const number = monthOf(name);
  const of = year === undefined ? today.year + (number < today.month ? 1 : 0) : Number(year);
  return { rest, month: `${of}-${String(number).padStart(2, '0')}` };
}
const AHEAD = new RegExp(
  `(?:^|\\s)(?:(?:in|for|of|until|till|by|at|to|over) )?(?:the )?(?:${MONTH_NAME}(?: (20\\d\\d))?|(?:end of )?(?:the |this |next |coming )?(?:month|quarter|year)(?:[- ]end)?|(?:next |coming )?(?:three|3) months)$`,
  'i',
);

/** A period as somebody wrote it. Throws `Refused` for what is none, lies ahead, is reversed or too long. */
export function readPeriod(words: string, today: Temporal.PlainDate): Period {
  const found = findPeriod(words, today);
  if (found && found.rest === '') return found.period;
  throw new Refused(
    `I cannot read “${words.slice(0, 60)}” as a time.`,
    'Write this month, last quarter, October, 2026-10, last 30 days, or 2026-10-01 to 2026-10-31.',
    'no-period',
  );
}

function checked({ from, to }: Omit<Period, 'words'>, today: Temporal.PlainDate): Period {
  if (Temporal.PlainDate.compare(to, from) < 0)
    throw new Refused(
      `${from} is after ${to}: that period ends before it begins.`,
      `Did you mean ${to} to ${from}?`,
      'reversed',
    );
  if (Temporal.PlainDate.compare(from, today) > 0)
    throw new Refused(`${from} lies ahead: nothing is spent yet.`, 'Say “forecast” for what is expected.', 'future');
  if (from.until(to).days > MOST_DAYS)
    throw new Refused('That is more than five years.', 'Ask for a shorter time.', 'too-long');
  const open = Temporal.PlainDate.compare(to, today) >= 0;
  const until = open ? today : to;
  return { from, to: until, words: wordsOf(from, to, open) };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function wordsOf(from: Temporal.PlainDate, to: Temporal.PlainDate, open: boolean): string {
  const sofar = open ? ', to date' : '';
  const next = to.add({ days: 1 });
  if (from.day === 1 && next.day === 1) {
    const months = from.until(next, { largestUnit: 'months' }).months;
    if (months === 1) return `${capital(MONTHS[from.month - 1] ?? '')} ${from.year}${sofar}`;
    if (months === 3 && from.month % 3 === 1) return `Q${Math.ceil(from.month / 3)} ${from.year}${sofar}`;
    if (months === 12 && from.month === 1) return `${from.year}${sofar}`;
  }
  return from.equals(to) ? `${from}${sofar}` : `${from} to ${to}${sofar}`;
}

/** The period before, of the same length: for a month, or a quarter or year to date, the same days of the one before. */
export function before({ from, to, words }: Period): Period {
  const begun = /^(Q\d )?\d{4}, to date$/.exec(words);
  if (begun) {
    const back = { months: begun[1] ? 3 : 12 };
    const [start, end] = [from.subtract(back), to.subtract(back)];
    return { from: start, to: end, words: wordsOf(start, end, false) };
  }
  const monthly = from.day === 1 && from.month === to.month && from.year === to.year;
  const full = from.day === 1 && to.add({ days: 1 }).day === 1;
  if (monthly || full) {
    const months = Math.max(1, from.until(to.add({ days: 1 }), { largestUnit: 'months' }).months);
    const start = from.subtract({ months });
    const end = full ? from.subtract({ days: 1 }) : to.subtract({ months: 1 });
    return { from: start, to: end, words: wordsOf(start, end, false) };
  }
  const days = from.until(to).days + 1;
  const start = from.subtract({ days });
  return { from: start, to: from.subtract({ days: 1 }), words: wordsOf(start, from.subtract({ days: 1 }), false) };
}

/** A day as the store and Azure write it: YYYYMMDD. */
export const dayNumber = (day: Temporal.PlainDate): number => day.year * 10_000 + day.month * 100 + day.day;
export const dayFrom = (number: number): Temporal.PlainDate =>
  Temporal.PlainDate.from({
    year: Math.floor(number / 10_000),
    month: Math.floor(number / 100) % 100,
    day: number % 100,
  });

/** Days that are missing, as stretches in words: "2026-10-01 to 2026-10-30 (30 days)". */
export function stretches(days: readonly Temporal.PlainDate[]): string[] {
  const runs: Temporal.PlainDate[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.at(-1)?.add({ days: 1 }).equals(day)) run.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length === 1 ? String(run[0]) : `${run[0]} to ${run.at(-1)} (${run.length} days)`));
}
