import { z } from 'zod/v4';
import { compareCard } from '../../cards/cost/compare.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { compareIngestion } from '../../services/cost/index.ts';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const ingestion = capability({
  id: 'cost.ingestion',
  summary: 'Batch against streaming ingestion for a volume a day and a freshness',
  phrases: ['ingestion {gigabytes} gb a day fresh within {minutes} minutes', 'ingestion {gigabytes} fresh {minutes}'],
  examples: ['ingestion 50 gb a day fresh within 60 minutes'],
  input: z.object({
    gigabytes: z.coerce.number().positive().max(1_000_000).meta({ argument: 'number', description: 'gigabytes a day' }),
    minutes: wholeNumber(1, 10_080),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { gigabytes, minutes }) => {
    const { currency } = rooms.organisation.cost;
    const hour = await rooms.cost.economies.hourPrice('Standard_DS3_v2');
    const units = Math.max(1, Math.ceil((gigabytes * 1024) / 86_400));
    const found = compareIngestion({
      gbPerDay: gigabytes,
      freshnessMinutes: minutes,
      batch: { minutesPerRun: 5, perGbMinutes: '0.5', hour },
      streaming: { units, unitHour: '0.028', perGb: '0.025', latencyMinutes: 1 },
    });
    const card = compareCard({
      source: sourceOf(
        rooms,
        now,
        { ...(await rooms.cost.standing()), warnings: [] },
        { currency, scope: 'list prices' },
      ),
      word: 'ingestion',
      of: `${gigabytes} GB a day, no older than ${minutes} min`,
      currency,
      options: found.options.map(({ kind, monthly, arithmetic, excluded, freshnessMinutes }) => ({
        name: kind,
        monthly: monthly.toFixed(2),
        arithmetic: `data up to ${freshnessMinutes} min old; ${arithmetic}`,
        ...(excluded ? { excluded } : {}),
      })),
      ...(found.cheapest ? { cheapest: found.cheapest.kind } : {}),
      facts: [
        ['Batch', `5 min to start, half a minute a GB, Standard_DS3_v2 at ${hour} ${currency} an hour`],
        ['Streaming', `${units} throughput ${units === 1 ? 'unit' : 'units'} at 0.028 an hour, 0.025 a GB`],
      ],
    });
    const lines = found.options.map(
      ({ kind, monthly, arithmetic }) => `  ${kind}: ${monthly.toFixed(2)} ${currency} = ${arithmetic}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...lines].join('\n'),
      card,
      data: found.options.map((each) => ({ ...each, monthly: each.monthly.toFixed(2) })),
    };
  },
});
