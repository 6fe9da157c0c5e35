import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { setDigest } from './digest-view.ts';

export const unsubscribe = capability({
  id: 'cost.unsubscribe',
  summary: 'Stop the weekly digest of a team’s costs',
  phrases: [
    'stop cost digest [{team}]',
    'stop the cost digest [{team}]',
    'unsubscribe from cost digest [{team}]',
    'unsubscribe from the cost digest [{team}]',
  ],
  examples: ['stop cost digest', 'stop cost digest fraud'],
  input: z.object({ team: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: (turn, { team }) => setDigest(turn, team, false, { title: 'Hear it again', verb: 'cost.subscribe' }),
});
