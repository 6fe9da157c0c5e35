import { z } from 'zod/v4';
import { doneCard } from '../../cards/cost/done.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededBudget } from './budget-view.ts';
import { sourceOf } from './view.ts';

const amountText = z
  .string()
  .trim()
  .regex(/^\d{1,12}([.,]\d{1,2})?$/, 'write an amount such as 12000')
  .transform((text) => text.replace(',', '.'))
  .meta({ argument: 'number', description: 'an amount such as 12000' });

export const raise = capability({
  id: 'cost.raise',
  summary: 'Raise a budget; somebody else has to agree',
  phrases: ['raise budget {budget} to {amount} because {reason}'],
  examples: ['raise budget fraud to 3000 because the campaign doubles the traffic'],
  input: z.object({ budget: freeText(80), amount: amountText, reason: freeText(500) }),
  roles: ['requester', 'approver', 'admin'],
  effect: 'dangerous',
  secondPerson: true,
  preview: async ({ rooms, actor }, { budget: words, amount, reason }) => {
    const budget = neededBudget(rooms, words, actor);
    const now = await rooms.cost.budgets.standing(budget);
    rooms.cost.budgets.checkRaise(budget, now.amount, amount);
    return `The budget ${budget.name} goes from ${now.amount} to ${amount} ${now.currency}: ${now.actual.toFixed(2)} is spent, ${now.forecast ? `${now.forecast.value.toFixed(0)} expected` : 'no forecast'}. Reason: ${reason}`;
  },
  prepare: async ({ rooms, askedBy, actor }, { budget: words, amount }) => {
    const budget = neededBudget(rooms, words, askedBy ?? actor);
    const now = await rooms.cost.budgets.standing(budget);
    rooms.cost.budgets.checkRaise(budget, now.amount, amount);
    return { budget, now, standing: await rooms.cost.standing() };
  },
  run: async (turn, { amount, reason }, { budget, now, standing }) => {
    const { rooms } = turn;
    await rooms.cost.budgets.raise(turn.tx, {
      budget,
      amount,
      reason,
      askedBy: turn.askedBy?.id ?? turn.actor.id,
      approvedBy: turn.actor.id,
    });
    const text = `${budget.name} is raised to ${amount} ${now.currency}, asked by ${turn.askedBy?.name ?? turn.actor.name}, agreed by ${turn.actor.name}`;
    return {
      text: `${text}.`,
      card: doneCard({
        source: sourceOf(rooms, turn.now, standing, { currency: now.currency }),
        word: 'budget raised',
        text,
        next: { title: 'Show the budget', verb: 'cost.budget', ids: { budget: budget.id } },
      }),
      objects: [`budget:${budget.id}`],
      why: reason,
    };
  },
});
