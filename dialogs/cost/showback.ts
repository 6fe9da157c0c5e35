import { z } from 'zod/v4';
import { showbackCard } from '../../cards/cost/showback.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { Refused } from '../../services/core/errors.ts';
import { readPeriod, whomToAsk } from '../../services/cost/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const showback = capability({
  id: 'cost.showback',
  summary: 'Who carries what: direct cost and the share of what is shared, to the cent',
  phrases: [
    'showback [{period}]',
    'showback report [{period}]',
    'showback for {period}',
    'chargeback [{period}]',
    'chargeback report [{period}]',
    'export costs [{period}]',
    'export costs {period} as csv',
    'export costs as csv',
    'cost allocation [{period}]',
    'allocate cost [{period}]',
  ],
  examples: ['showback last month'],
  input: z.object({ period: freeText(60).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { period: words = 'this month' }) => {
    const sight = rooms.cost.sight(actor);
    if (!sight.all)
      throw new Refused(
        'You may not see what every department costs.',
        `Say “statement” and your department’s name. ${whomToAsk(rooms.organisation)}`,
        'cost-not-visible',
      );
    const period = readPeriod(words, rooms.cost.today());
    const found = await rooms.cost.showback.statement(period);
    const rules = rooms.organisation.cost;
    const shared = rules.shared.map(
      ({ tags, by }) =>
        `${tags.join(', ')} by ${typeof by === 'string' ? (by === 'direct' ? 'direct cost' : 'equal parts') : 'weights'}`,
    );
    const card = showbackCard({
      source: sourceOf(rooms, now, await rooms.cost.standing(period), { currency: found.currency }),
      period: `${period.from} to ${period.to}`,
      periodWords: period.words,
      currency: found.currency,
      total: found.total.toFixed(2),
      lines: found.lines.map((each) => ({
        id: each.department,
        name: each.name,
        direct: each.direct.toFixed(2),
        shared: each.shared.toFixed(2),
        total: each.total.toFixed(2),
        visible: sight.all || sight.departments.has(each.department),
      })),
      rule: `Shared cost is split: ${shared.join('; ') || 'there is none'}. Untagged cost is ${rules.untagged === 'keep' ? 'listed as unallocated' : `split by ${rules.untagged === 'direct' ? 'direct cost' : 'equal parts'}`}.`,
    });
    const lines = found.lines.map(
      (each) =>
        `  ${each.name.padEnd(16)} ${each.direct.toFixed(2).padStart(12)} + ${each.shared.toFixed(2).padStart(10)} = ${each.total.toFixed(2).padStart(12)} ${found.currency}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...lines].join('\n'),
      card,
      data: found.lines.map((each) => ({
        department: each.department,
        direct: each.direct.toFixed(2),
        shared: each.shared.toFixed(2),
        total: each.total.toFixed(2),
        currency: found.currency,
      })),
    };
  },
});
