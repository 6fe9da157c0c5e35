import { Temporal } from 'temporal-polyfill';
import type { WeekHours } from './organisation.shapes.ts';

/** Hours of the week by the clock of a zone. Pure; shared by schedules, step conditions and quiet hours. */

type Instant = Temporal.Instant;

export interface Span {
  start: Instant;
  end: Instant;
}

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
export const DAYS = WEEKDAYS.map((name) => name.slice(0, 3));
/** Hours that end a minute before others begin are one stretch: people write 23:59 and 00:00, 10:00 and 10:01. */
const SEAM_MS = 60_000;
/** A "first Monday of the month" is at most this far away. */
const FARTHEST_DAYS = 63;

/**
 * The instant of a wall-clock time. One that happens twice is its first occurrence (RFC 5545 3.3.5); one that is skipped
 * is the moment the clocks jump, where Temporal's "compatible" would say half an hour later still for 02:30.
 */
export function localise(local: Temporal.PlainDateTime, zone: string): Instant {
  const zoned = local.toZonedDateTime(zone, { disambiguation: 'compatible' });
  if (zoned.toPlainDateTime().equals(local)) return zoned.toInstant();
  // "previous" is strictly before, and the first skipped minute is moved to the jump itself.
  const jump = zoned.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return (jump ?? zoned).toInstant();
}

/** Whether one of these names of days means this date: "mon", "mon-fri" (also round the weekend), "mon#1", "fri#L". */
export function isDay(date: Temporal.PlainDate, names: readonly string[] | undefined): boolean {
  if (!names) return true;
  return names.some((name) => {
    const [day = '', nth] = name.split('#');
    const [first = '', last = first] = day.split('-');
    const [from, to] = [DAYS.indexOf(first) + 1, DAYS.indexOf(last) + 1];
    const is = date.dayOfWeek;
    if (!(from <= to ? from <= is && is <= to : is >= from || is <= to)) return false;
    if (nth === undefined) return true;
    return nth === 'L' ? date.day + 7 > date.daysInMonth : Math.ceil(date.day / 7) === Number(nth);
  });
}

/** The span that begins on this date, when it is one of the hours' days. */
function spanOn(date: Temporal.PlainDate, hours: WeekHours, zone: string): Span | undefined {
  if (!isDay(date, hours.days)) return undefined;
  const overnight = hours.to <= hours.from ? 1 : 0;
  return {
    start: localise(date.toPlainDateTime(hours.from), zone),
    end: localise(date.add({ days: overnight }).toPlainDateTime(hours.to), zone),
  };
}

/** The spans that begin from two days before this instant's day to one after: one that covers it is among them. */
const near = (all: readonly WeekHours[], zone: string, at: Instant): Span[] => {
  const today = at.toZonedDateTimeISO(zone).toPlainDate();
  return all.flatMap((hours) => [-2, -1, 0, 1].flatMap((days) => spanOn(today.add({ days }), hours, zone) ?? []));
};

/** Whether this instant lies within the hours. */
export function withinHours(all: readonly WeekHours[], zone: string, at: Instant): boolean {
  const ms = at.epochMilliseconds;
  const spans = near(all, zone, at).map(({ start, end }) => [start.epochMilliseconds, end.epochMilliseconds] as const);
  if (spans.some(([start, end]) => start <= ms && ms < end)) return true;
  return spans.some(
    ([, end]) => end <= ms && ms < end + SEAM_MS && spans.some(([start]) => start > ms && start <= end + SEAM_MS),
  );
}

/** The nearest beginning or end of these hours strictly after, or strictly before, an instant. */
export function hoursEdge(
  all: readonly WeekHours[],
  zone: string,
  at: Instant,
  side: 'before' | 'after',
): Instant | undefined {
  if (all.length === 0) return undefined;
  const today = at.toZonedDateTimeISO(zone).toPlainDate();
  const step = side === 'after' ? 1 : -1;
  const fits = (edge: Instant) => Temporal.Instant.compare(edge, at) * step > 0;
  let best: Instant | undefined;
  for (let day = -2; day <= FARTHEST_DAYS; day += 1) {
    const date = today.add({ days: day * step });
    for (const hours of all) {
      const span = spanOn(date, hours, zone);
      for (const edge of span ? [span.start, span.end] : [])
        if (fits(edge) && (!best || Temporal.Instant.compare(edge, best) * step < 0)) best = edge;
    }
    // Two days on nothing nearer can come any more.
    if (best && Math.abs(best.epochMilliseconds - at.epochMilliseconds) < (day - 2) * 86_400_000) break;
  }
  return best;
}

/** The next instant at or after this one within the hours; undefined when there is none in two months. */
export function nextWithin(all: readonly WeekHours[], zone: string, at: Instant): Instant | undefined {
  let moment: Instant | undefined = at;
  for (let step = 0; moment && step < 200; step += 1) {
    if (withinHours(all, zone, moment)) return moment;
    moment = hoursEdge(all, zone, moment, 'after');
  }
  return undefined;
}
