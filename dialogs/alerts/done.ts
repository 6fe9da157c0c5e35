import { z } from 'zod/v4';
import { taskId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { tasksAnswer } from './tasks-view.ts';

export const done = capability({
  id: 'alerts.done',
  summary: 'Say that a task of an incident is done',
  phrases: ['done {task}', 'task {task} done', 'task {task} is done'],
  examples: ['done TSK-103'],
  input: z.object({ task: taskId }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { task }) => {
    const row = await turn.rooms.alerts.tasks.done(turn.tx, task, turn.actor.id);
    const left = await turn.rooms.alerts.tasks.all(turn.tx, row.incident);
    return tasksAnswer(turn, row.incident, left, `${task} is done.`);
  },
});
