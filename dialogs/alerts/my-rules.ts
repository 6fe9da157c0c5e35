import { capability, nothing } from '../capability.ts';
import { rulesAnswer } from './my-rules-view.ts';

export const myRules = capability({
  id: 'alerts.my-rules',
  summary: 'Show how you are called: after how long, where, for which severity, and your quiet hours',
  phrases: ['my rules', 'my notification rules', 'how am I called'],
  examples: ['my rules'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async (turn) => rulesAnswer(turn, await turn.rooms.alerts.personal.of(turn.rooms.db, turn.actor.id)),
});
