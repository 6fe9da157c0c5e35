import { Temporal } from 'temporal-polyfill';
import { WEEKDAYS } from '../services/core/week-hours.rules.ts';
import { type Read, readDuration, short, tidy } from './words.ts';
import { MONTHS, readInstant, type Said } from './words-instant.ts';

/** Words about what comes: "tonight", "Friday", "next week", "over Christmas", "for 2 hours", in the person's zone. */

type Day = Temporal.ZonedDateTime;
interface Range {
  from: Day;
  to: Day;
}

/** An interval as it is written in a button: two instants with a slash. */
const WRITTEN = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z\/\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
/** Hours of the parts of a day; a night ends with the day. */
const PARTS: Readonly<Record<string, readonly [number, number]>> = {
  morning: [6, 12],
  afternoon: [12, 18],
  evening: [18, 24],
  night: [18, 24],
};
/** Whole days, the last one not included: month and day each. They may lie in two years. */
const FEASTS: readonly (readonly [RegExp, readonly [number, number], readonly [number, number]])[] = [
  [/^(?:christmas|xmas)$/, [12, 24], [12, 27]],
  [/^new year(?:['’]?s)?(?: eve)?$/, [12, 31], [1, 2]],
  [/^(?:(?:christmas|xmas) (?:and|to|until) new year|(?:christmas |winter )?holidays|year[- ]end)$/, [12, 24], [1, 2]],
];

/**
 * "tonight", "tomorrow morning", "Friday", "next week", "this weekend", "1 December", "Christmas", "2 hours" → the coming
 * interval, `from/to` in ISO 8601; a time of day, as "tomorrow 22:00", is an interval without length.
 */
export function readAhead(words: string, said: Said): Read {
  if (WRITTEN.test(words.trim())) return { value: words.trim() };
  const text = tidy(words).replace(/^(?:(?:on|over|during|for) )?(?:in the |the )?/, '');
  const range = rangeOf(text, said);
  if (range) {
    const here = said.now.toZonedDateTimeISO(said.zone);
    const from = Temporal.ZonedDateTime.compare(range.from, here) < 0 ? here : range.from;
    if (Temporal.ZonedDateTime.compare(range.to, from) <= 0)
      return { why: `"${short(words)}" is over; I look ahead`, impossible: true };
    return { value: `${from.toInstant()}/${range.to.toInstant()}` };
  }
  const length = readDuration(text.replace(/^next /, ''));
  if ('value' in length) {
    const until = said.now.toZonedDateTimeISO(said.zone).add(length.value).toInstant();
    return { value: `${said.now}/${until}` };
  }
  // In a question "at 10" is ten in the morning; where something is set it has to be said.
  const at = readInstant(words.replace(/^\s*on /i, '').replace(/\bat (\d{1,2})(?=\s|$)/i, 'at $1:00'), said);
  if ('value' in at)
    return Temporal.Instant.compare(at.value, said.now) < 0
      ? { why: `"${short(words)}" is over; I look ahead`, impossible: true }
      : { value: `${at.value}/${at.value}` };
  if (at.impossible) return at;
  return { ...at, why: `"${short(words)}" is no time; write it as tonight, Friday, next week or tomorrow 22:00` };
}

function rangeOf(text: string, { now, zone }: Said): Range | undefined {
  const here = now.toZonedDateTimeISO(zone);
  const today = here.startOfDay();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const first = today.with({ day: 1 });
  const span = (from: Day, length: Temporal.DurationLike): Range => ({ from, to: from.add(length) });
  const saturday = monday.add({ days: 5 });
  const fixed: Readonly<Record<string, () => Range>> = {
    today: () => span(today, { days: 1 }),
    tonight: () => ({ from: today.add({ hours: 18 }), to: today.add({ days: 1 }) }),
    week: () => span(monday, { weeks: 1 }),
    'this week': () => span(monday, { weeks: 1 }),
    'next week': () => span(monday.add({ weeks: 1 }), { weeks: 1 }),
    weekend: () => span(saturday, { days: 2 }),
    'this weekend': () => span(saturday, { days: 2 }),
    'next weekend': () => span(saturday.add({ weeks: today.dayOfWeek >= 6 ? 1 : 0 }), { days: 2 }),
    'this month': () => span(first, { months: 1 }),
    'next month': () => span(first.add({ months: 1 }), { months: 1 }),
  };
  const known = fixed[text];
  if (known) return known();
  const [part, day] = /^(?:(?:(.+) )?)(morning|afternoon|evening|night)$/.exec(text)?.slice(1).reverse() ?? [];
  const base = part === undefined ? dayOf(text, today) : dayOf(day === 'this' ? 'today' : (day ?? 'today'), today);
  if (base) {
    const [start, end] = PARTS[part ?? ''] ?? [0, 24];
    return { from: base.add({ hours: start }), to: base.add({ hours: end }) };
  }
  const feast = FEASTS.find(([pattern]) => pattern.test(text));
  if (!feast) return undefined;
  const [, [month, dayFrom], [monthTo, dayTo]] = feast;
  const coming = (year: number): Range => ({
    from: today.with({ year, month, day: dayFrom }),
    to: today.with({ year: year + (monthTo < month ? 1 : 0), month: monthTo, day: dayTo }),
  });
  const previous = coming(today.year - 1);
  if (Temporal.ZonedDateTime.compare(previous.to, here) > 0) return previous;
  const next = coming(today.year);
  return Temporal.ZonedDateTime.compare(next.to, here) > 0 ? next : coming(today.year + 1);
}

/** The coming day of that name: "tomorrow", "Friday", "next Monday", "1 December", "2026-12-24". */
function dayOf(text: string, today: Day): Day | undefined {
  const near = { yesterday: -1, today: 0, tomorrow: 1, 'day after tomorrow': 2 }[text];
  if (near !== undefined) return today.add({ days: near });
  const [, next, name = ''] = /^(next |this )?([a-z]{3,})$/.exec(text) ?? [];
  const weekday = name === '' ? -1 : WEEKDAYS.findIndex((each) => each.startsWith(name));
  if (weekday >= 0) {
    if (next === 'next ') return today.add({ days: 7 - today.dayOfWeek + weekday + 1 });
    return today.add({ days: (weekday + 1 - today.dayOfWeek + 7) % 7 });
  }
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const words = text
    .replace(/(\d)(?:st|nd|rd|th)\b/, '$1')
    .replace(' of ', ' ')
    .split(' ');
  const number = words.find((word) => /^\d{1,2}$/.test(word));
  const month = iso
    ? Number(iso[2])
    : Math.max(
        0,
        ...words.map((word) => (word.length < 3 ? 0 : MONTHS.findIndex((each) => each.startsWith(word)) + 1)),
      );
  const year = iso?.[1] ?? words.find((word) => /^\d{4}$/.test(word));
  if (!iso && (number === undefined || month === 0 || words.length > 3)) return undefined;
  const day = Number(iso ? iso[3] : number);
  const at = (inYear: number) =>
    day <= Temporal.PlainYearMonth.from({ year: inYear, month }).daysInMonth
      ? Temporal.PlainDate.from({ year: inYear, month, day }).toZonedDateTime(today.timeZoneId)
      : undefined;
  if (month < 1 || month > 12 || day < 1) return undefined;
  const said = at(year === undefined ? today.year : Number(year));
  if (!said || year !== undefined || Temporal.ZonedDateTime.compare(said, today) >= 0) return said;
  return at(today.year + 1);
}
