import type { Temporal } from 'temporal-polyfill';
import { localText, wallClock } from './zones.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Fri 27 Nov 2026 22:00 to 23:30 Europe/Berlin"; a stretch over midnight says both days. */
export function stretch(from: Temporal.Instant, to: Temporal.Instant, zone: string): string {
  const [start, end] = [localSaid(from, zone), localSaid(to, zone)];
  return `${start.day} ${start.time} to ${start.day === end.day ? '' : `${end.day} `}${end.time} ${zone}`;
}

function localSaid(at: Temporal.Instant, zone: string) {
  const local = wallClock(zone, at.epochMilliseconds);
  const date = new Date(local);
  return {
    date,
    day: `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`,
    time: localText(local).slice(11),
  };
}

/** "Fri 27 Nov 2026 22:00", where the zone is said once for all of it. */
export function dayAndTime(at: Temporal.Instant, zone: string): string {
  const { day, time } = localSaid(at, zone);
  return `${day} ${time}`;
}

/** "Fri 27 Nov 2026 22:00 Europe/Berlin (21:00 UTC)": the window's own time, and UTC for who is elsewhere. */
export function moment(at: Temporal.Instant, zone: string): string {
  const { date, day, time } = localSaid(at, zone);
  if (zone === 'UTC') return `${day} ${time} UTC`;
  const utc = new Date(at.epochMilliseconds);
  const other = utc.getUTCDate() === date.getUTCDate() ? '' : `${WEEKDAYS[utc.getUTCDay()]} `;
  return `${day} ${time} ${zone} (${other}${localText(at.epochMilliseconds).slice(11)} UTC)`;
}
