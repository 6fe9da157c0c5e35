import ical, { ICalCalendarMethod } from 'ical-generator';
import type { Temporal } from 'temporal-polyfill';

export interface CalendarShift {
  schedule: string;
  person: string;
  /** What it is called in a calendar. */
  title: string;
  start: Temporal.Instant;
  /** Cut where nothing ends it. */
  end: Temporal.Instant;
}

/** How often calendars are asked to look again; they take it as advice (RFC 7986 5.7). */
const REFRESH_SECONDS = 3600;

/**
 * Shifts as iCalendar (RFC 5545). Instants are written in UTC, so no reader needs a zone to place them right. The same
 * shift has the same UID whenever it is asked for: an override moves an event, it does not double it.
 */
export function calendarOf(
  name: string,
  shifts: readonly CalendarShift[],
  stamp: Temporal.Instant,
  host: string,
): string {
  const calendar = ical({
    name,
    prodId: { company: 'Wardroom', product: 'on call', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: REFRESH_SECONDS,
  });
  for (const shift of shifts) {
    const begins = shift.start.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
    calendar.createEvent({
      id: `${shift.schedule}-${shift.person}-${begins}@${host}`,
      summary: shift.title,
      start: new Date(shift.start.epochMilliseconds),
      end: new Date(shift.end.epochMilliseconds),
      stamp: new Date(stamp.epochMilliseconds),
    });
  }
  return calendar.toString();
}
