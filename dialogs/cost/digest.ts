import { z } from 'zod/v4';
import { digestCard } from '../../cards/cost/digest.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { digestView, teamOf } from './digest-view.ts';

export const digest = capability({
  id: 'cost.digest',
  summary: 'What changed in a team’s costs last week',
  phrases: ['cost digest [{team}]'],
  examples: ['cost digest', 'cost digest fraud'],
  input: z.object({ team: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { team: words }) => {
    const view = await digestView(rooms, teamOf(rooms, words, actor).id, now);
    const card = digestCard(view);
    const lines = view.changes.map(({ name, before, after }) => `  ${name}: ${before} to ${after} ${view.currency}`);
    return { text: [`${summaryOf(card)}.`, ...lines].join('\n'), card, data: { ...view, source: undefined } };
  },
});
