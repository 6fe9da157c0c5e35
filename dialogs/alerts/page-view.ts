import type { IncidentView } from '../../cards/alerts/incident.ts';
import type { PageView } from '../../cards/alerts/page.ts';
import { between } from '../../cards/parts/time.ts';
import type { IncidentRow } from '../../services/alerts/index.ts';
import type { Rooms } from '../rooms.ts';
import { channelName } from './view.ts';

/** The incident for the person who was called: why they, and where the rest is. */
export function pageView(rooms: Rooms, view: IncidentView, row: IncidentRow, reader?: string): PageView {
  const name = reader === undefined ? undefined : rooms.people.nameOf(reader);
  const has = name === undefined || name === view.acknowledged?.by || (view.others ?? []).includes(name);
  return {
    now: view.now,
    id: view.id,
    state: view.state,
    severity: view.severity,
    headline: view.headline,
    since: view.since,
    source: view.source,
    why:
      name !== undefined && name === view.assigned
        ? 'You were asked by name to take care of it.'
        : `Nobody acknowledged it for ${between(view.since, view.now)}, so you are called.`,
    ...(has || view.state !== 'acknowledged' ? {} : { alsoCalled: true }),
    ...(view.next ? { next: view.next } : {}),
    ...(view.acknowledged ? { acknowledged: view.acknowledged } : {}),
    ...(view.resolved ? { resolved: view.resolved } : {}),
    channel: channelName(rooms, row.channel),
  };
}
