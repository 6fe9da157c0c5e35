import { Temporal } from 'temporal-polyfill';
import { plain } from '../parts/text.ts';
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
