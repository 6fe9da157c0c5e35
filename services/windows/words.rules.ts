import type { Temporal } from 'temporal-polyfill';
import { localText, wallClock } from './zones.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Fri 27 Nov 2026 22:00 Europe/Berlin (2026-11-27T21:00Z)": the window's own time, and UTC for who is elsewhere. */
export function moment(at: Temporal.Instant, zone: string): string {
  const local = wallClock(zone, at.epochMilliseconds);
  const date = new Date(local);
  const day = `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  const time = localText(local).slice(11);
  return zone === 'UTC' ? `${day} ${time} UTC` : `${day} ${time} ${zone} (${localText(at.epochMilliseconds)}Z)`;
}
