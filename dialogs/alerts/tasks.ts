import { z } from 'zod/v4';
import { incidentId, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { tasksAnswer } from './tasks-view.ts';
import { neededIncident } from './view.ts';

export const tasks = capability({
  id: 'alerts.tasks',
  summary: 'List the tasks of an incident, or yours',
  phrases: ['tasks of {incident}', 'tasks {incident}', 'my tasks {whose=mine}'],
  examples: ['tasks of INC-142', 'my tasks'],
  input: z.object({ incident: incidentId.optional(), whose: oneOf(['mine']).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async (turn, { incident }) => {
    const { rooms, actor } = turn;
    if (incident === undefined)
      return tasksAnswer(turn, 'you', await rooms.alerts.tasks.open(rooms.db, { person: actor.id }));
    await neededIncident(rooms, incident);
    return tasksAnswer(turn, incident, await rooms.alerts.tasks.all(rooms.db, incident));
  },
});
