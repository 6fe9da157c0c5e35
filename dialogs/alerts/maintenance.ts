import { z } from 'zod/v4';
import { duration, freeText, instant } from '../arguments.ts';
import { capability } from '../capability.ts';
import { silenceAnswer } from './silence-view.ts';
import { spanOf } from './silence-words.ts';

export const maintenance = capability({
  id: 'alerts.maintenance',
  summary: 'Announce work on something: alerts that come inside it call nobody; incidents from before go on',
  phrases: [
    'maintenance for {what} from {from} to {until} because {reason}',
    'maintenance for {what} until {until} because {reason}',
    'maintenance for {what} for {duration} because {reason}',
  ],
  examples: [
    'maintenance for ep-fraud from tomorrow 22:00 to tomorrow 23:30 because the network is rewired',
    'maintenance for ep-fraud for 2 hours because of the new certificate',
  ],
  input: z.object({
    what: freeText(400),
    from: instant.optional(),
    until: instant.optional(),
    duration: duration.optional(),
    reason: freeText(300),
  }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { what, reason, ...times }) => {
    const { from, until } = spanOf(turn, times);
    const wish = { kind: 'maintenance' as const, what, from, until, reason };
    return silenceAnswer(turn, await turn.rooms.alerts.silences.make(turn.tx, wish, turn.actor.id));
  },
});
