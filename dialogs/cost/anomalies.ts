import { z } from 'zod/v4';
import { anomaliesCard } from '../../cards/cost/anomaly.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { capability } from '../capability.ts';
import { anomalyView } from './anomaly-view.ts';
import { sourceOf } from './view.ts';

export const anomalies = capability({
  id: 'cost.anomalies',
  summary: 'Costs that were out of the ordinary',
  phrases: [
    'cost anomalies',
    'anomalies',
    'list cost anomalies',
    'any anomalies',
    'any cost anomalies',
    'cost spikes',
    'cost spike',
    'any cost spikes',
    'is there a cost spike',
    'was there a cost spike',
    'any anomalies in [our] costs',
    'any anomalies in the bill',
    'anything unusual in [our] costs',
    'anything unusual in the bill',
    'unusual costs',
    'is any cost unusual',
  ],
  examples: ['cost anomalies'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }) => {
    const rows = await rooms.cost.anomalies.list(actor);
    const views = await Promise.all(rows.slice(0, 12).map((row) => anomalyView(rooms, row, now, false)));
    const card = anomaliesCard({ source: sourceOf(rooms, now, await rooms.cost.standing(), {}), anomalies: views });
    const lines = views.map(
      ({ id, name, day, value, expected, currency, state }) =>
        `  ${id}  ${day}  ${name}: ${value.toFixed(2)} ${currency}, usually ${expected.toFixed(2)} (${state})`,
    );
    return { text: [`${summaryOf(card)}.`, ...lines].join('\n'), card, data: rows };
  },
});
