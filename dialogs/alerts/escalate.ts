import { z } from 'zod/v4';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const escalate = capability({
  id: 'alerts.escalate',
  summary: 'Call the next step of the escalation now',
  phrases: ['escalate {incident}'],
  examples: ['escalate INC-142'],
  input: z.object({ incident: incidentId }),
  roles: ['responder'],
  effect: 'write',
  run: async (turn, { incident }) => {
    const { step, people } = await turn.rooms.alerts.escalate(turn.tx, incident);
    const names = people.map((id) => turn.rooms.people.nameOf(id)).join(', ') || 'the fallback channel';
    return afterwards(turn, incident, `${incident} goes to step ${step} now: ${names}.`);
  },
});
