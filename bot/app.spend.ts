import type { CostFacts } from '../services/approvals/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { type EndpointRef, endpointId } from '../services/azure/refs.ts';
import { Decimal } from '../services/core/cash.rules.ts';
import type { Clock } from '../services/core/clock.ts';

/**
 * Part of the composition root: what an endpoint cost in the last whole days, with everything below it (its deployments).
 * Today is left out: it is not over, and what Azure knows of it is less still. `undefined` when Azure knows no cost of it.
 */
export async function endpointCost(
  azure: Pick<AzureClients, 'cost'>,
  ref: EndpointRef,
  clock: Clock,
  days: number,
): Promise<CostFacts | undefined> {
  const today = clock.now().toZonedDateTimeISO('UTC').toPlainDate();
  const { value, asOf } = await azure.cost.daily({
    scope: `/subscriptions/${ref.subscription}/resourceGroups/${ref.resourceGroup}`,
    from: today.subtract({ days }),
    to: today.subtract({ days: 1 }),
    groupBy: [{ dimension: 'ResourceId' }],
  });
  const wanted = endpointId(ref).toLowerCase();
  const own = value.filter(({ by }) => {
    const id = (by['ResourceId'] ?? '').toLowerCase();
    return id === wanted || id.startsWith(`${wanted}/`);
  });
  const [first] = own;
  if (!first) return undefined;
  const amount = own.reduce((sum, each) => sum.plus(each.amount), new Decimal(0));
  return { amount: amount.toFixed(2), currency: first.currency, days, asOf };
}
