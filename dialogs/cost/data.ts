import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { dataCard } from '../../cards/cost/digest.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { dayFrom, ledger } from '../../services/cost/index.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const data = capability({
  id: 'cost.data',
  summary: 'What is known of costs, from when to when, and what does not work',
  phrases: [
    'cost data',
    'cost sources',
    'how fresh is the cost data',
    'how old is the cost data',
    'how current are the costs',
    'when was the cost data [last] updated',
    'when were the costs [last] updated',
  ],
  examples: ['cost data'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const reads = await ledger.reads(rooms.db);
    const resources = await ledger.allResources(rooms.db);
    const card = dataCard({
      source: { ...sourceOf(rooms, now, await rooms.cost.standing(), {}), warnings: [] },
      resources: resources.length,
      scopes: reads.map((read) => ({
        scope: read.scope.split('/').at(-1) ?? read.scope,
        basis: read.basis,
        source: read.source,
        ...(read.from_day && read.to_day
          ? { from: dayFrom(read.from_day).toString(), to: dayFrom(read.to_day).toString() }
          : {}),
        ...(read.as_of ? { asOf: Temporal.Instant.from(read.as_of) } : {}),
        ...(read.error ? { error: read.error } : {}),
        missing: read.missing,
      })),
    });
    const lines = reads.map(
      ({ scope, basis, as_of, error }) =>
        `  ${scope.split('/').at(-1)}, ${basis}: read ${as_of ?? 'never'}${error ? `, now failing: ${error}` : ''}`,
    );
    return { text: [`${summaryOf(card)}.`, ...lines].join('\n'), card, data: reads };
  },
});
