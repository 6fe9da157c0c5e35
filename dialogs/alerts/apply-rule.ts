import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { MAY_APPLY, ruleAnswer, trialWords } from './rule-view.ts';

export const applyRule = capability({
  id: 'alerts.apply-rule',
  summary: 'Put a rule about noise in force; it is tried on the last 30 days first, and you confirm what that says',
  phrases: ['apply rule {rule} because {why}'],
  examples: ['apply rule kind=latency fires for 10 min because short peaks heal by themselves'],
  input: z.object({ rule: freeText(400), why: freeText(300) }),
  roles: MAY_APPLY,
  effect: 'dangerous',
  preview: async (turn, { rule }) => trialWords(turn, await turn.rooms.alerts.noiseRules.tryOut(turn.rooms.db, rule)),
  run: async (turn, { rule, why }) =>
    ruleAnswer(turn, await turn.rooms.alerts.noiseRules.apply(turn.tx, rule, why, turn.actor.id)),
});
