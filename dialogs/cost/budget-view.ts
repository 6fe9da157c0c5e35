import type { Temporal } from 'temporal-polyfill';
import type { BudgetView } from '../../cards/cost/budget.ts';
import { Refused } from '../../services/core/errors.ts';
import { type BudgetStanding, whomToAsk } from '../../services/cost/index.ts';
import type { Actor } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { sourceOf } from './view.ts';

/** The budget that was named, when this person may see it. */
export function neededBudget(rooms: Rooms, words: string, actor: Actor) {
  const budget = rooms.cost.budgets.find(words);
  if (!rooms.cost.budgets.visible(budget, rooms.cost.sight(actor)))
    throw new Refused(
      `You may not see the budget ${budget.name}.`,
      whomToAsk(rooms.organisation, budget.department),
      'cost-not-visible',
    );
  return budget;
}

export function budgetView(
  rooms: Rooms,
  standing: BudgetStanding,
  now: Temporal.Instant,
  crossed?: string,
): BudgetView {
  const { budget, forecast } = standing;
  const subject = rooms.cost.budgets.subjectOf(budget);
  return {
    source: sourceOf(rooms, now, standing, { currency: standing.currency, scope: budget.name }),
    id: budget.id,
    name: budget.name,
    period: standing.period.key,
    currency: standing.currency,
    amount: standing.amount.toString(),
    actual: standing.actual.toFixed(2),
    percent: standing.percent.toNumber(),
    ...(forecast
      ? {
          forecast: {
            value: forecast.value.toFixed(2),
            low: forecast.low.toFixed(2),
            high: forecast.high.toFixed(2),
            percent: standing.forecastPercent?.toNumber() ?? 0,
          },
        }
      : {}),
    ...(crossed ? { crossed } : {}),
    ...(standing.raisedBy ? { raisedBy: rooms.people.nameOf(standing.raisedBy) } : {}),
    enforce: budget.enforce,
    running: standing.running,
    others: standing.otherCurrencies,
    subject: { of: subject.value },
  };
}
