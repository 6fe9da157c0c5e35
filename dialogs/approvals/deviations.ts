import { Temporal } from 'temporal-polyfill';
import { deviationListCard } from '../../cards/approvals/deviation.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import type { Found } from '../../services/approvals/index.ts';
import { capability, nothing } from '../capability.ts';

const MOST = 20;

export const deviations = capability({
  id: 'approvals.deviations',
  summary: 'List endpoints that were changed past Wardroom',
  phrases: ['deviations', 'what serves unapproved'],
  examples: ['deviations'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const rows = await rooms.serving.list(rooms.db, MOST);
    const card = deviationListCard({
      now,
      source: 'Wardroom, compared every hour',
      deviations: rows.map((row) => ({
        id: row.id,
        state: row.state,
        endpoint: row.endpoint,
        words: (row.found as Found).words,
        ...(row.by_whom ? { by: row.by_whom } : {}),
        reportedAt: Temporal.Instant.from(row.reported_at),
      })),
    });
    return {
      text: summaryOf(card),
      card,
      data: rows.map(({ id, state, endpoint, found, by_whom: by }) => ({ id, state, endpoint, found, by })),
    };
  },
});
