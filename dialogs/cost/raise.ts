import { z } from 'zod/v4';
import { money } from '../../cards/parts/numbers.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededBudget } from './budget-view.ts';
import { asked } from './money-request.ts';

const amountText = z
  .string()
  .trim()
  .regex(/^\d{1,12}([.,]\d{1,2})?$/, 'write an amount such as 12000')
  .transform((text) => text.replace(',', '.'))
  .meta({ argument: 'number', description: 'an amount such as 12000' });

export const raise = capability({
  id: 'cost.raise',
  summary: 'Ask for a higher budget; those who decide about money vote on it',
  phrases: [
    'raise budget {budget} to {amount} because {reason}',
    'raise the {budget} budget to {amount} because {reason}',
    'increase budget {budget} to {amount} because {reason}',
    'increase the {budget} budget to {amount} because {reason}',
  ],
  examples: ['raise budget fraud to 3000 because the campaign doubles the traffic'],
  input: z.object({ budget: freeText(80), amount: amountText, reason: freeText(500) }),
  roles: ['requester', 'approver', 'admin'],
  effect: 'write',
  prepare: async ({ rooms, actor }, { budget: words, amount }) => {
    const budget = neededBudget(rooms, words, actor);
    const now = await rooms.cost.budgets.standing(budget);
    rooms.cost.budgets.checkRaise(budget, now.amount, amount);
    return { budget, now };
  },
  run: (turn, { amount, reason }, { budget, now }) => {
    const from = now.amount.toString();
    const spell = (sum: { toString(): string }) => money({ amount: sum.toString(), currency: now.currency });
    const what = `${budget.name} from ${spell(from)} to ${spell(amount)}`;
    const expected = now.forecast ? `, about ${spell(now.forecast.value.round())} expected` : '';
    return asked(turn, {
      title: `Raise the budget ${what}`,
      reason: `${reason} (${spell(now.actual.round())} spent in ${now.period.key}${expected})`,
      change: { kind: 'raise', budget: budget.id, from, to: amount },
      what: `${what}: ${reason}`,
      team: turn.rooms.cost.budgets.teamOf(budget),
      department: budget.department,
    });
  },
});
