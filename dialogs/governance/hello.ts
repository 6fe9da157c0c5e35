import { welcomeCard } from '../../cards/welcome.ts';
import { capability, nothing } from '../capability.ts';
import { thingsToTry } from '../try.ts';

export const hello = capability({
  id: 'governance.hello',
  summary: 'Say hello, and how to begin',
  phrases: [
    'hello',
    'hello there',
    'hi',
    'hi there',
    'hey',
    'hey there',
    'good morning',
    'good afternoon',
    'good evening',
    'who are you',
    'what are you',
    'what is this',
    'how do i start',
    'start',
  ],
  examples: ['hello', 'who are you'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ actor, allowed }) => {
    const examples = thingsToTry(allowed());
    return {
      text: [
        `Hello ${actor.name}, this is Wardroom. Try one of these:`,
        ...examples.map(({ say, gives }) => `  ${say}: ${gives}`),
        'Say “help” for everything.',
      ].join('\n'),
      card: welcomeCard({ to: { kind: 'person', name: actor.name }, examples }),
      data: { examples },
    };
  },
});
