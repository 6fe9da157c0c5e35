import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rulesAnswer } from './retraining-view.ts';

export const resumeRetraining = capability({
  id: 'alerts.resume-retraining',
  summary: 'Put a paused retraining rule into force again',
  phrases: ['resume retraining {rule}'],
  examples: ['resume retraining fraud-drift'],
  input: z.object({ rule: freeText(80) }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { rule }) => {
    const found = await turn.rooms.training.rules.pause(turn.tx, rule, false, turn.actor.id);
    return rulesAnswer(turn, `${found.id} is in force again.`, found);
  },
});
