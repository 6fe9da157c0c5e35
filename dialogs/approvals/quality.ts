import { z } from 'zod/v4';
import { qualityCard, qualitySummary } from '../../cards/approvals/quality.ts';
import { currentOf, type PromotePlan } from '../../services/approvals/index.ts';
import { rolloutId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRollout } from './rollout-view.ts';

export const quality = capability({
  id: 'approvals.quality',
  summary: 'Compare both versions of a rollout on the same mirrored requests, by the labels that came later',
  phrases: ['quality of {rollout}', 'answers of {rollout}'],
  examples: ['quality of ROL-104'],
  input: z.object({ rollout: rolloutId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { rollout }) => {
    const row = await neededRollout(rooms, rollout);
    const found = await rooms.rollouts.quality(row);
    const plan = row.plan as PromotePlan;
    const view = {
      now,
      rollout,
      candidate: `${row.model}:${row.version}`,
      current: currentOf(plan),
      endpoint: row.endpoint,
      ...found,
      source: 'Log Analytics: WardroomScores_CL, WardroomLabels_CL',
    };
    return { text: qualitySummary(view), card: qualityCard(view), data: { id: rollout, ...found } };
  },
});
