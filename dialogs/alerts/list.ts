import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { incidentListCard } from '../../cards/alerts/list.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';

const MOST = 50;

export const list = capability({
  id: 'alerts.list',
  summary: 'List the incidents that are open, or all of them',
  phrases: ['incidents', 'all incidents', 'open incidents', 'list incidents', 'list {which} incidents'],
  examples: ['incidents', 'all incidents'],
  input: z.object({ which: oneOf(['open', 'all']).default('open') }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { which }) => {
    const rows = await rooms.alerts.list(rooms.db, { open: which === 'open', most: MOST });
    const incidents = rows.map((row) => ({
      id: row.id,
      state: row.state === 'open' ? ('firing' as const) : row.state,
      severity: row.severity as 1,
      headline: row.title,
      since: Temporal.Instant.from(row.opened_at),
      ...(row.resolved_at ? { until: Temporal.Instant.from(row.resolved_at) } : {}),
      ...(row.team ? { owner: rooms.organisation.teams.find(({ id }) => id === row.team)?.name ?? row.team } : {}),
      ...(row.acknowledged_by ? { acknowledgedBy: rooms.people.nameOf(row.acknowledged_by) } : {}),
    }));
    const lines = incidents.map((entry) => `${entry.id}  SEV ${entry.severity}  ${entry.state}  ${entry.headline}`);
    const none = which === 'open' ? 'No incident is open.' : 'There has been no incident yet.';
    return {
      text: lines.length > 0 ? lines.join('\n') : none,
      card: incidentListCard({ now, source: 'Wardroom', incidents, ...(which === 'open' ? { scope: 'open' } : {}) }),
      data: rows.map(({ id, state, severity, title, endpoint, opened_at }) => ({
        id,
        state,
        severity,
        title,
        endpoint,
        since: opened_at,
      })),
    };
  },
});
