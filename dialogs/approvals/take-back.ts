import { joined } from '../../cards/parts/text.ts';
import { capability, nothing } from '../capability.ts';

export const takeBack = capability({
  id: 'approvals.take-back',
  summary: 'Take back the votes that you delegated',
  phrases: ['take back my votes', 'end my delegation'],
  examples: ['take back my votes'],
  input: nothing,
  roles: ['viewer'],
  effect: 'write',
  run: async ({ rooms, tx, actor }) => {
    const from = await rooms.approvals.takeBack(tx, actor.id);
    return {
      text: `You vote for yourself again; ${joined(from.map(rooms.people.nameOf))} no longer ${from.length === 1 ? 'does' : 'do'}.`,
      data: { from },
    };
  },
});
