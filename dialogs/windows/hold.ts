import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const hold = capability({
  id: 'windows.hold',
  summary: 'Hold a running change',
  phrases: ['hold {change} because {reason}'],
  examples: ['hold RFC-104 because errors rise'],
  input: z.object({ change: plannedId, reason: freeText() }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id, reason }) => {
    await turn.rooms.windows.changes.hold(turn.tx, id, turn.actor.id, reason);
    return changeAnswer(turn, id, { why: reason });
  },
});
