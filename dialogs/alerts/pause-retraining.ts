import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rulesAnswer } from './retraining-view.ts';

export const pauseRetraining = capability({
  id: 'alerts.pause-retraining',
  summary: 'Pause a retraining rule',
  phrases: ['pause retraining {rule} [because {reason}]'],
  examples: ['pause retraining fraud-drift because the labels are wrong'],
  input: z.object({ rule: freeText(80), reason: freeText(200).optional() }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { rule, reason }) => {
    const found = await turn.rooms.training.rules.pause(turn.tx, rule, true, turn.actor.id, reason);
    const text = `${found.id} is paused: ${found.model} is not trained again by itself. Say “resume retraining ${found.id}”.`;
    return rulesAnswer(turn, text, found, reason);
  },
});
