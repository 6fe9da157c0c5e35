import { Temporal } from 'temporal-polyfill';
import { findIana, findWindows, WINDOWS_TO_IANA_MAP } from 'windows-iana';
import { Refused } from '../core/errors.ts';
import { nearest } from '../core/similar.ts';

/**
 * Local time and instants. A local time is a number here: the milliseconds since the epoch that its digits would have in
 * UTC ("floating", RFC 5545 3.3.5), so that calendars are reckoned with whole numbers and a zone is asked once, at the
 * end. The offsets come from Temporal; they are kept by zone and year, which makes a question cost nanoseconds.
 */
const DAY_MS = 86_400_000;

export interface Zone {
  /** The IANA name. */
  name: string;
  /** What the person should be told, when the name was translated. */
  note?: string;
}

/**
 * Reads the name of a zone. IANA names are taken as they are; a Windows id ("W. Europe Standard Time", as Azure DevOps and
 * Azure ML schedules write it) is translated by CLDR and told. An unknown one is refused: never UTC by silence.
 */
export function readZone(text: string): Zone {
  const wanted = text.trim();
  const iana = canonical(wanted);
  if (iana) return { name: iana };
  const windows = windowsIds.get(wanted.toLowerCase());
  const translated = windows && (findIana(windows) as readonly string[])[0];
  if (translated) return { name: translated, note: `“${wanted}” is a Windows name; I read it as ${translated}.` };
  const near = nearest(wanted, Intl.supportedValuesOf('timeZone'));
  throw new Refused(
    `I do not know the time zone “${wanted}”.`,
    near ? `Did you mean ${near}?` : 'Write an IANA name, such as Europe/Berlin.',
    'unknown-zone',
  );
}

const windowsIds = new Map(WINDOWS_TO_IANA_MAP.map(({ windowsName }) => [windowsName.toLowerCase(), windowsName]));
const canonicalNames = new Map<string, string | undefined>();
function canonical(name: string): string | undefined {
  if (!canonicalNames.has(name)) {
    let found: string | undefined;
    try {
      // An offset such as +01:00 is no zone: it knows no summer time, and would be wrong for half of the year.
      if (/[A-Za-z]/.test(name)) found = new Temporal.ZonedDateTime(0n, name).timeZoneId;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    canonicalNames.set(name, found);
  }
  return canonicalNames.get(name);
}

/** The Windows id of an IANA zone (CLDR windowsZones), as Azure ML schedules and Azure DevOps business hours want it. */
export function windowsZoneOf(iana: string): string | undefined {
  // CLDR lists some zones under an older name only.
  for (const name of new Set([iana, canonical(iana) ?? iana])) {
    const [found] = findWindows(name as Parameters<typeof findWindows>[0]) as readonly string[];
    if (found) return found;
  }
  return undefined;
}

interface Year {
  offset: number;
  /** Within the year, in order: from `at` on, `offset` holds. Milliseconds. */
  changes: { at: number; offset: number }[];
}
const years = new Map<string, Map<number, Year>>();

/** Milliseconds that local time is ahead of UTC at this instant. */
export function offsetAt(zone: string, atMs: number): number {
  const number = new Date(atMs).getUTCFullYear();
  const ofZone = years.get(zone) ?? new Map<number, Year>();
  years.set(zone, ofZone);
  const year = ofZone.get(number) ?? yearOf(zone, number);
  ofZone.set(number, year);
  let { offset } = year;
  for (const change of year.changes) {
    if (change.at > atMs) break;
    offset = change.offset;
  }
  return offset;
}

function yearOf(zone: string, year: number): Year {
  const end = Date.UTC(year + 1, 0, 1);
  let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(year, 0, 1)).toZonedDateTimeISO(zone);
  const found: Year = { offset: at.offsetNanoseconds / 1e6, changes: [] };
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= end) return found;
    found.changes.push({ at: next.epochMilliseconds, offset: next.offsetNanoseconds / 1e6 });
    at = next;
  }
}

/**
 * The instant of a local time by RFC 5545 3.3.5 (with erratum 4271), which is Temporal's "compatible": a time that happens
 * twice is its first occurrence, a time that is skipped is read with the offset before the gap and so comes later.
 */
export function localise(zone: string, localMs: number): number {
  const before = offsetAt(zone, localMs - DAY_MS);
  const after = offsetAt(zone, localMs + DAY_MS);
  const first = localMs - before;
  if (before === after || offsetAt(zone, first) === before) return first;
  const second = localMs - after;
  return offsetAt(zone, second) === after ? second : first;
}

/** The local time of an instant. */
export const wallClock = (zone: string, atMs: number): number => atMs + offsetAt(zone, atMs);

/** Reads "2026-11-27T22:00", "2026-11-27" or the iCalendar forms of them as a local time; undefined when it is none. */
export function readLocal(text: string): { localMs: number; dateOnly: boolean } | undefined {
  const found = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2}))?)?$/.exec(text.trim()) ?? undefined;
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // 30 February and 25:00 roll over in Date; they are no local times.
  const same = new Date(localMs).toISOString().slice(0, 19);
  const two = (value: number) => String(value).padStart(2, '0');
  const wanted = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  return same === wanted ? { localMs, dateOnly: found[4] === undefined } : undefined;
}

/** "2026-11-27T22:00" of a local time; with seconds only where there are some. */
export function localText(localMs: number): string {
  const text = new Date(localMs).toISOString();
  return text.endsWith(':00.000Z') ? text.slice(0, 16) : text.slice(0, 19);
}

/** The local time of an instant as text. Seconds are kept; a fraction of one is not. */
export const localTextOf = (at: Temporal.Instant, zone: string): string =>
  localText(Math.floor(wallClock(zone, at.epochMilliseconds) / 1000) * 1000);
