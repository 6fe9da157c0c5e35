import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { eventsCard } from '../../cards/alerts/events.ts';
import type { Explained } from '../../services/alerts/index.ts';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededIncident } from './view.ts';

const MOST = 50;

export const events = capability({
  id: 'alerts.events',
  summary: 'List what came by webhook lately, or what an incident is made of',
  phrases: ['events', 'list events', 'events of {incident}'],
  examples: ['events', 'events of INC-142'],
  input: z.object({ incident: incidentId.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { incident }) => {
    const row = incident ? await neededIncident(rooms, incident) : undefined;
    const found = await rooms.alerts.events(rooms.db, { most: MOST, ...(row ? { incident: row } : {}) });
    const shown = found.map((event) => ({
      id: event.id,
      state: event.state,
      hook: event.hook,
      at: Temporal.Instant.from(event.receivedAt),
      text: saidBy(event),
    }));
    const lines = shown.map(({ id, state, hook, text }) => `${id}  ${hook}  ${state}  ${text}`);
    return {
      text: lines.join('\n') || 'No event came yet.',
      card: eventsCard({ now, ...(incident ? { incident } : {}), events: shown }),
      data: shown.map(({ at, ...rest }) => ({ ...rest, at: at.toString() })),
    };
  },
});

/** What an event says, in one line. */
export const saidBy = ({ signal, fact, why, type }: Explained): string =>
  signal?.headline ?? fact?.summary ?? why ?? `of the type ${type}`;
