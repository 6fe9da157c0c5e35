import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { setDigest } from './digest-view.ts';

export const subscribe = capability({
  id: 'cost.subscribe',
  summary: 'Hear the weekly digest of a team’s costs',
  phrases: ['start cost digest [{team}]', 'subscribe to cost digest [{team}]', 'subscribe to the cost digest [{team}]'],
  examples: ['start cost digest', 'start cost digest fraud'],
  input: z.object({ team: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: (turn, { team }) => setDigest(turn, team, true, { title: 'Stop it', verb: 'cost.unsubscribe' }),
});
