import { z } from 'zod/v4';
import { freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const done = capability({
  id: 'windows.done',
  summary: 'Close a change: it did what it was for, or failed',
  phrases: ['done {change} [because {reason}]', 'close {change} as {outcome} [because {reason}]'],
  examples: ['done RFC-104', 'close RFC-104 as failed because the smoke test failed'],
  input: z.object({
    change: plannedId,
    outcome: oneOf(['succeeded', 'failed']).default('succeeded'),
    reason: freeText().optional(),
  }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id, outcome, reason }) => {
    await turn.rooms.windows.changes.done(turn.tx, id, turn.actor.id, outcome, reason);
    return changeAnswer(turn, id, { why: reason });
  },
});
