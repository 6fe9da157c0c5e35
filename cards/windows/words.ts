import { Temporal } from 'temporal-polyfill';
import { joined, plain } from '../parts/text.ts';
import type { Tone } from '../parts/tone.ts';

export type EntryKind = 'allow' | 'deny' | 'maintenance' | 'advisory';

export const KIND_LOOKS: Readonly<Record<EntryKind, { word: string; tone: Tone; mark: string; icon: string }>> = {
  allow: { word: 'window', tone: 'good', mark: '✔', icon: 'CheckmarkCircle' },
  deny: { word: 'freeze', tone: 'bad', mark: '▲', icon: 'Snowflake' },
  maintenance: { word: 'maintenance', tone: 'info', mark: '●', icon: 'Wrench' },
  advisory: { word: 'advisory', tone: 'warning', mark: '◆', icon: 'Info' },
};

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A window shows its own zone and UTC, whoever reads it: "Fri 27 Nov 22:00 Europe/Berlin (21:00 UTC)". */
export function ownTime(at: Temporal.Instant, zone: string): string {
  const local = at.toZonedDateTimeISO(zone);
  const time = (of: Temporal.ZonedDateTime) => of.toPlainTime().toString({ smallestUnit: 'minute' });
  const utc = at.toZonedDateTimeISO('UTC');
  const day = `${DAYS[local.dayOfWeek - 1]} ${local.day} ${MONTHS[local.month - 1]}`;
  if (zone === 'UTC') return `${day} ${time(local)} UTC`;
  const other = utc.day === local.day ? '' : `${DAYS[utc.dayOfWeek - 1]} `;
  return plain(`${day} ${time(local)} ${zone} (${other}${time(utc)} UTC)`);
}

/** "Mon 23 Nov" of "2026-11-23". */
export function dayName(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return `${DAYS[day.dayOfWeek - 1]} ${day.day} ${MONTHS[day.month - 1]}`;
}

const UNITS: Readonly<Record<string, string>> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' };
const WEEKDAYS: Readonly<Record<string, string>> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const PLACES: Readonly<Record<string, string>> = {
  '1': 'first',
  '2': 'second',
  '3': 'third',
  '4': 'fourth',
  '5': 'fifth',
  '-1': 'last',
};

/**
 * A recurrence rule (RFC 5545, 3.3.10) in words: "every month on the first Tuesday". One with parts that these words
 * cannot say (BYSETPOS, BYHOUR, an end, …) stays as it was written, and so does a cron line.
 */
export function repeats(rule: string): string {
  const written = rule
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';');
  const parts = new Map(
    written.map((part): [string, string] => {
      const [key = '', value = ''] = part.split('=');
      return [key, value];
    }),
  );
  const unit = UNITS[parts.get('FREQ') ?? ''];
  const days = parts.get('BYDAY')?.split(',') ?? [];
  const names = days.map((each) => dayOf(each));
  const known = [...parts.keys()].every((key) => ['FREQ', 'INTERVAL', 'BYDAY', 'WKST'].includes(key));
  const placed = names.filter((name) => name?.startsWith('the ')).length;
  const clear = days.length === 0 || (unit === 'week' && placed === 0) || (unit === 'month' && placed === days.length);
  if (!unit || !known || !clear || names.some((name) => !name)) return rule;
  const count = Number(parts.get('INTERVAL') ?? 1);
  const every = count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
  return days.length > 0 ? `${every} on ${joined(names.map(String))}` : every;
}

/** "Tuesday" of "TU", "the first Tuesday" of "1TU". */
function dayOf(text: string): string | undefined {
  const [, place = '', code = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
  const name = WEEKDAYS[code];
  if (!place || !name) return name;
  const which = PLACES[place.replace('+', '')];
  return which ? `the ${which} ${name}` : undefined;
}
