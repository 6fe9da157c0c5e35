import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { swapAnswer, swapNumber } from './swap-view.ts';

export const declineSwap = capability({
  id: 'alerts.decline-swap',
  summary: 'Say no to a swap of shifts that you were asked for',
  phrases: ['decline swap {swap}'],
  examples: ['decline swap 3'],
  input: z.object({ swap: swapNumber }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { swap }) => {
    const settled = await turn.rooms.alerts.swaps.decline(turn.tx, swap, turn.actor.id);
    return swapAnswer(turn, settled, `Swap ${swap} is declined.`);
  },
});
