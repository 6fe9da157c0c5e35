import { capability, nothing } from '../capability.ts';
import { savingsAnswer } from './savings.ts';

export const idle = capability({
  id: 'cost.idle',
  summary: 'Machines and nodes that cost and do nothing, with a button that asks to stop each',
  phrases: [
    'idle compute',
    'stop idle compute',
    'idle machines',
    'idle endpoints',
    'idle resources',
    'idle',
    'is anything idle',
    'what is idle',
  ],
  examples: ['idle compute'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: (turn) => savingsAnswer(turn, { idle: true }),
});
