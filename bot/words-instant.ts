import { Temporal } from 'temporal-polyfill';
import { sentence } from '../cards/parts/text.ts';
import { isRefused } from '../services/core/errors.ts';
import { WEEKDAYS } from '../services/core/week-hours.rules.ts';
import { readZone } from '../services/windows/index.ts';
import { type Read, readDuration, short, tidy } from './words.ts';

/** When and where the words were said: relative times count from here, clock times are this zone's. */
export interface Said {
  now: Temporal.Instant;
  /** IANA zone of the person. */
  zone: string;
}

export const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const MONTH_NAMES = MONTHS.map(sentence);
const WEEKDAY_NAMES = WEEKDAYS.map(sentence);
const TIME = /^(\d{1,2})(?:[:.](\d{2})(?::(\d{2}))?)?(am|pm)?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const NUMERIC_DATE = /^\d{1,2}[./]\d{1,2}[./](\d{2}|\d{4})?$/;
const ISO = /^(\d{4}-\d{2}-\d{2})t(\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?(z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A day as it was said; `undefined` fields are open. */
type Day =
  | { kind: 'offset'; days: number }
  | { kind: 'weekday'; day: number; next: boolean }
  | { kind: 'date'; year: number | undefined; month: number; day: number };

/** Thrown inside this file only: the words are a time, but there is no such time. */
class Impossible extends Error {}

/**
 * "tomorrow 22:00", "in 2 hours", "today at 5pm", "Friday 14:30", "next Monday 9am", "1 December 8am", "2026-12-01 08:00",
 * "Wed, 2 Dec 2026 12:00" as cards write it, "22:00" (the next one), "22:00 UTC", "2 hours ago", ISO 8601 → an ISO instant ending in Z.
 *
 * Clock times are read in the person's zone. In a gap or an overlap of daylight saving the rule is Temporal's
 * `compatible` (RFC 5545: the offset before the gap, the first of two). "next Monday" is Monday of the next ISO week.
 */
export function readInstant(words: string, said: Said): Read {
  const text = tidy(words).replace(/(\d) ?([ap])\.? ?m\.?(?![a-z])/g, '$1$2m');
  try {
    const found = relative(text, said) ?? absolute(text, said);
    if (found) return { value: found.toString() };
  } catch (error) {
    if (error instanceof Impossible) return { why: error.message, impossible: true };
    if (error instanceof RangeError) return { why: `"${short(words)}" is too far away`, impossible: true };
    throw error;
  }
  return {
    why: `"${short(words)}" is not a time; write it as tomorrow 22:00, in 2 hours or 2026-12-01 08:00`,
    impossible: false,
  };
}

function relative(text: string, { now, zone }: Said): Temporal.Instant | undefined {
  if (text === 'now') return now;
  const ahead = /^in (.+)$/.exec(text) ?? /^(.+) from now$/.exec(text);
  const back = ahead ? null : /^(.+) ago$/.exec(text);
  const length = (ahead ?? back)?.[1];
  if (!length) return undefined;
  const read = readDuration(length);
  if ('why' in read) {
    if (read.impossible) throw new Impossible(read.why);
    return undefined;
  }
  // Through the zone, so that "in 2 days" is the same hour of the day across a change of the clocks.
  const here = now.toZonedDateTimeISO(zone);
  return (ahead ? here.add(read.value) : here.subtract(read.value)).toInstant();
}

function absolute(text: string, said: Said): Temporal.Instant | undefined {
  const iso = ISO.exec(text);
  const offset = iso?.[3];
  const tokens = iso ? [iso[1] ?? '', iso[2] ?? ''] : text.split(/,? /);
  let { zone } = said;
  if (offset) zone = offset === 'z' ? 'UTC' : offset;
  let day: Day | undefined;
  let weekday: number | undefined;
  let time: Temporal.PlainTime | undefined;
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index] ?? '';
    const dayRead = !day || day.kind === 'weekday' ? readDay(tokens, index) : undefined;
    const timeRead = dayRead || time ? undefined : readTime(token, tokens[index - 1]);
    if (dayRead) {
      if (day?.kind === 'weekday') {
        if (dayRead.day.kind !== 'date') return undefined;
        weekday = day.day;
      }
      day = dayRead.day;
      index += dayRead.length;
    } else if (timeRead) {
      time = timeRead;
      index += 1;
    } else {
      const named = day || time ? zoneNamed(tokens.slice(index)) : undefined;
      if (named) zone = named.zone;
      else if (token !== 'at' && token !== 'on') return undefined;
      index += named?.length ?? 1;
    }
  }
  if (!day && !time) return undefined;
  if (day?.kind === 'date') existing(day.year, day.month, day.day);
  if (!time) throw new Impossible(`say the time of day too, such as ${text} 09:00`);
  const found = resolve(day, time, { now: said.now, zone });
  const on = found.toZonedDateTimeISO(zone);
  if (weekday !== undefined && on.dayOfWeek !== weekday)
    throw new Impossible(
      `${on.toPlainDate()} is a ${WEEKDAY_NAMES[on.dayOfWeek - 1]}, not a ${WEEKDAY_NAMES[weekday - 1]}`,
    );
  return found;
}

function resolve(day: Day | undefined, time: Temporal.PlainTime, { now, zone }: Said): Temporal.Instant {
  const today = now.toZonedDateTimeISO(zone).toPlainDate();
  const on = (date: Temporal.PlainDate) => date.toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant();
  const coming = (date: Temporal.PlainDate, step: Temporal.DurationLike) => {
    const at = on(date);
    return Temporal.Instant.compare(at, now) > 0 ? at : on(date.add(step));
  };
  if (!day) return coming(today, { days: 1 });
  if (day.kind === 'offset') return on(today.add({ days: day.days }));
  if (day.kind === 'weekday') {
    if (day.next) return on(today.add({ days: 7 - today.dayOfWeek + day.day }));
    return coming(today.add({ days: (day.day - today.dayOfWeek + 7) % 7 }), { days: 7 });
  }
  const { year, month, day: dayOfMonth } = day;
  if (year !== undefined) return on(existing(year, month, dayOfMonth));
  existing(undefined, month, dayOfMonth);
  for (let ahead = 0; ahead <= 8; ahead++) {
    const candidate = { year: today.year + ahead, month, day: dayOfMonth };
    if (dayOfMonth > daysIn(candidate.year, month)) continue;
    const at = on(Temporal.PlainDate.from(candidate));
    if (Temporal.Instant.compare(at, now) > 0) return at;
  }
  throw new Impossible(`there is no ${dayOfMonth} ${MONTH_NAMES[month - 1]} in the coming years`);
}

const daysIn = (year: number, month: number) => Temporal.PlainYearMonth.from({ year, month }).daysInMonth;

/** The date, or why there is none. Without a year a leap year is assumed: what is missing even there never comes. */
function existing(year: number | undefined, month: number, day: number): Temporal.PlainDate {
  if (month < 1 || month > 12) throw new Impossible(`there is no month ${month}; months go from 01 to 12`);
  const most = daysIn(year ?? 2024, month);
  if (day < 1 || day > most) {
    const name = MONTH_NAMES[month - 1];
    const length = month !== 2 ? `${most} days` : year === undefined ? '28 or 29 days' : `${most} days in ${year}`;
    throw new Impossible(`there is no ${day} ${name}; ${name} has ${length}`);
  }
  return Temporal.PlainDate.from({ year: year ?? 2024, month, day });
}

function readDay(tokens: readonly string[], at: number): { day: Day; length: number } | undefined {
  const word = tokens[at] ?? '';
  const next = tokens[at + 1] ?? '';
  const offset = { today: 0, tonight: 0, tomorrow: 1, yesterday: -1 }[word];
  if (offset !== undefined) return { day: { kind: 'offset', days: offset }, length: 1 };
  if (word === 'day' && next === 'after' && tokens[at + 2] === 'tomorrow')
    return { day: { kind: 'offset', days: 2 }, length: 3 };
  const said = word === 'next' || word === 'this' ? next : word;
  const weekday = named(WEEKDAYS, said);
  if (weekday) return { day: { kind: 'weekday', day: weekday, next: word === 'next' }, length: said === word ? 1 : 2 };
  const date = DATE.exec(word);
  if (date) {
    existing(Number(date[1]), Number(date[2]), Number(date[3]));
    return { day: { kind: 'date', year: Number(date[1]), month: Number(date[2]), day: Number(date[3]) }, length: 1 };
  }
  if (NUMERIC_DATE.test(word) && !TIME.test(word))
    throw new Impossible(`"${word}" can be read in two ways; write the date as 2026-12-01`);
  // "1 December", "1st of December 2026", "December 1"
  const of = next === 'of' ? 1 : 0;
  const monthAfter = dayNumber(word) === undefined ? undefined : named(MONTHS, tokens[at + 1 + of] ?? '');
  const monthHere = named(MONTHS, word);
  const month = monthAfter ?? monthHere;
  const day = dayNumber(monthAfter ? word : next);
  if (!month || day === undefined) return undefined;
  const length = monthAfter ? 2 + of : 2;
  const yearWord = tokens[at + length] ?? '';
  const year = /^\d{4}$/.test(yearWord) ? Number(yearWord) : undefined;
  if (year !== undefined) existing(year, month, day);
  return { day: { kind: 'date', year, month, day }, length: year === undefined ? length : length + 1 };
}

const dayNumber = (word: string): number | undefined => {
  const found = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word);
  return found ? Number(found[1]) : undefined;
};

/** Full names and abbreviations of three letters or more ("tue", "sept"); 1-based. */
function named(names: readonly string[], word: string): number | undefined {
  if (word.length < 3) return undefined;
  const index = names.findIndex((name) => name.startsWith(word));
  return index < 0 ? undefined : index + 1;
}

function readTime(word: string, before: string | undefined): Temporal.PlainTime | undefined {
  if (word === 'noon') return Temporal.PlainTime.from('12:00');
  if (word === 'midnight') return Temporal.PlainTime.from('00:00');
  const found = TIME.exec(word);
  if (!found) return undefined;
  const [, hours, minutes, seconds, half] = found;
  const hour = Number(hours);
  const minute = Number(minutes ?? 0);
  const second = Number(seconds ?? 0);
  if (minutes === undefined && !half) {
    if (before !== 'at') return undefined;
    throw new Impossible(
      hour <= 12 ? `write ${hour}am, ${hour}pm or ${pad(hour)}:00` : `write the time as ${pad(hour)}:00`,
    );
  }
  if (half && (hour < 1 || hour > 12))
    throw new Impossible(`"${word}" is not a time; with ${half} the hours go from 1 to 12`);
  if (hour > 23)
    throw new Impossible(`there is no ${word}; hours go from 00 to 23, and midnight is 00:00 of the next day`);
  if (minute > 59 || second > 59) throw new Impossible(`there is no ${word}; minutes and seconds go from 00 to 59`);
  return Temporal.PlainTime.from({ hour: half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour, minute, second });
}

const pad = (value: number) => String(value).padStart(2, '0');

/** A zone at the head of these words: UTC, an IANA name or a Windows one of several words ("w. europe standard time"). */
function zoneNamed(words: readonly string[]): { zone: string; length: number } | undefined {
  const [word = ''] = words;
  if (word === 'utc' || word === 'z' || word === 'gmt') return { zone: 'UTC', length: 1 };
  const last = words.findIndex((each, at) => each === 'time' && words[at - 1] === 'standard');
  const length = /^[a-z_]+\/./.test(word) ? 1 : last + 1;
  if (length === 0) return undefined;
  try {
    return { zone: readZone(words.slice(0, length).join(' ')).name, length };
  } catch (error) {
    // Never the speaker's own by silence.
    if (isRefused(error)) throw new Impossible(`${error.message} ${error.next}`.replace(/\.$/, ''));
    throw error;
  }
}
