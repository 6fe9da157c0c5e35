import { doneCard } from '../../cards/cost/done.ts';
import { counted } from '../../cards/parts/text.ts';
import { Refused } from '../../services/core/errors.ts';
import type { MoneyChange } from '../../services/cost/index.ts';
import type { Answer, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { sourceOf } from './view.ts';

/** What somebody wants to have decided about money, in words, and what will be done when it is. */
export interface Ask {
  /** "Raise the budget Fraud, monthly from €2,400 to €3,000" */
  title: string;
  reason: string;
  change: MoneyChange;
  /** What it changes, for the record when it is done. */
  what: string;
  /** The team whose money it is: its channel sees the request, its department's owner may vote. */
  team: string | undefined;
  department?: string | undefined;
  endpoint?: string;
}

/** Opens a request under the policy of cost.approval; the answer is its card, which lives until it is decided and done. */
export async function asked(turn: Turn, ask: Ask): Promise<Answer> {
  const { rooms, tx, actor } = turn;
  const { organisation } = rooms;
  const team = organisation.teams.find(({ id }) => id === ask.team);
  const department = organisation.departments.find(
    ({ id, teams }) => id === ask.department || (ask.team !== undefined && teams.includes(ask.team)),
  );
  const request = await rooms.approvals.ask(tx, {
    title: ask.title,
    reason: ask.reason,
    requester: actor.id,
    plan: { kind: 'cost', endpoint: ask.endpoint ?? '', what: ask.what, change: { ...ask.change } },
    policy: organisation.cost.approval,
    also: department ? [department.owner] : [],
    channel: `channel:${team?.channel ?? organisation.fallbackChannel}`,
  });
  const row = await rooms.approvals.find(tx, request);
  const text = `${request} asks for it: ${ask.title}. ${votersWords(rooms, row?.eligible, actor.id)}`;
  const standing = await rooms.cost.standing(undefined, 'actual', tx);
  const card = doneCard({
    source: sourceOf(rooms, turn.now, standing, {}),
    word: 'asked for',
    tone: 'info',
    text: ask.title,
    next: { title: `Show ${request}`, verb: 'approvals.show', ids: { request } },
  });
  return {
    text,
    card,
    live: { card: `request:${request}`, kind: 'approvals.request', ids: { request, person: actor.id } },
    data: { request, change: ask.change },
    objects: [request, ...(ask.endpoint ? [ask.endpoint] : [])],
    why: ask.reason,
  };
}

function votersWords(rooms: Rooms, eligible: object | undefined, asker: string): string {
  const people = ((eligible ?? []) as { person: string }[]).map(({ person }) => person).filter((id) => id !== asker);
  if (people.length === 0) return 'Nobody else may vote on it: ask an administrator.';
  const names = people.slice(0, 3).map((id) => rooms.people.nameOf(id));
  const more = people.length > 3 ? ` and ${people.length - 3} more` : '';
  return `${names.join(', ')}${more} may vote.`;
}

export function neededEndpoint({ organisation }: Rooms, name: string) {
  const endpoint = organisation.endpoints.find(({ id }) => id === name);
  if (endpoint) return endpoint;
  throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.');
}

/** A deployment as it is now: votes count for what is so, not for what a card said. Throws `Refused`. */
export async function neededDeployment({ rooms, actor }: Turn, name: string, deployment: string) {
  const endpoint = neededEndpoint(rooms, name);
  rooms.cost.allowed({ dimension: 'endpoint', value: name }, actor);
  return { endpoint, ...(await rooms.cost.economies.deployment(endpoint, deployment)) };
}

/** "2 instances": how many it has, as far as Azure says. */
export const instancesWords = ({ instances }: { instances?: number }): string =>
  instances === undefined ? 'an unknown number of instances' : counted(instances, 'instance');

/** A workspace's compute as Azure has it now; throws `Refused` with what there is. */
export async function neededCompute(rooms: Rooms, name: string) {
  const said = name.trim().toLowerCase();
  const { machines, unknown } = await rooms.cost.economies.machines();
  const found = machines.find((each) => each.name.toLowerCase() === said);
  if (found) return found;
  const there = machines.map((each) => each.name);
  throw new Refused(
    `I know no compute “${name.slice(0, 60)}”${unknown.length > 0 ? `; I could not look into ${unknown.join(', ')}` : ''}.`,
    there.length > 0 ? `There are ${there.slice(0, 12).join(', ')}.` : 'Say “idle compute” for what stands idle.',
    'unknown-compute',
  );
}
