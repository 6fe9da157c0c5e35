import { z } from 'zod/v4';
import { compareCard } from '../../cards/cost/compare.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { counted } from '../../cards/parts/text.ts';
import { compareServing, realtimeBreakEven, type ServingPrices } from '../../services/cost/index.ts';
import { freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

/** As people write them. */
const KINDS = { realtime: 'real time', batch: 'batch', serverless: 'serverless' } as const;

const positive = (description: string, most: number) =>
  z.coerce.number().positive().max(most).meta({ argument: 'number', description });

export const tco = capability({
  id: 'cost.tco',
  summary: 'Real-time against batch against serverless for a volume, a latency and a freshness, with the arithmetic',
  phrases: [
    'tco {requests} [requests a month]',
    'total cost of ownership of {requests} [requests a month]',
    'batch or real time for {requests} [requests a month]',
    'should we use batch or real time for {requests} [requests a month]',
    'is serverless cheaper for {requests} [requests a month]',
    'is batch cheaper for {requests} [requests a month]',
    'tco {requests} predictions a month',
    'batch or real time for {requests} predictions a month',
    'should we use batch or real time for {requests} predictions a month',
    'is serverless cheaper for {requests} predictions a month',
    'tco {requests} within {latency} seconds',
    'tco {requests} fresh within {age} hours',
    'tco {requests} within {latency} seconds fresh within {age} hours',
    'tco {requests} free {freeRequests} [requests]',
    'tco {requests} minimum {minimum}',
    'tco {requests} free {freeRequests} minimum {minimum}',
    'tco {requests} free {freeRequests} requests and {freeGbSeconds} gb seconds [minimum {minimum}]',
  ],
  examples: [
    'tco 100000',
    'tco 60000000 within 1 seconds',
    'tco 3000000 free 1000000 requests and 400000 gb seconds minimum 20',
  ],
  input: z.object({
    requests: wholeNumber(0, 1_000_000_000_000),
    latency: positive('seconds until the answer must be there', 1_000_000).optional(),
    age: positive('hours that results may be old', 10_000).optional(),
    sku: freeText(60).optional(),
    instances: wholeNumber(1, 1000).default(2),
    freeRequests: wholeNumber(0, 1_000_000_000_000).optional(),
    freeGbSeconds: wholeNumber(0, 1_000_000_000_000).optional(),
    /** What serverless costs a month at least. */
    minimum: z.coerce
      .number()
      .min(0)
      .max(1_000_000_000)
      .meta({ argument: 'number', description: 'what serverless costs a month at least, such as 20' })
      .optional(),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, input) => {
    const { requests, latency, age, sku = 'Standard_DS3_v2', instances, freeRequests, freeGbSeconds, minimum } = input;
    const { currency } = rooms.organisation.cost;
    const hour = await rooms.cost.economies.hourPrice(sku);
    const prices = {
      realtime: { instances, hour },
      batch: {
        runs: age === undefined ? 30 : Math.ceil(730 / age),
        hour,
        throughputPerNodeHour: 120_000,
        overheadMinutesPerRun: 12,
      },
      serverless: {
        per1kRequests: '0.05',
        perGbSecond: '0.000016',
        memoryGb: 2,
        seconds: 0.3,
        freeRequests,
        freeGbSeconds,
        minimum,
      },
    } satisfies ServingPrices;
    const found = compareServing(prices, { requestsMonth: requests, maxLatencySeconds: latency, maxAgeHours: age });
    const even = realtimeBreakEven(prices);
    const card = compareCard({
      source: sourceOf(
        rooms,
        now,
        { ...(await rooms.cost.standing()), warnings: [] },
        { currency, scope: 'list prices of Azure' },
      ),
      word: 'total cost of ownership',
      of: `${counted(requests, 'request')} a month`,
      currency,
      options: found.options.map(({ kind, monthly, arithmetic, excluded }) => ({
        name: KINDS[kind],
        monthly: monthly.toFixed(2),
        arithmetic,
        ...(excluded ? { excluded } : {}),
      })),
      ...(found.cheapest ? { cheapest: KINDS[found.cheapest.kind] } : {}),
      ...(even
        ? {
            breakEven: even.isZero()
              ? 'Real time is cheaper than serverless at any volume: its minimum alone costs more.'
              : `Real time is cheaper than serverless from ${even.toNumber().toLocaleString('en-GB')} requests a month on.`,
          }
        : {}),
      facts: [
        ['Machines', `${instances} × ${sku}, ${hour} ${currency} an hour`],
        ['Batch', `${prices.batch.runs} runs a month, 120,000 requests a node hour, 12 min to start`],
        [
          'Serverless',
          [
            '0.05 for 1,000 requests, 0.000016 a GB second, 2 GB for 0.3 s',
            ...(freeRequests === undefined ? [] : [`${counted(freeRequests, 'request')} free`]),
            ...(freeGbSeconds === undefined ? [] : [`${counted(freeGbSeconds, 'GB second')} free`]),
            ...(minimum === undefined ? [] : [`at least ${minimum} ${currency}`]),
          ].join(', '),
        ],
      ],
    });
    const lines = found.options.map(
      ({ kind, monthly, arithmetic, excluded }) =>
        `  ${KINDS[kind]}: ${monthly.toFixed(2)} ${currency} = ${arithmetic}${excluded ? ` (out: ${excluded})` : ''}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...lines].join('\n'),
      card,
      data: {
        options: found.options.map((each) => ({ ...each, monthly: each.monthly.toFixed(2) })),
        cheapest: found.cheapest?.kind,
        breakEven: even?.toString(),
      },
    };
  },
});
