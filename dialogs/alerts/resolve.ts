import { z } from 'zod/v4';
import { taskName } from '../../services/alerts/index.ts';
import { Refused } from '../../services/core/errors.ts';
import { freeText, incidentId, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const resolve = capability({
  id: 'alerts.resolve',
  summary: 'Close an incident and say what ended it',
  phrases: [
    'resolve {incident} because {reason}',
    'resolve {incident} {reason}',
    'close {incident} because {reason}',
    'resolve {incident} anyway because {reason} {tasks=keep}',
    'resolve {incident}',
    'close {incident}',
  ],
  examples: ['resolve INC-142 because traffic is back on blue'],
  input: z.object({ incident: incidentId, reason: freeText(), tasks: oneOf(['keep']).optional() }),
  roles: ['responder'],
  effect: 'write',
  run: async (turn, { incident, reason, tasks }) => {
    const open = await turn.rooms.alerts.tasks.open(turn.tx, { incident });
    if (open.length > 0 && !tasks) {
      const names = open.slice(0, 3).map((task) => `${taskName(task.id)} (${task.text.slice(0, 60)})`);
      const more = open.length > names.length ? ` and ${open.length - names.length} more` : '';
      throw new Refused(
        `${incident} has open tasks: ${names.join(', ')}${more}.`,
        `Say “done ${taskName(open[0]?.id ?? 0)}”, or “resolve ${incident} anyway because …”: they stay with whoever has them.`,
        'open-tasks',
      );
    }
    await turn.rooms.alerts.resolve(turn.tx, incident, turn.actor, reason);
    return afterwards(turn, incident, `${incident} is resolved: ${reason}`, reason);
  },
});
