import { z } from 'zod/v4';
import { freeText, instant } from '../arguments.ts';
import { capability } from '../capability.ts';
import { silenceAnswer } from './silence-view.ts';
import { spanOf } from './silence-words.ts';

export const silenceUntil = capability({
  id: 'alerts.silence-until',
  summary: 'Keep alerts quiet until a time, with a reason; what still fires then is told',
  phrases: ['silence {matching} until {until} because {why}'],
  examples: ['silence kind=drift, endpoint=ep-churn until tomorrow 09:00 because the campaign is known'],
  input: z.object({ matching: freeText(400), until: instant, why: freeText(300) }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { matching: what, why: reason, until }) => {
    const wish = { kind: 'silence' as const, what, ...spanOf(turn, { until }), reason };
    return silenceAnswer(turn, await turn.rooms.alerts.silences.make(turn.tx, wish, turn.actor.id));
  },
});
