import { z } from 'zod/v4';
import { personRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';
import { personOf } from './person.ts';

export const handOver = capability({
  id: 'windows.hand-over',
  summary: 'Hand a change over to somebody else, such as the person on call',
  phrases: ['hand over {change} to {person}'],
  examples: ['hand over RFC-104 to @ben'],
  input: z.object({ change: plannedId, person: personRef }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id, person }) => {
    await turn.rooms.windows.changes.handOver(turn.tx, id, personOf(turn.rooms, person), turn.actor.id);
    return changeAnswer(turn, id);
  },
});
