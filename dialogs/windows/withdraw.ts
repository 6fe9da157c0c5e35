import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const withdraw = capability({
  id: 'windows.withdraw',
  summary: 'Take back a change that you asked for',
  phrases: ['withdraw {change}'],
  examples: ['withdraw RFC-104'],
  input: z.object({ change: plannedId }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { change: id }) => {
    await turn.rooms.windows.changes.withdraw(turn.tx, id, turn.actor.id);
    return changeAnswer(turn, id);
  },
});
