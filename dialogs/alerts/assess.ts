import { z } from 'zod/v4';
import { freeText, misuseId, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { misuseAnswer } from './misuse-view.ts';

export const assess = capability({
  id: 'alerts.assess',
  summary: 'Answer a point of the checklist of a case of misuse',
  phrases: ['assess {misuse} point {item} {text}', 'assess {misuse} point {item} because {text}'],
  examples: ['assess MIS-101 point 1: 210 applicants since Monday'],
  input: z.object({ misuse: misuseId, item: wholeNumber(1, 50), text: freeText(1000) }),
  roles: ['responder', 'risk', 'engineering', 'domain', 'admin'],
  effect: 'write',
  run: async (turn, { misuse, item, text }) => {
    await turn.rooms.concerns.misuse.tick(turn.tx, misuse, item, turn.actor.id, text);
    return misuseAnswer(turn, misuse, text);
  },
});
