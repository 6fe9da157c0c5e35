import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { swapAnswer, swapNumber } from './swap-view.ts';

export const withdrawSwap = capability({
  id: 'alerts.withdraw-swap',
  summary: 'Take back a swap of shifts that you asked for',
  phrases: ['withdraw swap {swap}'],
  examples: ['withdraw swap 3'],
  input: z.object({ swap: swapNumber }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { swap }) => {
    const settled = await turn.rooms.alerts.swaps.withdraw(turn.tx, swap, turn.actor.id);
    return swapAnswer(turn, settled, `Swap ${swap} is taken back.`);
  },
});
