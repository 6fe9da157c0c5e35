import { z } from 'zod/v4';
import { duration, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { silenceAnswer } from './silence-view.ts';
import { spanOf } from './silence-words.ts';

export const silence = capability({
  id: 'alerts.silence',
  summary: 'Keep alerts quiet for a while, with a reason; what still fires at its end is told then',
  phrases: ['silence {matching} for {length} because {why}'],
  examples: [
    'silence ep-fraud for 2 hours because the vendor is updating',
    'silence kind=latency, endpoint=ep-fraud for 30 minutes because of the load test',
  ],
  // On the card of an incident there are other forms beside this one: its fields have names of their own.
  input: z.object({ matching: freeText(400), length: duration, why: freeText(300) }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { matching: what, why: reason, length }) => {
    const wish = { kind: 'silence' as const, what, ...spanOf(turn, { duration: length }), reason };
    return silenceAnswer(turn, await turn.rooms.alerts.silences.make(turn.tx, wish, turn.actor.id));
  },
});
