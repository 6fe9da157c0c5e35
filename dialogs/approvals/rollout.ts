import { z } from 'zod/v4';
import { rolloutCard, rolloutSummary } from '../../cards/approvals/rollout.ts';
import { rolloutCardOf } from '../../services/approvals/index.ts';
import { rolloutId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRollout, rolloutData, rolloutView } from './rollout-view.ts';

export const rollout = capability({
  id: 'approvals.rollout',
  summary: 'Show a promotion on its way: its step, its guards, what comes next',
  phrases: ['rollout {rollout}', 'show rollout {rollout}', 'show {rollout}'],
  examples: ['rollout ROL-104'],
  input: z.object({ rollout: rolloutId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { rollout: id }) => {
    const row = await neededRollout(rooms, id);
    const view = await rolloutView(rooms, row, now);
    return {
      text: rolloutSummary(view),
      card: rolloutCard(view),
      data: rolloutData(row),
      live: { card: rolloutCardOf(id), kind: 'approvals.rollout', ids: { rollout: id } },
    };
  },
});
