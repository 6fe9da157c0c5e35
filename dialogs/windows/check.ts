import { z } from 'zod/v4';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { changeAnswer, plannedId } from './change-answer.ts';

export const check = capability({
  id: 'windows.check',
  summary: 'Tick a check of a change',
  phrases: ['tick {number} of {change}', 'check {number} of {change}'],
  examples: ['tick 2 of RFC-104'],
  input: z.object({ change: plannedId, number: wholeNumber(1, 99) }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'write',
  run: async (turn, { change: id, number }) => {
    await turn.rooms.windows.changes.check(turn.tx, id, number, turn.actor.id);
    return changeAnswer(turn, id);
  },
});
