import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type MonitorsView, monitorsCard, monitorsHeadline } from '../../cards/alerts/monitors.ts';
import { endpointOf } from '../../services/models/index.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { monitorLine } from './monitors-view.ts';

export const monitors = capability({
  id: 'alerts.monitors',
  summary: 'List the model monitors, and what nobody watches',
  phrases: ['monitors', 'model monitors', 'list monitors', 'monitors of {endpoint}', 'monitors for {endpoint}'],
  examples: ['monitors', 'monitors of ep-fraud'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
    if (endpoint) endpointOf(rooms.organisation, endpoint);
    const [found, watches] = await Promise.all([rooms.models.monitors.all(), rooms.models.watches.all(rooms.db)]);
    const known = found.monitors.filter((each) => endpoint === undefined || each.endpoint === endpoint);
    const watched = new Set([
      ...found.monitors.flatMap((each) => (each.enabled && each.endpoint ? [each.endpoint] : [])),
      ...watches.map((each) => each.endpoint),
    ]);
    const online = rooms.organisation.endpoints.filter(
      ({ kind, workspace }) => kind === 'online' && !found.missing.includes(workspace),
    );
    const view: MonitorsView = {
      now,
      ...(endpoint ? { endpoint } : {}),
      monitors: known.map(monitorLine),
      unwatched: online
        .map(({ id }) => id)
        .filter((id) => !watched.has(id) && (endpoint === undefined || id === endpoint)),
      own: watches
        .filter((each) => endpoint === undefined || each.endpoint === endpoint)
        .map((each) => `${each.endpoint}, every ${each.every_minutes / 60} h against ${each.baseline}`),
      missing: found.missing,
      asOf: found.asOf ? Temporal.Instant.from(found.asOf) : now,
      source: found.stale
        ? 'Azure Machine Learning does not answer now; this is the last answer'
        : 'Azure Machine Learning',
    };
    const lines = view.monitors.map(
      (each) => `${each.name}  ${each.enabled ? 'running' : 'paused'}  ${each.signals.join(', ')}`,
    );
    return {
      text: [monitorsHeadline(view), ...lines].join('\n'),
      card: monitorsCard(view),
      data: { monitors: known, unwatched: view.unwatched, missing: view.missing },
    };
  },
});
