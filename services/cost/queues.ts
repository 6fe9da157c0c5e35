import type { Organisation } from '../core/organisation.ts';

/** Looks which months have to be read (again). */
export const REFRESH = 'cost-refresh';
/** Reads one month of one scope, or an export. */
export const READ = 'cost-read';
/** Looks at budgets and at what is out of the ordinary. */
export const WATCH = 'cost-watch';
/** Tells each team on Mondays what changed. */
export const DIGEST = 'cost-digest';
/** Carries out a saving that was approved. */
export const PLAN = 'cost-plan';

/** The subscriptions of the workspaces: storage and networks of a workspace often lie in other resource groups. */
export const scopesOf = ({ workspaces }: Pick<Organisation, 'workspaces'>): string[] => [
  ...new Set(workspaces.map(({ subscription }) => `/subscriptions/${subscription}`)),
];

/** Where a team talks; what nobody owns is told where that is said. */
export function channelOf(
  organisation: Pick<Organisation, 'teams' | 'fallbackChannel'>,
  team: string | undefined,
): string {
  const found = organisation.teams.find(({ id }) => id === team);
  return `channel:${found?.channel ?? organisation.fallbackChannel}`;
}
