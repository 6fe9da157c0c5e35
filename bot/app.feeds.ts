import type { Temporal } from 'temporal-polyfill';
import { report } from '../dialogs/alerts/report.ts';
import type { Rooms } from '../dialogs/rooms.ts';

/** Part of the composition root: a calendar is the domain's own, a report is drawn by its dialog at the moment it is asked for. */
export async function openFeed(
  rooms: Rooms,
  token: string,
  now: Temporal.Instant,
): Promise<{ type: string; name: string; body: string } | undefined> {
  const found = await rooms.alerts.feeds.open(rooms.db, token);
  if (!found) return undefined;
  const { row, calendar } = found;
  if (calendar) return { type: 'text/calendar; charset=utf-8', name: `${row.subject}.ics`, body: calendar.body };
  const incident = await rooms.alerts.find(rooms.db, row.subject);
  if (!incident) return undefined;
  const { markdown } = await report(rooms, incident, now);
  return { type: 'text/markdown; charset=utf-8', name: `${row.subject}.md`, body: markdown };
}

/** The change calendar, when this address is one of it. */
export async function openWindowFeed(
  rooms: Rooms,
  token: string,
): Promise<{ name: string; type: string; body: string } | undefined> {
  const body = await rooms.windows.feed.open(rooms.db, token);
  return body === undefined ? undefined : { name: 'windows.ics', type: 'text/calendar; charset=utf-8', body };
}
