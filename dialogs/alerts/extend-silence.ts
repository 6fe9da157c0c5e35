import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { duration } from '../arguments.ts';
import { capability } from '../capability.ts';
import { silenceAnswer } from './silence-view.ts';
import { refOf, silenceRefs } from './silence-words.ts';

export const extendSilence = capability({
  id: 'alerts.extend-silence',
  summary: 'Let a silence or a maintenance last longer',
  phrases: ['extend silence {silence} by {duration}', 'extend maintenance {maintenance} by {duration}'],
  examples: ['extend silence SIL-3 by 1 hour', 'extend maintenance MNT-2 by 30 minutes'],
  input: z.object({ ...silenceRefs, duration }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { duration: by, ...input }) => {
    const longer = Temporal.Duration.from(by);
    return silenceAnswer(turn, await turn.rooms.alerts.silences.extend(turn.tx, refOf(input), longer));
  },
});
