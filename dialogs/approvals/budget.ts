import type { Temporal } from 'temporal-polyfill';
import { isRefused, messageOf, Unavailable } from '../../services/core/errors.ts';
import type { Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

/** What a deployment would do to the budget that it falls under, and who has to agree when it would break it. */
export interface BudgetVerdict {
  /** Shown with the answer; undefined when no budget is concerned. */
  words: string | undefined;
  /** Set when a second person has to agree. */
  owner?: string;
  budget?: string;
}

const DUE_DAYS = 14;

/** Asked before the request's transaction: the price of the machines is Azure's to tell. */
export async function budgetFor(
  { rooms, actor }: Pick<Turn, 'rooms' | 'actor'>,
  of: { endpoint: string; deployment: string },
): Promise<BudgetVerdict> {
  const endpoint = rooms.organisation.endpoints.find(({ id }) => id === of.endpoint);
  if (!endpoint) return { words: undefined };
  let adds: { monthly: string; words: string } | undefined;
  try {
    adds = await rooms.cost.economies.deploymentAdds(endpoint, of.deployment);
  } catch (error) {
    if (!(error instanceof Unavailable || isRefused(error))) throw error;
    // A price that Azure does not tell holds nobody up; it is said that nobody looked.
    return { words: `What it does to the budget is unknown: ${messageOf(error)}.` };
  }
  if (!adds) return { words: undefined };
  const department = rooms.organisation.departments.find(({ teams }) => teams.includes(endpoint.owner));
  const check = await rooms.cost.budgets.check({
    team: endpoint.owner,
    ...(department ? { department: department.id } : {}),
    monthly: adds.monthly,
  });
  if (check.ok || check.budget === undefined) return { words: undefined };
  const words = `${adds.words}. ${check.reason}`;
  if (!check.needsSecondPerson) return { words };
  const owner = secondPerson(rooms, department?.owner, actor.id);
  return { words, budget: check.budget, ...(owner ? { owner } : {}) };
}

/** The owner of the money, or who may see all of it when the owner is the one who asks. */
function secondPerson(rooms: Rooms, owner: string | undefined, asker: string): string | undefined {
  const { organisation } = rooms;
  const may = [...(owner ? [owner] : []), ...(organisation.cost.seeAll?.people ?? [])];
  return may.find((id) => id !== asker);
}

/** The request's condition: it is on its card, and nothing is deployed before it is met. */
export async function requireAgreement(
  { rooms, tx, now }: { rooms: Rooms; tx: Turn['tx']; now: Temporal.Instant },
  request: string,
  verdict: BudgetVerdict,
): Promise<void> {
  if (!verdict.owner) return;
  await rooms.approvals.require(tx, request, {
    what: `Agree that the budget is broken. ${verdict.words}`,
    owner: verdict.owner,
    due: now.add({ hours: 24 * DUE_DAYS }),
  });
}
