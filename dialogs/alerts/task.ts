import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { taskName } from '../../services/alerts/index.ts';
import { freeText, incidentId, instant, personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { personOf } from './oncall-words.ts';
import { tasksAnswer } from './tasks-view.ts';

/** A mention or an @name at the end of the words: "call the vendor @Ben". */
const FOR = /^(.*\S)\s+(?:@|<at>)\s*([\p{L}\p{N}][\p{L}\p{N}' .-]{0,60}?)(?:<\/at>)?$/su;

export const task = capability({
  id: 'alerts.task',
  summary: 'Write down what is to be done for an incident, by whom and until when',
  phrases: [
    'task {incident} {what} by {due}',
    'task {incident} {what}',
    'task {incident} for {person} {what} by {due}',
    'task {incident} for {person} {what}',
  ],
  examples: ['task INC-142: call the vendor @Ben by 16:00', 'task INC-142 for Ben: call the vendor'],
  input: z.object({
    incident: incidentId,
    what: freeText(300),
    person: personRef.optional(),
    due: instant.optional(),
  }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { incident, what, person, due }) => {
    const { rooms, tx, actor } = turn;
    const named = person === undefined ? FOR.exec(what) : null;
    // A real mention stands there as the name alone.
    const mentioned = named ? undefined : rooms.organisation.people.find(({ name }) => what.endsWith(` ${name}`));
    const who = person ?? named?.[2] ?? mentioned?.id;
    const wish = {
      text: named?.[1] ?? (mentioned ? what.slice(0, -mentioned.name.length).trim() : what),
      assignee: who === undefined ? undefined : personOf(rooms, who.trim()),
      due: due === undefined ? undefined : Temporal.Instant.from(due),
    };
    const made = await rooms.alerts.tasks.add(tx, incident, wish, actor.id);
    const open = await rooms.alerts.tasks.open(tx, { incident });
    const whose = made.assignee ? `for ${rooms.people.nameOf(made.assignee)}` : 'for nobody yet';
    return tasksAnswer(turn, incident, open, `${taskName(made.id)} is written down ${whose}.`);
  },
});
