import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { formCard } from '../../cards/form.ts';
import { taskName } from '../../services/alerts/index.ts';
import { Refused } from '../../services/core/errors.ts';
import { freeText, incidentId, instant, personRef } from '../arguments.ts';
import { type Answer, capability } from '../capability.ts';
import { formOf } from '../form.ts';
import { personOf } from './oncall-words.ts';
import { tasksAnswer } from './tasks-view.ts';

const MOST = 300;
const input = z.object({
  what: freeText(MOST).optional(),
  person: personRef.optional(),
  due: instant.optional(),
  incident: incidentId.optional(),
  /** Words of a message that it is made of: filled in, and asked for once more. */
  message: freeText(2500).optional(),
});

export const todo = capability({
  id: 'alerts.todo',
  summary: 'Write down what is to be done, by whom and until when; it need not belong to an incident',
  phrases: ['todo [{what}]', 'todo {what} by {due}', 'todo for {person} {what} by {due}', 'todo for {person} {what}'],
  examples: ['todo update the runbook of ep-fraud by tomorrow 16:00', 'todo for Ben: call the vendor'],
  input,
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { what, person, due, incident, message }) => {
    const { rooms, tx, actor } = turn;
    if (what === undefined) return asked(message);
    if (incident && !actor.roles.some((role) => role === 'responder' || role === 'admin'))
      throw new Refused(
        'Tasks of an incident are written down by those who respond to it.',
        'Leave the incident out, or ask somebody who responds.',
        'not-a-responder',
      );
    // What nobody is named for is one's own.
    const assignee = person === undefined ? (incident ? undefined : actor.id) : personOf(rooms, person);
    const wish = { text: what, assignee, due: due === undefined ? undefined : Temporal.Instant.from(due) };
    const made = await rooms.alerts.tasks.add(tx, incident, wish, actor.id);
    const open = await rooms.alerts.tasks.open(tx, incident ? { incident } : { person: made.assignee ?? actor.id });
    const whose = made.assignee ? `for ${rooms.people.nameOf(made.assignee)}` : 'for nobody yet';
    const of = incident ?? (made.assignee === actor.id ? 'you' : rooms.people.nameOf(made.assignee ?? ''));
    return tasksAnswer(turn, of, open, `${taskName(made.id)} is written down ${whose}.`);
  },
});

/** The form, with what a message says already. */
function asked(message: string | undefined): Answer {
  const about = { id: 'alerts.todo', summary: 'Write down a task', input, effect: 'write' } as const;
  const incident = /\bINC-\d{1,9}\b/i.exec(message ?? '')?.[0]?.toUpperCase();
  const form = formOf(about, {
    submit: 'Write it down',
    fields: ['what', 'person', 'due', 'incident'],
    labels: {
      what: 'What is to be done',
      person: 'By whom (you, when it stays empty)',
      due: 'Until when',
      incident: 'For an incident',
    },
    values: { ...(message ? { what: message.slice(0, MOST) } : {}), ...(incident ? { incident } : {}) },
  });
  const fields = form.fields.map((field) => (field.id === 'what' ? { ...field, required: true } : field));
  return { text: 'What is to be done, by whom, until when?', card: formCard({ ...form, fields }), data: { fields } };
}
