import { Temporal } from 'temporal-polyfill';
import { WEEKDAYS } from '../services/core/week-hours.rules.ts';
import { type Read, short, tidy } from './words.ts';
import { MONTHS, readInstant, type Said } from './words-instant.ts';

/** Words about what has been: "Monday" is the last one, and a day begins at midnight in the person's zone. */

interface Range {
  from: Temporal.ZonedDateTime;
  to: Temporal.ZonedDateTime;
}

/** The named place in a list by at least its first three letters, from 1. */
const named = (names: readonly string[], word: string): number =>
  word.length < 3 ? 0 : names.findIndex((name) => name.startsWith(word)) + 1;

/** "today", "last week", "this month", "November", "2026-10", "last 30 days", "Monday", "1 November". */
function rangeOf(text: string, { now, zone }: Said): Range | undefined {
  const here = now.toZonedDateTimeISO(zone);
  const today = here.startOfDay();
  const range = (from: Temporal.ZonedDateTime, length: Temporal.DurationLike): Range => ({
    from,
    to: from.add(length),
  });
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const first = today.subtract({ days: today.day - 1 });
  const fixed: Record<string, () => Range> = {
    today: () => range(today, { days: 1 }),
    yesterday: () => range(today.subtract({ days: 1 }), { days: 1 }),
    'this week': () => range(monday, { days: 7 }),
    'last week': () => range(monday.subtract({ days: 7 }), { days: 7 }),
    'this month': () => range(first, { months: 1 }),
    'last month': () => range(first.subtract({ months: 1 }), { months: 1 }),
    'this year': () => range(first.with({ month: 1 }), { years: 1 }),
    'last year': () => range(first.with({ month: 1 }).subtract({ years: 1 }), { years: 1 }),
  };
  const known = fixed[text];
  if (known) return known();
  const rolling = /^(?:the )?(?:last|past) (\d{1,4}) (hour|day|week|month)s?$/.exec(text);
  if (rolling) return { from: here.subtract({ [`${rolling[2]}s`]: Number(rolling[1]) }), to: here };
  const weekday = named(WEEKDAYS, text.replace(/^last /, ''));
  if (weekday > 0 && !text.includes(' ', 5)) {
    const back = (today.dayOfWeek - weekday + 7) % 7 || (text.startsWith('last ') ? 7 : 0);
    return range(today.subtract({ days: back }), { days: 1 });
  }
  return monthOf(text, first) ?? dayOf(text, today);
}

/** "November", "October 2025", "2026-10"; without a year the last one that has begun. */
function monthOf(text: string, first: Temporal.ZonedDateTime): Range | undefined {
  const iso = /^(\d{4})-(\d{2})$/.exec(text);
  const [word = '', said] = text.split(' ');
  const month = iso ? Number(iso[2]) : named(MONTHS, word);
  if (month < 1 || month > 12 || (!iso && said !== undefined && !/^\d{4}$/.test(said))) return undefined;
  if (!iso && text.split(' ').length > 2) return undefined;
  const year = iso ? Number(iso[1]) : said ? Number(said) : first.year - (month > first.month ? 1 : 0);
  const from = first.with({ day: 1, month, year });
  return { from, to: from.add({ months: 1 }) };
}

/** "2026-11-01", "1 November", "November 1", with or without a year. */
function dayOf(text: string, today: Temporal.ZonedDateTime): Range | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const words = text.replace(/(\d)(?:st|nd|rd|th)\b/, '$1').split(' ');
  const number = words.findIndex((word) => /^\d{1,2}$/.test(word));
  const month = iso ? Number(iso[2]) : Math.max(0, ...words.map((word) => named(MONTHS, word)));
  const day = iso ? Number(iso[3]) : Number(words[number]);
  if (!iso && (number < 0 || month === 0 || words.length > 3)) return undefined;
  const year = iso?.[1] ?? words.find((word) => /^\d{4}$/.test(word));
  try {
    const at = (of: number) =>
      Temporal.PlainDate.from({ year: of, month, day }, { overflow: 'reject' }).toZonedDateTime(today.timeZoneId);
    const from = at(year === undefined ? today.year : Number(year));
    const start = year === undefined && Temporal.ZonedDateTime.compare(from, today) > 0 ? at(today.year - 1) : from;
    return { from: start, to: start.add({ days: 1 }) };
  } catch {
    return undefined;
  }
}

/** "Monday", "yesterday", "last week", "2 hours ago", "1 November" → the instant at which it began. */
export function readSince(words: string, said: Said): Read {
  const text = tidy(words);
  const range = rangeOf(text, said);
  if (range) return { value: range.from.toInstant().toString() };
  const read = readInstant(words, said);
  if ('why' in read)
    return { ...read, why: `"${short(words)}" is not a time; write it as Monday, last week or 2026-11-01` };
  if (Temporal.Instant.compare(read.value, said.now) > 0)
    return { why: `"${short(words)}" lies ahead; I look back`, impossible: true };
  return read;
}

/** An instant as it is written in a button: 2026-11-23T15:05:00Z. */
const WRITTEN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?Z$/i;

/** "last month", "this week", "November", "last 30 days" → an ISO 8601 interval of two instants, `from/to`. */
export function readPeriod(words: string, said: Said): Read {
  const text = tidy(words).replace(/^(?:for|in|of) /, '');
  const since = /^since (.+)$/.exec(text)?.[1];
  if (since) {
    const read = readSince(since, said);
    return 'why' in read ? read : { value: `${read.value}/${said.now}` };
  }
  // As a card's button gives it.
  const [from, to] = words.trim().split('/');
  if (from && to && WRITTEN.test(from) && WRITTEN.test(to)) return { value: `${from}/${to}` };
  const range = rangeOf(text, said);
  if (!range)
    return {
      why: `"${short(words)}" is no period; write last month, this week, November or last 30 days`,
      impossible: false,
    };
  if (Temporal.Instant.compare(range.from.toInstant(), said.now) > 0)
    return { why: `"${short(words)}" lies ahead; I look back`, impossible: true };
  return { value: `${range.from.toInstant()}/${range.to.toInstant()}` };
}
