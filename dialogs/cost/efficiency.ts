import { z } from 'zod/v4';
import { efficiencyCard } from '../../cards/cost/efficiency.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const efficiency = capability({
  id: 'cost.efficiency',
  summary: 'Cost per 1,000 predictions against quality, over what serves',
  phrases: [
    'cost efficiency',
    'cost per prediction',
    'cost per 1000 predictions',
    'cost per thousand predictions',
    'cost per request',
    'cost of a prediction',
    'what does a prediction cost',
    'how much does a prediction cost',
    'what do 1000 predictions cost',
    'cost against quality',
  ],
  examples: ['cost efficiency'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }) => {
    const found = await rooms.cost.economies.efficiency(actor);
    const warnings =
      found.without.length > 0
        ? [`Left out, without a price, traffic or measured quality: ${found.without.join(', ')}.`]
        : [];
    const card = efficiencyCard({
      source: sourceOf(
        rooms,
        now,
        { ...(await rooms.cost.standing()), warnings },
        { currency: found.currency, scope: 'list prices and a week of requests' },
      ),
      currency: found.currency,
      metric: found.metric,
      placed: found.placed.map(({ name, costPerThousand, quality, dominatedBy }) => ({
        name,
        costPerThousand: costPerThousand.toFixed(6),
        quality,
        ...(dominatedBy ? { dominatedBy } : {}),
      })),
    });
    const lines = found.placed.map(
      ({ name, costPerThousand, quality, dominatedBy }) =>
        `  ${name}: ${costPerThousand.toFixed(6)} ${found.currency} per 1,000, ${quality.toFixed(3)}${dominatedBy ? `, beaten by ${dominatedBy}` : ''}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...lines, ...warnings].join('\n'),
      card,
      data: found.placed.map((each) => ({ ...each, costPerThousand: each.costPerThousand.toString() })),
    };
  },
});
