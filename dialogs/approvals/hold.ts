import { z } from 'zod/v4';
import { rolloutCard, rolloutSummary } from '../../cards/approvals/rollout.ts';
import { freeText, rolloutId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rolloutData, rolloutView } from './rollout-view.ts';

export const hold = capability({
  id: 'approvals.hold',
  summary: 'Let a promotion stand still at its step; its guards go on watching',
  phrases: ['hold {rollout} because {reason}', 'pause {rollout} because {reason}'],
  examples: ['hold ROL-104 because we look into a complaint'],
  input: z.object({ rollout: rolloutId, reason: freeText() }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { rollout, reason }) => {
    const row = await turn.rooms.rollouts.hold(turn.tx, rollout, turn.actor.id, reason);
    const view = await rolloutView({ ...turn.rooms, db: turn.tx }, row, turn.now);
    return {
      text: rolloutSummary(view),
      card: rolloutCard(view),
      data: rolloutData(row),
      objects: [rollout, row.request, row.endpoint],
      why: reason,
    };
  },
});
