import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { concernId } from './concern.ts';
import { concernAnswer, mustHear, neededConcern } from './concern-view.ts';

export const answerConcern = capability({
  id: 'alerts.answer-concern',
  summary: 'Answer a concern; whoever raised it under their name is told',
  phrases: ['answer concern {concern} {text}', 'answer concern {concern} because {text}'],
  examples: ['answer concern CON-101: we look at the rates by age on Monday'],
  input: z.object({ concern: concernId, text: freeText(1000) }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { concern, text }) => {
    await mustHear(turn, await neededConcern({ ...turn.rooms, db: turn.tx }, concern));
    await turn.rooms.concerns.answer(turn.tx, concern, turn.actor.id, text);
    return concernAnswer(turn, concern, `${concern} is answered.`, text);
  },
});
