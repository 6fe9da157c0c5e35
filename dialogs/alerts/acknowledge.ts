import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { between } from '../../cards/parts/time.ts';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const acknowledge = capability({
  id: 'alerts.acknowledge',
  summary: 'Take care of an incident: nobody else is called',
  phrases: ['ack {incident}', 'acknowledge {incident}', 'still at {incident}'],
  examples: ['ack INC-142'],
  input: z.object({ incident: incidentId }),
  roles: ['responder'],
  effect: 'write',
  run: async (turn, { incident }) => {
    const done = await turn.rooms.alerts.acknowledge(turn.tx, incident, turn.actor);
    if (done.first)
      return afterwards(turn, incident, `${turn.actor.name} takes care of ${incident}; nobody else is called.`);
    if (done.confirmed) return afterwards(turn, incident, `Good: ${incident} stays with you; I ask again later.`);
    const who =
      done.by === turn.actor.id ? 'You acknowledged' : `${turn.rooms.people.nameOf(done.by)} was first: acknowledged`;
    const ago = between(Temporal.Instant.from(done.at), turn.now);
    return afterwards(turn, incident, `${who} ${incident} ${ago} ago. You are noted too.`);
  },
});
