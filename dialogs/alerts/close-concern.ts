import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { concernId } from './concern.ts';
import { concernAnswer, mustHear, neededConcern } from './concern-view.ts';

export const closeConcern = capability({
  id: 'alerts.close-concern',
  summary: 'Close a concern with what came of it',
  phrases: ['close concern {concern} {text}', 'close concern {concern} because {text}'],
  examples: ['close concern CON-101: the rates by age are within the policy now'],
  input: z.object({ concern: concernId, text: freeText(1000) }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { concern, text }) => {
    await mustHear(turn, await neededConcern({ ...turn.rooms, db: turn.tx }, concern));
    await turn.rooms.concerns.close(turn.tx, concern, turn.actor.id, text);
    return concernAnswer(turn, concern, `${concern} is closed.`, text);
  },
});
