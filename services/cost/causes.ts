import type { Temporal } from 'temporal-polyfill';
import { messageOf } from '../core/errors.ts';
import type { CostDeps } from './deps.ts';
import type { Cause } from './source.ts';
import { sightOf, type Viewer } from './visibility.rules.ts';

/** Who did what: changes that were made through Wardroom, and what Azure knows of the workspaces. */
export function causes({ organisation, source }: CostDeps) {
  return async (since: Temporal.PlainDate, viewer: Viewer): Promise<{ found: Cause[]; unknown: string[] }> => {
    const sight = sightOf(viewer, organisation);
    const owners = (workspace: string) => organisation.endpoints.filter((each) => each.workspace === workspace);
    const mine = organisation.workspaces.filter(
      ({ id }) => sight.all || owners(id).some(({ owner }) => sight.teams.has(owner)),
    );
    const unknown: string[] = [];
    const from = since.toZonedDateTime('UTC').toInstant();
    const found = await Promise.all(
      mine.map(async ({ id }) => {
        try {
          return await source.causes(id, from);
        } catch (error) {
          unknown.push(`${id} (${messageOf(error)})`);
          return [];
        }
      }),
    );
    return { found: found.flat().sort((a, b) => b.at.epochMilliseconds - a.at.epochMilliseconds), unknown };
  };
}
