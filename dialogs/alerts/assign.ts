import { z } from 'zod/v4';
import { incidentId, personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';
import { personOf } from './oncall-words.ts';

export const assign = capability({
  id: 'alerts.assign',
  summary: 'Ask somebody by name to take care of an incident',
  phrases: ['assign {incident} to {person}', 'reassign {incident} to {person}', 'hand {incident} to {person}'],
  examples: ['assign INC-142 to Ben', 'assign INC-142 to me'],
  input: z.object({ incident: incidentId, person: personRef }),
  roles: ['responder'],
  effect: 'write',
  run: async (turn, { incident, person }) => {
    const { rooms, actor } = turn;
    const to = personOf(rooms, person);
    await rooms.alerts.assign(turn.tx, incident, to, actor);
    const text =
      to === actor.id
        ? `You take care of ${incident}; nobody else is called.`
        : `${rooms.people.nameOf(to)} is asked to take ${incident} and paged one to one; without an answer the escalation goes on.`;
    return afterwards(turn, incident, text);
  },
});
