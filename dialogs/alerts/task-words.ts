import { Temporal } from 'temporal-polyfill';
import type { TaskRow } from '../../services/alerts/index.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';

/** "call the vendor · Ben Okafor · due Mon 23 Nov 16:00 (Europe/Amsterdam)" */
export function taskWords({ people, organisation }: Rooms, task: TaskRow, zone = organisation.zone): string {
  const due = task.due_at ? `due ${said(Temporal.Instant.from(task.due_at), zone)}` : undefined;
  const done = task.done_at ? `done by ${people.nameOf(task.done_by ?? '')}` : undefined;
  return [task.text, task.assignee ? people.nameOf(task.assignee) : 'nobody yet', done ?? due]
    .filter(Boolean)
    .join(' · ');
}
