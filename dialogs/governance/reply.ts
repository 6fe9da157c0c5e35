import { capability, nothing } from '../capability.ts';

/** A yes that belongs to nothing must not be taken for a yes to something: a question is answered by its number. */
export const reply = capability({
  id: 'governance.reply',
  summary: 'Say how a question of mine is answered',
  phrases: ['yes', 'no', 'ok', 'okay', 'confirm', 'cancel', 'stop', 'never mind', 'forget it', 'do it', 'go ahead'],
  examples: ['yes', 'cancel'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async () => ({
    text: 'I have done nothing. A question of mine is answered with the buttons on its card, or with “confirm” or “cancel” and its number, such as CNF-K7QX-2M. Say “status” for what waits for you.',
  }),
});
