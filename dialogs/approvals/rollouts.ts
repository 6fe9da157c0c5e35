import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { listWords, rolloutListCard } from '../../cards/approvals/rollout-list.ts';
import { type PromotePlan, stepWords } from '../../services/approvals/index.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rolloutData } from './rollout-view.ts';

const MOST = 20;

export const rollouts = capability({
  id: 'approvals.rollouts',
  summary: 'List the promotions on their way and the last ones that ended',
  phrases: ['rollouts [on {endpoint}]', 'promotions [on {endpoint}]'],
  examples: ['rollouts', 'rollouts on ep-fraud'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
    const rows = await rooms.rollouts.list(rooms.db, MOST, endpoint);
    const view = {
      now,
      source: 'Wardroom',
      rollouts: rows.map((row) => {
        const step = (row.plan as PromotePlan).steps[row.step];
        return {
          id: row.id,
          state: row.state,
          model: `${row.model}:${row.version}`,
          endpoint: row.endpoint,
          note: row.note,
          open: row.finished_at === null,
          createdAt: Temporal.Instant.from(row.created_at),
          step: step ? stepWords(step) : 'nothing moved yet',
        };
      }),
    };
    return { text: listWords(view), card: rolloutListCard(view), data: rows.map(rolloutData) };
  },
});
