import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { wallClock } from './zones.ts';

/** When a compute instance should run: periods of a day, or always with exceptions. */
export interface RunningHours {
  zone: string;
  /** What it does outside `periods`. */
  otherwise: 'running' | 'stopped';
  periods: readonly Period[];
}
export interface Period {
  /** Monday is 0; every day when it is left out. */
  days?: readonly number[];
  /** "05:00"; local. */
  from: string;
  /** Exclusive. At or before `from` it is on the next day. */
  to: string;
}

const WEEK_MINUTES = 7 * 24 * 60;
const DAY_MINUTES = 24 * 60;
const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** What it should do at this instant. Periods a minute or less apart are one: nobody stops a machine to start it again. */
export function desiredState(hours: RunningHours, at: Temporal.Instant): 'running' | 'stopped' {
  const local = wallClock(hours.zone, at.epochMilliseconds);
  // The epoch was a Thursday; seconds count, so that 10:00:30 is between 10:00 and 10:01.
  const minute = (((local / 60_000 + 3 * DAY_MINUTES) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;
  const other = hours.otherwise === 'running' ? 'stopped' : 'running';
  return joined(hours.periods).some(({ from, to }) => (minute >= from && minute < to) || minute + WEEK_MINUTES < to)
    ? other
    : hours.otherwise;
}

/** In minutes of the week, joined across gaps of a minute; the last may reach beyond the week's end. */
function joined(periods: readonly Period[]): { from: number; to: number }[] {
  const spans = periods
    .flatMap(({ days = [0, 1, 2, 3, 4, 5, 6], from, to }) => {
      const [start, end] = [minutesOf(from), minutesOf(to)];
      const length = end > start ? end - start : end - start + DAY_MINUTES;
      return days.map((day) => ({ from: day * DAY_MINUTES + start, to: day * DAY_MINUTES + start + length }));
    })
    .sort((a, b) => a.from - b.from);
  const found: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last && span.from <= last.to + 1) last.to = Math.max(last.to, span.to);
    else found.push({ ...span });
  }
  const [first, last] = [found[0], found.at(-1)];
  if (first && last && last.to + 1 >= first.from + WEEK_MINUTES) last.to = Math.max(last.to, first.to + WEEK_MINUTES);
  return found;
}

function minutesOf(text: string): number {
  const [, hour = '', minute = ''] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  if (hour === '' || Number(minute) > 59 || minutes > DAY_MINUTES)
    throw new Refused(`“${text}” is no time of day.`, 'Write 18:00.', 'bad-time');
  return minutes;
}

/** "always on except Tuesday 18:00-19:00", "always off except Mon-Fri 08:00-18:00"; several after commas. */
export function readHours(text: string, zone: string): RunningHours {
  const [, word = '', exceptions = ''] = /^always (on|off|running|stopped)(?: except (.+))?$/i.exec(text.trim()) ?? [];
  if (!word)
    throw new Refused(`I do not understand “${text}”.`, 'Write “always on except Tuesday 18:00-19:00”.', 'bad-hours');
  const otherwise = /on|running/i.test(word) ? ('running' as const) : ('stopped' as const);
  const periods = exceptions
    .split(/,| and /)
    .filter((part) => part.trim() !== '')
    .map((part): Period => {
      const found = /^\s*(?:([a-z]+)(?:\s*-\s*([a-z]+))?\s+)?(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})\s*$/i.exec(
        part,
      );
      if (!found) throw new Refused(`I do not understand “${part.trim()}”.`, 'Say Tuesday 18:00-19:00.', 'bad-hours');
      const [, first, last, from = '', to = ''] = found;
      return { ...(first ? { days: daysBetween(first, last ?? first) } : {}), from, to };
    });
  return { zone, otherwise, periods };
}

function daysBetween(first: string, last: string): number[] {
  const [from, to] = [first, last].map((word) => NAMES.indexOf(word.slice(0, 3).toLowerCase()));
  if (from === undefined || to === undefined || from < 0 || to < 0)
    throw new Refused(`“${from === -1 ? first : last}” is no weekday.`, 'Say Tuesday or Mon-Fri.', 'bad-day');
  const count = ((to - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => (from + index) % 7);
}

/** An instant from outside. One without an offset is refused: it means a different moment in every office. */
export function readInstant(text: string): Temporal.Instant {
  if (!/(Z|[+-]\d{2}:?\d{2})(\[[^\]]+\])?$/i.test(text.trim()))
    throw new Refused(
      `“${text}” does not say which offset it has.`,
      'Write 2026-11-27T22:00:00Z or +01:00.',
      'offset_required',
    );
  try {
    return Temporal.Instant.from(text.trim());
  } catch (error) {
    throw new Refused(`“${text}” is no time (${(error as Error).message}).`, 'Write 2026-11-27T22:00:00Z.', 'bad-time');
  }
}
