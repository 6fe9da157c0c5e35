import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const agree = capability({
  id: 'windows.agree',
  summary: 'Agree that a change may break the budget it falls under',
  phrases: ['agree to {change} [because {reason}]', 'agree to cost of {change} [because {reason}]'],
  examples: ['agree to RFC-104', 'agree to RFC-104 because the sale pays for it'],
  input: z.object({ change: plannedId, reason: freeText().optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { change: id, reason }) => {
    await turn.rooms.windows.changes.agree(turn.tx, id, turn.actor.id, reason);
    return changeAnswer(turn, id, { words: 'it may break its budget', why: reason });
  },
});
