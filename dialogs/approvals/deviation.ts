import { z } from 'zod/v4';
import { deviationCard, deviationSummary } from '../../cards/approvals/deviation.ts';
import { deviationCardOf } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import { deviationId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { deviationView } from './deviation-view.ts';

export const deviation = capability({
  id: 'approvals.deviation',
  summary: 'Show an endpoint that was changed past Wardroom: what, who, and what to do',
  phrases: ['deviation {deviation}', 'show deviation {deviation}'],
  examples: ['deviation DEV-102'],
  input: z.object({ deviation: deviationId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { deviation: id }) => {
    const row = await rooms.serving.find(rooms.db, id);
    if (!row) throw new Refused(`There is no ${id}.`, 'Say “deviations” for the list.', 'unknown-deviation');
    const view = await deviationView(rooms, row, now);
    return {
      text: deviationSummary(view),
      card: deviationCard(view),
      data: { id, state: row.state, endpoint: row.endpoint, found: row.found, by: row.by_whom },
      live: { card: deviationCardOf(id), kind: 'approvals.deviation', ids: { deviation: id } },
    };
  },
});
