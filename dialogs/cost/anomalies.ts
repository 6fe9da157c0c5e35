import { z } from 'zod/v4';
import { anomaliesCard } from '../../cards/cost/anomaly.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { Refused } from '../../services/core/errors.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { anomalyView } from './anomaly-view.ts';
import { nameOf, sourceOf } from './view.ts';

export const anomalies = capability({
  id: 'cost.anomalies',
  summary: 'Costs that were out of the ordinary, of all or of one thing',
  phrases: [
    'cost anomalies [{of}]',
    'anomalies [{of}]',
    'list cost anomalies [{of}]',
    'any anomalies',
    'any cost anomalies',
    'cost spikes [{of}]',
    'cost spike',
    'any cost spikes',
    'is there a cost spike',
    'was there a cost spike',
    'any anomalies in [our] costs',
    'any anomalies in the bill',
    'anything unusual in [our] costs',
    'anything unusual in the bill',
    'unusual costs [{of}]',
    'is any cost unusual',
  ],
  examples: ['cost anomalies', 'cost anomalies of fraud last 30 days'],
  input: z.object({ of: freeText(160).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { of }) => {
    const { subject, period, timed, by } = await rooms.cost.understand(of, actor);
    if (by)
      throw new Refused(
        'Costs out of the ordinary are listed one by one, not split.',
        'Say “cost anomalies” and a name, such as “cost anomalies of fraud last 30 days”.',
        'anomalies-by',
      );
    const rows = await rooms.cost.anomalies.list(actor, {
      ...(subject ? { subject } : {}),
      ...(timed ? { period } : {}),
    });
    const views = await Promise.all(rows.slice(0, 12).map((row) => anomalyView(rooms, row, now, false)));
    const card = anomaliesCard({
      source: sourceOf(rooms, now, await rooms.cost.standing(), { scope: subject && nameOf(rooms, subject) }),
      ...(of ? { of: [nameOf(rooms, subject), timed && period.words].filter(Boolean).join(', ') } : {}),
      anomalies: views,
    });
    const lines = views.map(
      ({ id, name, day, value, expected, currency, state }) =>
        `  ${id}  ${day}  ${name}: ${value.toFixed(2)} ${currency}, usually ${expected.toFixed(2)} (${state})`,
    );
    return { text: [`${summaryOf(card)}.`, ...lines].join('\n'), card, data: rows };
  },
});
