import { z } from 'zod/v4';
import { incidentCard, incidentSummary } from '../../cards/alerts/incident.ts';
import { cardOf } from '../../services/alerts/index.ts';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { incidentView, neededIncident } from './view.ts';

export const show = capability({
  id: 'alerts.show',
  summary: 'Show an incident',
  phrases: ['incident {incident}', 'show incident {incident}', 'show {incident}'],
  examples: ['incident INC-142'],
  input: z.object({ incident: incidentId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { incident }) => {
    const row = await neededIncident(rooms, incident);
    const view = await incidentView(rooms, row, now);
    return {
      text: incidentSummary(view),
      card: incidentCard(view),
      data: {
        id: row.id,
        state: row.state,
        severity: row.severity,
        headline: row.title,
        endpoint: row.endpoint,
        since: row.opened_at,
        acknowledgedBy: row.acknowledged_by,
        resolvedAt: row.resolved_at,
      },
      live: { card: cardOf(row.id), kind: 'alerts.incident', ids: { incident: row.id } },
    };
  },
});
