import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { relatedCard } from '../../cards/alerts/related.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededIncident } from './view.ts';

export const related = capability({
  id: 'alerts.related',
  summary: 'Show the alerts of an incident by number, and the incidents near it',
  phrases: ['alerts of {incident}', 'related to {incident}', 'what else happened around {incident}'],
  examples: ['alerts of INC-142'],
  input: z.object({ incident: incidentId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { incident }) => {
    const row = await neededIncident(rooms, incident);
    const [episodes, near] = await Promise.all([
      rooms.alerts.episodes(rooms.db, incident),
      rooms.alerts.changes.related(rooms.db, row),
    ]);
    const alerts = episodes.map(({ signal, startedAt, endedAt }) => ({
      headline: signal.headline,
      since: startedAt,
      source: signal.source,
      ...(endedAt ? { until: endedAt } : {}),
    }));
    const card = relatedCard({
      now,
      id: incident,
      since: Temporal.Instant.from(row.opened_at),
      alerts,
      incidents: near.map((each) => ({
        id: each.id,
        headline: each.title,
        severity: Math.min(4, Math.max(0, each.severity)) as 0,
        state: each.state === 'open' ? 'firing' : each.state,
        since: Temporal.Instant.from(each.opened_at),
        why: each.endpoint === row.endpoint && row.endpoint ? `the same endpoint, ${row.endpoint}` : 'the same team',
      })),
    });
    const lines = alerts.map(({ headline, until }, index) => `${index + 1}. ${headline}${until ? ' (over)' : ''}`);
    const beside = near.map(({ id, title, state }) => `${id}  ${state}  ${title}`);
    return {
      text: [summaryOf(card), ...lines, ...beside].join('\n'),
      card,
      data: {
        alerts: alerts.map(({ since, until, ...rest }) => ({
          ...rest,
          since: since.toString(),
          until: until?.toString(),
        })),
        incidents: near,
      },
    };
  },
});
