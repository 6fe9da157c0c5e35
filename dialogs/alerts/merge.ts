import { z } from 'zod/v4';
import { freeText, incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const merge = capability({
  id: 'alerts.merge',
  summary: 'Make two incidents one: the alerts and tasks of the first belong to the second, and the first is closed',
  phrases: ['merge {incident} into {into} [because {reason}]'],
  examples: ['merge INC-143 into INC-142 because the gateway is behind both'],
  input: z.object({ incident: incidentId, into: incidentId, reason: freeText(300).optional() }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { incident, into, reason }) => {
    const moved = await turn.rooms.alerts.changes.merge(turn.tx, incident, into, turn.actor.id, reason);
    const alerts = `${moved} ${moved === 1 ? 'alert' : 'alerts'}`;
    const answer = await afterwards(turn, into, `${incident} is merged into ${into} with ${alerts}.`, reason);
    return { ...answer, objects: [incident, into] };
  },
});
