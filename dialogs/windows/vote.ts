import { z } from 'zod/v4';
import { freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const vote = capability({
  id: 'windows.vote',
  summary: 'Vote on a requested change',
  phrases: [
    'board {choice} {change} [because {reason}]',
    'approve {change} [because {reason}]',
    'reject {change} because {reason}',
    'abstain on {change}',
  ],
  examples: ['approve RFC-104', 'reject RFC-104 because there is no way back'],
  input: z.object({
    change: plannedId,
    choice: oneOf(['approve', 'reject', 'abstain']),
    reason: freeText().optional(),
  }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { change: id, choice, reason }) => {
    await turn.rooms.windows.changes.vote(turn.tx, id, { voter: turn.actor.id, choice, reason, turn: turn.key });
    return changeAnswer(turn, id, { why: reason });
  },
});
