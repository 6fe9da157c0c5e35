import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const change = capability({
  id: 'windows.change',
  summary: 'Show a requested change: its conflicts, votes, checks and what can be done',
  phrases: ['change {change}', 'show change {change}', 'show {change}'],
  examples: ['change RFC-104'],
  input: z.object({ change: plannedId }),
  roles: ['viewer'],
  effect: 'read',
  run: (turn, { change: id }) => changeAnswer(turn, id, { reading: true }),
});
