import { z } from 'zod/v4';
import { freeText, incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const resolve = capability({
  id: 'alerts.resolve',
  summary: 'Close an incident and say what ended it',
  phrases: [
    'resolve {incident} because {reason}',
    'resolve {incident}: {reason}',
    'close {incident} because {reason}',
    'resolve {incident}',
    'close {incident}',
  ],
  examples: ['resolve INC-142 because traffic is back on blue'],
  input: z.object({ incident: incidentId, reason: freeText() }),
  roles: ['responder'],
  effect: 'write',
  run: async (turn, { incident, reason }) => {
    await turn.rooms.alerts.resolve(turn.tx, incident, turn.actor, reason);
    return afterwards(turn, incident, `${incident} is resolved: ${reason}`, reason);
  },
});
