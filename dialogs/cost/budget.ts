import { z } from 'zod/v4';
import { budgetCard } from '../../cards/cost/budget.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { money } from '../../cards/parts/numbers.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { budgetView, neededBudget } from './budget-view.ts';

export const budget = capability({
  id: 'cost.budget',
  summary: 'How much of a budget is spent and where it will end',
  phrases: [
    'budget {budget}',
    'budget of {budget}',
    'budget for {budget}',
    'is {budget} over budget',
    'is {budget} within budget',
    'is {budget} on budget',
    'how much budget is left for {budget}',
    'how much is left in the {budget} budget',
    'how much is left of the {budget} budget',
    'how much of the {budget} budget is left',
    'budget status of {budget}',
    'how much budget does {budget} have left',
  ],
  examples: ['budget fraud'],
  input: z.object({ budget: freeText(80) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { budget: words }) => {
    const standing = await rooms.cost.budgets.standing(neededBudget(rooms, words, actor));
    const card = budgetCard(budgetView(rooms, standing, now));
    const ends = standing.forecast
      ? ` It will end at about ${money({ amount: standing.forecast.value.toFixed(0), currency: standing.currency })}.`
      : '';
    return {
      text: `${summaryOf(card)}.${ends}`,
      card,
      data: {
        budget: standing.budget.id,
        amount: standing.amount.toString(),
        actual: standing.actual.toFixed(2),
        forecast: standing.forecast?.value.toFixed(2),
        percent: standing.percent.toNumber(),
      },
    };
  },
});
