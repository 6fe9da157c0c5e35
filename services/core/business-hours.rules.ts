import { Temporal } from 'temporal-polyfill';

/**
 * Working time: pure arithmetic over local days, so that a day on which the clocks change has the hours that it really
 * has. Instants in, instants out; lengths are minutes that really pass while the office is open.
 */
export interface BusinessHours {
  /** IANA name. */
  zone: string;
  /** ISO 8601: 1 is Monday. */
  days: readonly number[];
  /** Local, "09:00"; `to` is "24:00" at most, and earlier than `from` when the shift ends on the next day. */
  from: string;
  to: string;
  /** Local dates without work, "2026-12-25". */
  holidays: readonly string[];
}

interface Opening {
  opens: Temporal.Instant;
  closes: Temporal.Instant;
}

/** Nobody's deadline is further away than this; hours that never open end here instead of running forever. */
const FARTHEST_DAYS = 3 * 366;

/**
 * The first instant at which `minutes` of working time have passed since `start`. A start outside of working hours counts
 * from the next opening; a deadline that falls on the closing time is that closing time.
 * Throws RangeError when the hours do not open often enough within three years.
 */
export function addBusinessMinutes(start: Temporal.Instant, minutes: number, hours: BusinessHours): Temporal.Instant {
  let left = minutes * 60_000;
  for (const { opens, closes } of openingsFrom(start, hours)) {
    const from = Math.max(opens.epochMilliseconds, start.epochMilliseconds);
    const length = closes.epochMilliseconds - from;
    if (length <= 0) continue;
    if (left <= length) return Temporal.Instant.fromEpochMilliseconds(from + left);
    left -= length;
  }
  throw new RangeError('these working hours do not open often enough for that');
}

/** The last instant from which `minutes` of working time are left until `end`; not before `earliest`. */
export function subtractBusinessMinutes(
  end: Temporal.Instant,
  minutes: number,
  hours: BusinessHours,
  earliest: Temporal.Instant,
): Temporal.Instant {
  const total = businessMinutesBetween(earliest, end, hours);
  return total <= minutes ? earliest : addBusinessMinutes(earliest, total - minutes, hours);
}

/** Working minutes from `start` to `end`, with their fraction; 0 when `end` is not after `start`. */
export function businessMinutesBetween(start: Temporal.Instant, end: Temporal.Instant, hours: BusinessHours): number {
  let milliseconds = 0;
  for (const { opens, closes } of openingsFrom(start, hours)) {
    if (opens.epochMilliseconds >= end.epochMilliseconds) break;
    const from = Math.max(opens.epochMilliseconds, start.epochMilliseconds);
    const to = Math.min(closes.epochMilliseconds, end.epochMilliseconds);
    milliseconds += Math.max(0, to - from);
  }
  return milliseconds / 60_000;
}

/** Whether somebody is at work at this instant; the closing time is outside. */
export function isOpen(at: Temporal.Instant, hours: BusinessHours): boolean {
  const [first] = openingsFrom(at, hours);
  return first !== undefined && first.opens.epochMilliseconds <= at.epochMilliseconds;
}

/** Openings that end after `start`, in order. The day before is looked at too: a night shift may still run. */
function* openingsFrom(start: Temporal.Instant, hours: BusinessHours): Generator<Opening> {
  const { zone, days, holidays } = hours;
  const off = new Set(holidays);
  const first = start.toZonedDateTimeISO(zone).toPlainDate().subtract({ days: 1 });
  for (let count = 0; count < FARTHEST_DAYS; count += 1) {
    const day = first.add({ days: count });
    if (!days.includes(day.dayOfWeek) || off.has(day.toString())) continue;
    const opening = openingOf(day, hours);
    if (opening.closes.epochMilliseconds > start.epochMilliseconds) yield opening;
  }
}

/** Times that the clocks skip or repeat are read as Temporal's `compatible` does: after the gap, and the first one. */
function openingOf(day: Temporal.PlainDate, { zone, from, to }: BusinessHours): Opening {
  const at = (date: Temporal.PlainDate, time: string) =>
    time === '24:00'
      ? date.add({ days: 1 }).toZonedDateTime({ timeZone: zone }).toInstant()
      : date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).toInstant();
  return { opens: at(day, from), closes: at(to <= from ? day.add({ days: 1 }) : day, to) };
}
