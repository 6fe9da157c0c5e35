import { z } from 'zod/v4';
import { freeText, rolloutId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { shownRollout } from './rollout-view.ts';

export const resume = capability({
  id: 'approvals.resume',
  summary: 'Let a held promotion go on',
  phrases: ['continue {rollout} because {reason}', 'resume {rollout} because {reason}'],
  examples: ['continue ROL-104 because the complaint was about something else'],
  input: z.object({ rollout: rolloutId, reason: freeText() }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { rollout, reason }) => {
    const row = await turn.rooms.rollouts.continue(turn.tx, rollout, turn.actor.id, reason);
    return shownRollout(turn, row, reason);
  },
});
