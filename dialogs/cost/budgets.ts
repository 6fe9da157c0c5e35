import { z } from 'zod/v4';
import { budgetsCard } from '../../cards/cost/budget.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { whomToAsk } from '../../services/cost/index.ts';
import { capability } from '../capability.ts';
import { budgetView } from './budget-view.ts';
import { sourceOf } from './view.ts';

export const budgets = capability({
  id: 'cost.budgets',
  summary: 'Every budget, the fullest first',
  phrases: [
    'budget',
    'budgets',
    'list budgets',
    ...['we', 'i'].flatMap((who) => [
      `${who === 'we' ? 'are we' : 'am i'} over budget`,
      `${who === 'we' ? 'are we' : 'am i'} over the budget`,
      `${who === 'we' ? 'are we' : 'am i'} within budget`,
      `${who === 'we' ? 'are we' : 'am i'} on budget`,
    ]),
    'budget status',
    'status of budgets',
    'will we stay within budget',
    'will we stay within the budget',
    'are we on track [for the budget]',
    'are we on track with the budget',
    'who is over budget',
    'which teams are over budget',
    'budget left',
    'how much budget is left',
    'how much budget do we have left',
    'which budgets are over',
  ],
  examples: ['budgets'],
  input: z.object({}),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }) => {
    const all = rooms.organisation.budgets;
    const mine = all.filter((each) => rooms.cost.budgets.visible(each, rooms.cost.sight(actor)));
    const standings = await Promise.all(mine.map((each) => rooms.cost.budgets.standing(each)));
    const views = standings.map((each) => budgetView(rooms, each, now));
    const card = budgetsCard({
      source: sourceOf(rooms, now, await rooms.cost.standing(), { currency: rooms.organisation.cost.currency }),
      budgets: views,
      hidden: all.length - mine.length,
      ask: whomToAsk(rooms.organisation),
    });
    const lines = views.map(
      ({ name, actual, amount, currency, percent }) =>
        `  ${name}: ${actual} of ${amount} ${currency}, ${percent.toFixed(0)} %`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...lines].join('\n'),
      card,
      data: views.map(({ id, amount, actual, percent, forecast }) => ({ id, amount, actual, percent, forecast })),
    };
  },
});
