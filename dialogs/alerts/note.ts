import { z } from 'zod/v4';
import { freeText, incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const note = capability({
  id: 'alerts.note',
  summary: 'Write something into the timeline of an incident; nobody is notified',
  phrases: ['note {incident} {text}', 'note for {incident} {text}'],
  examples: ['note INC-142: the vendor called back, their gateway is slow'],
  input: z.object({ incident: incidentId, text: freeText(1000) }),
  roles: ['responder', 'requester', 'admin'],
  effect: 'write',
  run: async (turn, { incident, text }) => {
    await turn.rooms.alerts.changes.note(turn.tx, incident);
    return afterwards(turn, incident, `Noted in the timeline of ${incident}: ${text}`);
  },
});
