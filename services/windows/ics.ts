import ICAL from 'ical.js';
import ical, { ICalCalendarMethod, ICalEventBusyStatus } from 'ical-generator';
import { Refused } from '../core/errors.ts';
import type { Interval } from './intervals.ts';
import { readWindow, type WindowSpec } from './spec.rules.ts';
import { readZone } from './zones.ts';

/** More than this is no calendar of holidays. */
const MOST_EVENTS = 500;
export const MOST_ICS_BYTES = 500_000;

export interface Imported {
  /** Without an id, a kind and a scope: whoever imports says those. */
  entries: Pick<WindowSpec, 'name' | 'zone' | 'start' | 'end' | 'rrule' | 'exdate' | 'rdate'>[];
  /** What was left out, and why, one line each. */
  skipped: string[];
}

/**
 * The events of an .ics (RFC 5545) as calendar entries. A time in UTC or without a zone is read in `zone`; an event that is
 * cancelled or moved by a RECURRENCE-ID is told and left out rather than half understood.
 */
export function readIcs(text: string, zone: string): Imported {
  if (text.length > MOST_ICS_BYTES)
    throw new Refused('This calendar has more than 500 kB.', 'Export the holidays only.');
  let root: ICAL.Component;
  try {
    root = new ICAL.Component(ICAL.parse(text.trim().replace(/\r?\n/g, '\r\n')) as never);
  } catch (error) {
    throw new Refused(
      `This is no iCalendar (${(error as Error).message}).`,
      'It begins with BEGIN:VCALENDAR.',
      'bad-ics',
    );
  }
  const events = root.getAllSubcomponents('vevent');
  if (events.length === 0)
    throw new Refused('There is no event in this calendar.', 'Export it with its events.', 'bad-ics');
  if (events.length > MOST_EVENTS)
    throw new Refused(`There are ${events.length} events; ${MOST_EVENTS} fit.`, 'Export less.');
  const found: Imported = { entries: [], skipped: [] };
  for (const event of events) {
    const entry = entryOf(event, zone);
    if (typeof entry === 'string') {
      found.skipped.push(entry);
      continue;
    }
    // One that the calendar would refuse must not keep the others out.
    const read = readWindow({ ...entry, id: 'imported', kind: 'deny', scope: { everything: true, where: {} } });
    if (read.ok) found.entries.push(entry);
    else found.skipped.push(`${entry.name}: ${read.error}`);
  }
  return found;
}

function entryOf(event: ICAL.Component, zone: string): Imported['entries'][number] | string {
  const text = (name: string) => String(event.getFirstPropertyValue(name) ?? '');
  const name = text('summary').slice(0, 120) || 'Without a name';
  if (text('status').toUpperCase() === 'CANCELLED') return `${name}: it is cancelled.`;
  if (event.hasProperty('recurrence-id')) return `${name}: one moved occurrence of a series; make it by hand.`;
  const start = event.getFirstProperty('dtstart');
  const from = start?.getFirstValue() as ICAL.Time | undefined;
  if (!start || !from) return `${name}: it has no start.`;
  const named = start.getParameter('tzid');
  let own = zone;
  try {
    if (typeof named === 'string') own = readZone(named).name;
    else if (!from.isDate && from.zone === ICAL.Timezone.utcTimezone) own = 'UTC';
  } catch (error) {
    return `${name}: ${(error as Error).message}`;
  }
  const to = endOf(event, from);
  const rrule = event.getFirstPropertyValue('rrule');
  const dates = (property: string) =>
    event.getAllProperties(property).flatMap((each) => each.getValues().map((value) => local(value as ICAL.Time)));
  const [exdate, rdate] = [dates('exdate'), dates('rdate')];
  return {
    name,
    zone: own,
    start: local(from),
    end: local(to),
    ...(rrule ? { rrule: String(rrule) } : {}),
    ...(exdate.length > 0 ? { exdate } : {}),
    ...(rdate.length > 0 ? { rdate } : {}),
  };
}

/** DTEND, or DTSTART and DURATION, or the day (RFC 5545 3.6.1). */
function endOf(event: ICAL.Component, from: ICAL.Time): ICAL.Time {
  const end = event.getFirstPropertyValue('dtend') as ICAL.Time | null;
  if (end) return end;
  const later = from.clone();
  const duration = event.getFirstPropertyValue('duration') as ICAL.Duration | null;
  later.addDuration(duration ?? ICAL.Duration.fromString(from.isDate ? 'P1D' : 'PT1H'));
  return later;
}

const two = (value: number): string => String(value).padStart(2, '0');
const local = (time: ICAL.Time): string => {
  const date = `${time.year}-${two(time.month)}-${two(time.day)}`;
  return time.isDate ? date : `${date}T${two(time.hour)}:${two(time.minute)}`;
};

export interface FeedEvent extends Interval {
  uid: string;
  name: string;
  description: string;
}

/** A calendar to subscribe to in Outlook; instants in UTC, so that every reader's client shows their own time. */
export function writeIcs(name: string, events: readonly FeedEvent[], stampMs: number): string {
  const calendar = ical({ name, prodId: '//Wardroom//Windows//EN', method: ICalCalendarMethod.PUBLISH, ttl: 3600 });
  for (const { uid, name: summary, description, start, end } of events) {
    calendar.createEvent({
      id: uid,
      start: new Date(start),
      end: new Date(end),
      stamp: new Date(stampMs),
      summary,
      description,
      busystatus: ICalEventBusyStatus.FREE,
    });
  }
  return calendar.toString();
}
