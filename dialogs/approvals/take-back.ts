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
      text: `You vote for yourself again; ${from.map(rooms.people.nameOf).join(', ')} no longer does.`,
      data: { from },
    };
  },
});
