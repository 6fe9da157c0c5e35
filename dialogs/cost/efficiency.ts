import { z } from 'zod/v4';
import { efficiencyCard } from '../../cards/cost/efficiency.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import type { Picture } from '../../cards/pictures/picture.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { sourceOf } from './view.ts';

type Efficiency = Awaited<ReturnType<Rooms['cost']['economies']['efficiency']>>;
/** What costs nothing has no place on a scale of tenfolds. */
const LEAST_COST = 1e-6;

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
      ...(found.placed.length > 0 ? { picture: rooms.pictures(pictureOf(found)) } : {}),
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

/** More cost to the right, better ones higher; prices lie far apart, so each tenfold takes the same room. */
const pictureOf = ({ placed, currency, metric }: Efficiency): Picture => ({
  kind: 'scatter',
  x: { title: `${currency} per 1,000 predictions`, log: true },
  y: { title: metric },
  points: placed.map(({ name, costPerThousand, quality, dominatedBy }) => ({
    name: name.split(' on ')[0] ?? name,
    x: Math.max(costPerThousand.toNumber(), LEAST_COST),
    y: Number(quality.toFixed(4)),
    series: dominatedBy ? 1 : 0,
  })),
  front: true,
});
