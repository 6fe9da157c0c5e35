import { z } from 'zod/v4';
import { freeText, rolloutId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { shownRollout } from './rollout-view.ts';

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
    return shownRollout(turn, row, reason);
  },
});
