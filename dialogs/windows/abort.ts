import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const abort = capability({
  id: 'windows.abort',
  summary: 'Abort a change and move the traffic back to how it stood when it began',
  phrases: ['abort {change} because {reason}'],
  examples: ['abort RFC-104 because latency doubled'],
  input: z.object({ change: plannedId, reason: freeText() }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id, reason }) => {
    await turn.rooms.windows.changes.abort(turn.tx, id, turn.actor.id, reason);
    return changeAnswer(turn, id, { why: reason });
  },
});
