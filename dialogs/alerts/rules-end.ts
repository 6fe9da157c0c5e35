import { z } from 'zod/v4';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { rulesAnswer } from './my-rules-view.ts';

export const rulesEnd = capability({
  id: 'alerts.rules-end',
  summary: 'Say whose acknowledgement ends your own rules: yours, or anybody’s',
  phrases: ['my rules end when I acknowledge {until=mine}', 'my rules end when anybody acknowledges {until=any}'],
  examples: ['my rules end when anybody acknowledges'],
  input: z.object({ until: oneOf(['mine', 'any']) }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { until }) =>
    rulesAnswer(turn, await turn.rooms.alerts.personal.stopWhen(turn.tx, turn.actor.id, until), 'Noted.'),
});
