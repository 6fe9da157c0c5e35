import { z } from 'zod/v4';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rulesAnswer } from './my-rules-view.ts';

const LARGEST = 999_999_999;

export const removeRule = capability({
  id: 'alerts.remove-rule',
  summary: 'Take back one of your rules about how you are called',
  phrases: ['remove my rule {rule}', 'forget my rule {rule}'],
  examples: ['remove my rule 3'],
  input: z.object({ rule: wholeNumber(1, LARGEST) }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { rule }) =>
    rulesAnswer(turn, await turn.rooms.alerts.personal.remove(turn.tx, turn.actor.id, rule), `Rule ${rule} is gone.`),
});
