import { orList, Refused } from '../core/errors.ts';
import type { Organisation, Role } from '../core/organisation.ts';
import type { Facets } from './facets.rules.ts';

/** Who may see which costs: everything, or what their teams own and their departments carry. */
export interface Sight {
  all: boolean;
  teams: ReadonlySet<string>;
  departments: ReadonlySet<string>;
}

export interface Viewer {
  id: string;
  roles: readonly Role[];
}

type Known = Pick<Organisation, 'teams' | 'departments' | 'cost' | 'people'>;

export function sightOf(viewer: Viewer, { teams, departments, cost }: Known): Sight {
  const { seeAll } = cost;
  const own = new Set(teams.filter(({ members }) => members.includes(viewer.id)).map(({ id }) => id));
  const carried = departments.filter((each) => each.owner === viewer.id || each.teams.some((team) => own.has(team)));
  const all = !seeAll || seeAll.people.includes(viewer.id) || seeAll.roles.some((role) => viewer.roles.includes(role));
  return { all, teams: own, departments: new Set(carried.map(({ id }) => id)) };
}

/**
 * The same for a question about everything. Whoever may see nothing is told so: "no cost is out of the ordinary" would be a
 * statement about costs that nobody showed them.
 */
export function overviewOf(viewer: Viewer, organisation: Known): Sight {
  const sight = sightOf(viewer, organisation);
  if (sight.all || sight.teams.size > 0 || sight.departments.size > 0) return sight;
  throw new Refused('You are in no team whose costs you could see.', whomToAsk(organisation), 'cost-not-visible');
}

export const sees = (sight: Sight, facets: Pick<Facets, 'team' | 'department'>): boolean =>
  sight.all || sight.teams.has(facets.team) || sight.departments.has(facets.department);

/** Whom to ask for more: the department's owner, then those who may see everything. */
export function whomToAsk({ departments, cost, people }: Known, department?: string): string {
  const owner = departments.find(({ id }) => id === department)?.owner;
  const ids = [...new Set([...(owner ? [owner] : []), ...(cost.seeAll?.people ?? [])])].slice(0, 3);
  const names = ids.map((id) => people.find((each) => each.id === id)?.name ?? id);
  if (names.length > 0) return `Ask ${orList(names)}.`;
  return cost.seeAll?.roles.length
    ? `Ask somebody with the role ${orList(cost.seeAll.roles)}.`
    : 'Ask an administrator.';
}

export const notYours = (what: string, organisation: Known, department?: string): Refused =>
  new Refused(`You may not see what ${what} costs.`, whomToAsk(organisation, department), 'cost-not-visible');
