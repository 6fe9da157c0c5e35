import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';
import { personOf } from './person.ts';

export const handOver = capability({
  id: 'windows.hand-over',
  summary: 'Hand a change over to somebody else, such as the person on call',
  phrases: ['hand over {change} to {person}', 'hand over {change} to on call', 'hand over {change}'],
  examples: ['hand over RFC-104 to @ben', 'hand over RFC-104 to on call'],
  input: z.object({ change: plannedId, person: personRef.optional() }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id, person }) => {
    const { changes } = turn.rooms.windows;
    const relief = person ? personOf(turn.rooms, person) : await changes.onCallFor(turn.tx, id);
    if (!relief) throw new Refused(`Nobody is on call for what ${id} changes.`, 'Name a person.', 'nobody-on-call');
    await changes.handOver(turn.tx, id, relief, turn.actor.id);
    return changeAnswer(turn, id);
  },
});
