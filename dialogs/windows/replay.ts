import { z } from 'zod/v4';
import { deliveriesCard } from '../../cards/windows/deliveries.ts';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';

export const replay = capability({
  id: 'windows.replay',
  summary: 'Send an event again to the automation that was to hear of it',
  phrases: ['replay delivery {delivery}', 'send delivery {delivery} again'],
  examples: ['replay delivery 12'],
  input: z.object({ delivery: wholeNumber(1, 999_999_999) }),
  roles: ['admin', 'engineering'],
  effect: 'write',
  run: async ({ rooms, tx, now }, { delivery }) => {
    const id = await rooms.windows.automations.replay(tx, delivery);
    const deliveries = [
      {
        id,
        automation: 'the same automation',
        event: `delivery ${delivery}`,
        state: 'open' as const,
        attempts: 0,
        at: now,
        replayOf: delivery,
      },
    ];
    return {
      text: `Delivery ${delivery} is sent again as ${id}.`,
      card: deliveriesCard({ now, automations: rooms.organisation.automations.length, deliveries }),
      data: { delivery: id, replayOf: delivery },
    };
  },
});
