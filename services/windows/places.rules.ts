import { Refused } from '../core/errors.ts';
import type { Organisation } from '../core/organisation.ts';
import { nearest } from '../core/similar.ts';
import { matchesAny, type Scope, type Target } from './scope.rules.ts';

type Places = Pick<Organisation, 'name' | 'endpoints' | 'teams' | 'workspaces' | 'departments'>;

/** What an endpoint is, in every dimension a scope can name. An unknown one is itself and belongs to nobody. */
export function targetOf(organisation: Places, endpoint: string): Target {
  const found = organisation.endpoints.find(({ id }) => id === endpoint);
  return {
    endpoint: [endpoint],
    ...(found ? { workspace: [found.workspace], team: [found.owner] } : {}),
  };
}

/** The scope that words mean: "everything", a team, department, workspace or endpoint by id or name, or a glob of endpoints. */
export function scopeOf(organisation: Places, words: string): Scope {
  const said = words.trim().toLowerCase().replace(/^the /, '');
  if (/^(everything|all|everyone|everybody|the whole house)$/.test(said)) return { where: {}, everything: true };
  const is = (entry: { id: string; name?: string }) =>
    entry.id.toLowerCase() === said || entry.name?.toLowerCase() === said;
  const endpoint = organisation.endpoints.find(is);
  if (endpoint) return { where: { endpoint: [endpoint.id] } };
  const team = organisation.teams.find(is);
  if (team) return { where: { team: [team.id] } };
  const workspace = organisation.workspaces.find(is);
  if (workspace) return { where: { workspace: [workspace.id] } };
  const department = organisation.departments.find(is);
  if (department && department.teams.length > 0) return { where: { team: [...department.teams] } };
  if (/[*?]/.test(said) && organisation.endpoints.some(({ id }) => matchesAny([said], id)))
    return { where: { endpoint: [said] } };
  const known = [
    ...organisation.endpoints,
    ...organisation.teams,
    ...organisation.workspaces,
    ...organisation.departments,
  ];
  const near = nearest(
    said,
    known.map(({ id }) => id),
  );
  throw new Refused(
    `I do not know what “${words}” is.`,
    near ? `Did you mean ${near}?` : 'Name a team, a department, a workspace, an endpoint (or ep-*), or everything.',
    'unknown-scope',
  );
}

/** The endpoints of the organisation that a scope is about: shown before and after an entry is made. */
export const endpointsIn = (organisation: Places, matches: (target: Target) => boolean): string[] =>
  organisation.endpoints.map(({ id }) => id).filter((id) => matches(targetOf(organisation, id)));

/** "everything", "team fraud", "endpoints ep-*, not ep-credit". */
export function scopeWords(scope: Scope): string {
  if (scope.everything) return 'everything';
  return Object.entries(scope.where)
    .filter(([, patterns]) => patterns.length > 0)
    .map(([dimension, patterns]) => `${dimension} ${patterns.join(', ').replaceAll('!', 'not ')}`)
    .join(scope.op === 'OR' ? ' or ' : ' and ');
}

/** The team that owns an endpoint. */
export const endpointOwner = (organisation: Pick<Organisation, 'endpoints'>, endpoint: string): string | undefined =>
  organisation.endpoints.find(({ id }) => id === endpoint)?.owner;
