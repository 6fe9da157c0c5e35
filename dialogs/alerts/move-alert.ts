import { z } from 'zod/v4';
import { incidentId, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

const MOST = 9_999;

export const moveAlert = capability({
  id: 'alerts.move-alert',
  summary: 'Move one alert of an incident to another one, where it belongs',
  phrases: ['move alert {alert} of {incident} to {into}', 'move alert {alert} from {incident} to {into}'],
  examples: ['move alert 2 of INC-142 to INC-143'],
  input: z.object({ alert: wholeNumber(1, MOST), incident: incidentId, into: incidentId }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { alert, incident, into }) => {
    const headline = await turn.rooms.alerts.changes.move(turn.tx, incident, alert, into);
    const answer = await afterwards(turn, into, `“${headline}” belongs to ${into} now.`);
    return { ...answer, objects: [incident, into] };
  },
});
