import { z } from 'zod/v4';
import { savingsCard } from '../../cards/cost/savings.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import type { SavingPlan } from '../../services/cost/index.ts';
import { endpointRef } from '../arguments.ts';
import { type Answer, capability, type Turn } from '../capability.ts';
import { neededEndpoint } from './money-request.ts';
import { sourceOf } from './view.ts';

export const savings = capability({
  id: 'cost.savings',
  summary: 'Where money could be saved: idle, too many, too large, spot, autoscale; each with its risk',
  phrases: [
    'savings [of] {endpoint}',
    'savings for {endpoint}',
    'savings',
    'cost savings',
    'save money',
    'save money on {endpoint}',
    'how can we save [money]',
    'how can we save [money] on {endpoint}',
    'where can we save [money]',
    'what can we save [on] [{endpoint}]',
    'reduce cost [of] [{endpoint}]',
    'how can we reduce [our] costs',
    'how can we reduce our bill',
    'where do we waste money',
    'where are we wasting money',
    'how do we save money [on {endpoint}]',
    'reduce our bill',
    'reduce costs',
    'cut costs',
  ],
  examples: ['savings'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: (turn, { endpoint }) => savingsAnswer(turn, endpoint ? { endpoint } : undefined),
});

export async function savingsAnswer(
  { rooms, actor, now }: Turn,
  only: { endpoint?: string; idle?: boolean } | undefined,
): Promise<Answer> {
  if (only?.endpoint) {
    neededEndpoint(rooms, only.endpoint);
    rooms.cost.allowed({ dimension: 'endpoint', value: only.endpoint }, actor);
  }
  const found = await rooms.cost.economies.savings(actor, only);
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
    idle: only?.idle ?? false,
    incomplete: found.unknown.length > 0,
    currency: found.currency,
    total: found.total.toFixed(2),
    savings: found.savings.map(({ what, saving, risk, effort, because, owner, plan }) => ({
      what,
      saving: saving.toFixed(2),
      risk,
      effort,
      because: owner ? `${because} It is ${owner.split('@')[0]}’s.` : because,
      ...(plan ? { plan: buttonOf(plan) } : {}),
    })),
  });
  const lines = found.savings.map(
    ({ what, saving, risk, because }) => `  ${saving.toFixed(2)} ${found.currency}  ${what} (risk ${risk}): ${because}`,
  );
  return {
    text: [`${summaryOf(card)}.`, ...lines, ...warnings].join('\n'),
    card,
    data: found.savings.map((each) => ({ ...each, saving: each.saving.toFixed(2) })),
  };
}

function buttonOf(plan: SavingPlan): { title: string; verb: `${string}.${string}`; ids: Record<string, string> } {
  if (plan.kind === 'stop')
    return { title: `Ask to stop ${plan.compute}`, verb: 'cost.stop', ids: { compute: plan.compute } };
  const { endpoint, deployment } = plan;
  const ids = { endpoint, deployment };
  return plan.kind === 'autoscale'
    ? {
        title: `Ask to autoscale ${endpoint} ${deployment}`,
        verb: 'cost.autoscale',
        ids: { ...ids, least: String(plan.least), most: String(plan.most) },
      }
    : {
        title: `Ask for ${plan.to} on ${endpoint} ${deployment}`,
        verb: 'cost.save',
        ids: { ...ids, instances: String(plan.to) },
      };
}
