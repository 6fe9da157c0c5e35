import { z } from 'zod/v4';
import { freeText, rolloutId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { shownRollout } from './rollout-view.ts';

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
    return shownRollout(turn, row, reason);
  },
});
