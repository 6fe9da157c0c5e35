import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const review = capability({
  id: 'windows.review',
  summary: 'Review a change for which the glass was broken',
  phrases: ['review {change} because {reason}'],
  examples: ['review RFC-104 because it was right to do it at once'],
  input: z.object({ change: plannedId, reason: freeText() }),
  roles: ['approver', 'admin', 'risk'],
  effect: 'write',
  run: async (turn, { change: id, reason }) => {
    await turn.rooms.windows.changes.review(turn.tx, id, turn.actor.id, reason);
    return changeAnswer(turn, id, { why: reason });
  },
});
