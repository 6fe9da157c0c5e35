import { z } from 'zod/v4';
import { endpointsCard } from '../../cards/fleet/endpoints.ts';
import { capability } from '../capability.ts';

export const endpoints = capability({
  id: 'fleet.endpoints',
  summary: 'List the endpoints, who owns them and what is open on them',
  phrases: ['endpoints', 'list endpoints'],
  examples: ['endpoints'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const open = await rooms.alerts.list(rooms.db, { open: true, most: 200 });
    const stopped = new Set(await rooms.serving.stopped(rooms.db));
    const entries = rooms.organisation.endpoints.map((entry) => ({
      name: entry.id,
      workspace: entry.workspace,
      owner: rooms.organisation.teams.find(({ id }) => id === entry.owner)?.name ?? entry.owner,
      purpose: entry.business.purpose,
      stopped: stopped.has(entry.id),
      incidents: open.filter(({ endpoint }) => endpoint === entry.id).map(({ id }) => id),
    }));
    const lines = entries.map(
      ({ name, owner, stopped, incidents }) =>
        `${name}  ${owner}  ${stopped ? 'stopped, ' : ''}${incidents.join(', ') || 'nothing open'}`,
    );
    return {
      text: lines.join('\n') || 'No endpoint is listed in wardroom.yaml.',
      card: endpointsCard({ now, endpoints: entries }),
      data: entries,
    };
  },
});
