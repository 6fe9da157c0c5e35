import type { IncidentView } from '../../cards/alerts/incident.ts';
import type { PageView } from '../../cards/alerts/page.ts';
import { between } from '../../cards/parts/time.ts';
import type { Rooms } from '../rooms.ts';

/** The incident for the person who was called: why they, and where the rest is. */
export function pageView(rooms: Rooms, view: IncidentView): PageView {
  const team = rooms.organisation.teams.find(({ name }) => name === view.owner);
  const channel = rooms.organisation.channels.find(
    ({ id }) => id === (team?.channel ?? rooms.organisation.fallbackChannel),
  );
  return {
    now: view.now,
    id: view.id,
    state: view.state,
    severity: view.severity,
    headline: view.headline,
    since: view.since,
    source: view.source,
    why: `Nobody acknowledged it for ${between(view.since, view.now)}, so you are called.`,
    ...(view.next ? { next: view.next } : {}),
    ...(view.acknowledged ? { acknowledged: view.acknowledged } : {}),
    ...(view.resolved ? { resolved: view.resolved } : {}),
    ...(channel ? { channel: channel.name } : {}),
  };
}
