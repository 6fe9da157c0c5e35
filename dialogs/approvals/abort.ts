import { z } from 'zod/v4';
import { rolloutCard, rolloutSummary } from '../../cards/approvals/rollout.ts';
import { freeText, rolloutId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rolloutData, rolloutView } from './rollout-view.ts';

export const abort = capability({
  id: 'approvals.abort',
  summary: 'End a promotion: all traffic goes back to what served before',
  phrases: ['abort {rollout} because {reason}'],
  examples: ['abort ROL-104 because good payments are declined'],
  input: z.object({ rollout: rolloutId, reason: freeText() }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { rollout, reason }) => {
    const row = await turn.rooms.rollouts.abort(turn.tx, rollout, turn.actor.id, reason);
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
