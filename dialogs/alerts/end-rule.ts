import { z } from 'zod/v4';
import { numbered } from '../arguments.ts';
import { capability } from '../capability.ts';
import { MAY_APPLY, ruleAnswer } from './rule-view.ts';

export const endRule = capability({
  id: 'alerts.end-rule',
  summary: 'Take a rule about noise back: what it held back and still fires is told',
  phrases: ['undo rule {rule}', 'end rule {rule}'],
  examples: ['undo rule RUL-101'],
  input: z.object({ rule: numbered('rule', 'a rule about noise, such as RUL-101') }),
  roles: MAY_APPLY,
  effect: 'write',
  run: async (turn, { rule }) => ruleAnswer(turn, await turn.rooms.alerts.noiseRules.end(turn.tx, rule, turn.actor.id)),
});
