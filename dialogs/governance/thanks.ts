import { capability, nothing } from '../capability.ts';

/** Courtesy is understood, so that it is neither answered by a puzzle nor counted as noise. */
export const thanks = capability({
  id: 'governance.thanks',
  summary: 'Take thanks and goodbyes',
  phrases: ['thanks', 'thank you', 'thx', 'many thanks', 'cheers', 'great', 'perfect', 'bye', 'goodbye', 'good night'],
  examples: ['thanks'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async () => ({ text: 'You are welcome. Say “status” for what is open, or “help” for what you can ask me.' }),
});
