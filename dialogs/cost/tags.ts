import { z } from 'zod/v4';
import { tagsCard } from '../../cards/cost/showback.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { readPeriod } from '../../services/cost/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const tags = capability({
  id: 'cost.tags',
  summary: 'How much of the cost bears the department’s tag, what does not, and whom to ask',
  phrases: [
    'tag coverage [{period}]',
    'untagged cost [{period}]',
    'untagged costs [{period}]',
    'untagged spend [{period}]',
    'untagged',
    'who has not tagged their resources [{period}]',
    'which resources have no tag [{period}]',
    'untagged resources [{period}]',
    'what is untagged [{period}]',
    'what is not tagged [{period}]',
    'who has not tagged [{period}]',
    'cost tags [{period}]',
  ],
  examples: ['tag coverage'],
  input: z.object({ period: freeText(60).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { period: words = 'this month' }) => {
    const period = readPeriod(words, rooms.cost.today());
    const found = await rooms.cost.showback.coverage(period, actor);
    const short = (resource: string) => resource.split('/').at(-1) || 'charges without a resource';
    const card = tagsCard({
      source: sourceOf(rooms, now, await rooms.cost.standing(period), { currency: found.currency }),
      periodWords: period.words,
      tag: rooms.organisation.cost.departmentTag,
      currency: found.currency,
      coverage: found.coveragePercent.toNumber(),
      untagged: found.untagged.toFixed(2),
      missing: found.missing.map(({ resource, amount, ask }) => ({
        resource: short(resource),
        amount: amount.toFixed(2),
        ...(ask ? { ask } : {}),
      })),
      unknown: found.unknown.map(({ resource, value, amount }) => ({
        resource: short(resource),
        value,
        amount: amount.toFixed(2),
      })),
    });
    const lines = found.missing.map(
      ({ resource, amount, ask }) =>
        `  ${short(resource)} ${amount.toFixed(2)} ${found.currency}${ask ? `, ask ${ask}` : ''}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...lines].join('\n'),
      card,
      data: { coveragePercent: found.coveragePercent.toNumber(), untagged: found.untagged.toFixed(2) },
    };
  },
});
