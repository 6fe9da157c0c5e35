import { z } from 'zod/v4';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';
import { neededIncident } from './view.ts';

export const follow = capability({
  id: 'alerts.follow',
  summary: 'Hear one to one what becomes of an incident',
  phrases: ['follow {incident}'],
  examples: ['follow INC-142'],
  input: z.object({ incident: incidentId }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { incident }) => {
    await neededIncident({ ...turn.rooms, db: turn.tx }, incident);
    await turn.rooms.alerts.follow(turn.tx, incident, turn.actor.id);
    const text = `You follow ${incident}: I tell you one to one when something becomes of it, for as long as you look at it once a week.`;
    return afterwards(turn, incident, text);
  },
});
