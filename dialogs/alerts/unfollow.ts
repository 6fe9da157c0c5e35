import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const unfollow = capability({
  id: 'alerts.unfollow',
  summary: 'Hear no more of an incident that you follow',
  phrases: ['unfollow {incident}', 'stop following {incident}'],
  examples: ['unfollow INC-142'],
  input: z.object({ incident: incidentId }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { incident }) => {
    if (!(await turn.rooms.alerts.unfollow(turn.tx, incident, turn.actor.id)))
      throw new Refused(`You do not follow ${incident}.`, `Say “follow ${incident}” to do so.`);
    return afterwards(turn, incident, `You do not follow ${incident} any more.`);
  },
});
