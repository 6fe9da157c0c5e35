import { z } from 'zod/v4';
import { freeText, misuseId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { misuseAnswer } from './misuse-view.ts';

export const lessons = capability({
  id: 'alerts.lessons',
  summary: 'Write down what was learnt from a case of misuse; closes it',
  phrases: ['lessons of {misuse} {text}', 'lessons of {misuse} are {text}'],
  examples: ['lessons of MIS-101: callers are named in the contract from now on'],
  input: z.object({ misuse: misuseId, text: freeText(2000) }),
  roles: ['responder', 'risk', 'engineering', 'domain', 'admin'],
  effect: 'write',
  run: async (turn, { misuse, text }) => {
    await turn.rooms.concerns.misuse.learn(turn.tx, misuse, turn.actor.id, text);
    return misuseAnswer(turn, misuse, text);
  },
});
