import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { swapAnswer, swapNumber } from './swap-view.ts';

export const acceptSwap = capability({
  id: 'alerts.accept-swap',
  summary: 'Say yes to a swap of shifts that you were asked for',
  phrases: ['accept swap {swap}'],
  examples: ['accept swap 3'],
  input: z.object({ swap: swapNumber }),
  roles: ['responder', 'admin'],
  effect: 'write',
  prepare: ({ rooms }) => rooms.people.members(),
  run: async (turn, { swap }, members) => {
    const settled = await turn.rooms.alerts.swaps.accept(turn.tx, swap, turn.actor.id, members);
    return swapAnswer(turn, settled, `Swap ${swap} is accepted: both shifts have changed hands.`);
  },
});
