import { z } from 'zod/v4';
import { savingsCard } from '../../cards/cost/savings.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { sourceOf } from './view.ts';

export const savings = capability({
  id: 'cost.savings',
  summary: 'Where money could be saved: idle, too many, too large, spot; each with its risk',
  phrases: ['savings [of] {endpoint}', 'savings', 'cost savings', 'idle compute', 'save money'],
  examples: ['savings'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }, { endpoint }) => {
    const found = await rooms.cost.economies.savings(actor, endpoint);
    const standing = await rooms.cost.standing();
    const warnings =
      found.unknown.length > 0 ? [`Not looked at, Azure does not answer: ${found.unknown.join(', ')}.`] : [];
    const card = savingsCard({
      source: sourceOf(
        rooms,
        now,
        { ...standing, warnings: [...standing.warnings, ...warnings] },
        { currency: found.currency, scope: 'list prices and a week of use' },
      ),
      currency: found.currency,
      total: found.total.toFixed(2),
      savings: found.savings.map(({ what, saving, risk, effort, because, plan }) => ({
        what,
        saving: saving.toFixed(2),
        risk,
        effort,
        because,
        ...(plan ? { plan: { endpoint: plan.endpoint, deployment: plan.deployment, instances: String(plan.to) } } : {}),
      })),
    });
    const lines = found.savings.map(
      ({ what, saving, risk, because }) =>
        `  ${saving.toFixed(2)} ${found.currency}  ${what} (risk ${risk}): ${because}`,
    );
    return {
      text: [`${summaryOf(card)}.`, ...lines, ...warnings].join('\n'),
      card,
      data: found.savings.map((each) => ({ ...each, saving: each.saving.toFixed(2) })),
    };
  },
});
