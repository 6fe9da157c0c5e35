import { z } from 'zod/v4';
import { taskId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { tasksAnswer } from './tasks-view.ts';

export const done = capability({
  id: 'alerts.done',
  summary: 'Say that a task is done',
  phrases: ['done {task}', 'task {task} done', 'task {task} is done'],
  examples: ['done TSK-103'],
  input: z.object({ task: taskId }),
  // Those of an incident are ended by those who respond to it; others by whoever has them.
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { task }) => {
    const { rooms, tx, actor } = turn;
    const row = await rooms.alerts.tasks.done(tx, task, actor);
    const left = row.incident
      ? await rooms.alerts.tasks.all(tx, row.incident)
      : await rooms.alerts.tasks.open(tx, { person: actor.id });
    return tasksAnswer(turn, row.incident ?? 'you', left, `${task} is done.`);
  },
});
