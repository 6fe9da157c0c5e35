import { Temporal } from 'temporal-polyfill';
import { tasksCard } from '../../cards/alerts/tasks.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { type TaskRow, taskName } from '../../services/alerts/index.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { taskWords } from './task-words.ts';

const cardOf = (rooms: Rooms, now: Temporal.Instant, of: string, tasks: readonly TaskRow[], note?: string) =>
  tasksCard({
    now,
    of,
    ...(note ? { note } : {}),
    tasks: tasks.map((task) => ({
      id: taskName(task.id),
      ...(task.incident ? { incident: task.incident } : {}),
      text: task.text,
      ...(task.assignee ? { who: rooms.people.nameOf(task.assignee) } : {}),
      ...(task.due_at ? { due: Temporal.Instant.from(task.due_at) } : {}),
      ...(task.done_at ? { done: rooms.people.nameOf(task.done_by ?? '') } : {}),
    })),
  });

export function tasksAnswer({ rooms, now, actor }: Turn, of: string, tasks: readonly TaskRow[], note?: string): Answer {
  const lines = tasks.map(
    (task) => `${taskName(task.id)}  ${task.incident ?? 'no incident'}  ${taskWords(rooms, task, actor.zone)}`,
  );
  return {
    text: [note, ...lines].filter(Boolean).join('\n') || `No open task for ${of}.`,
    card: cardOf(rooms, now, of, tasks, note),
    data: tasks,
    objects: [...new Set(tasks.map(({ id, incident }) => incident ?? taskName(id)))],
  };
}

const WHY: Readonly<Record<string, (task: TaskRow, name: string) => string>> = {
  given: ({ incident }, name) => `${name} asks you to do this${incident ? ` for ${incident}` : ''}.`,
  due: ({ incident }) => `This is due${incident ? ` for ${incident}` : ''} and not done.`,
  left: ({ incident }) => `${incident} is over, and this is still open.`,
};

/** One to one, for whoever has the task; nothing when it is done by then. */
export const taskNotice: Draw = async (rooms, { ids }, now) => {
  const task = await rooms.alerts.tasks.find(rooms.db, Number(ids['task']));
  if (!task || task.done_at) return undefined;
  const note = WHY[ids['what'] ?? '']?.(task, rooms.people.nameOf(task.created_by));
  const card = cardOf(rooms, now, 'you', [task], note);
  return { card, summary: summaryOf(card) };
};
