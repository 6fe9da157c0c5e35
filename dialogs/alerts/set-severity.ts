import { z } from 'zod/v4';
import { freeText, incidentId, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const setSeverity = capability({
  id: 'alerts.set-severity',
  summary: 'Say how bad an incident is; it holds until its alerts get worse than they are now',
  phrases: [
    'severity {incident} {severity} because {reason}',
    'severity of {incident} is {severity} because {reason}',
    'set severity of {incident} to {severity} because {reason}',
  ],
  examples: ['severity INC-142 2 because only the test shop is touched'],
  input: z.object({ incident: incidentId, severity: wholeNumber(0, 4), reason: freeText(300) }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { incident, severity, reason }) => {
    const { from } = await turn.rooms.alerts.changes.setSeverity(turn.tx, incident, severity, turn.actor.id);
    return afterwards(turn, incident, `${incident} is SEV ${severity} now, it was SEV ${from}: ${reason}`, reason);
  },
});
