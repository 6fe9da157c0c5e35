import type { ConcernPath, Organisation } from '../core/organisation.ts';

export interface About {
  /** As the person wrote it. */
  words: string;
  endpoint?: string;
  /** "UC-104" */
  useCase?: string;
}

/** What a concern is about: a use case by its number, an endpoint by its name, or the endpoint that serves a model. */
export function aboutOf(organisation: Pick<Organisation, 'endpoints'>, words: string): About {
  const name = words.trim().replace(/[:.,]+$/, '');
  const key = name.toLowerCase();
  const [, number] = /^(?:use case )?uc[- ]?(\d{1,9})$/.exec(key) ?? [];
  if (number) return { words: `UC-${number}`, useCase: `UC-${number}` };
  const endpoint =
    organisation.endpoints.find(({ id }) => id.toLowerCase() === key) ??
    organisation.endpoints.find(({ models }) => models.some((model) => model.toLowerCase() === key));
  return { words: name, ...(endpoint ? { endpoint: endpoint.id } : {}) };
}

/** Who hears it: the first path that names the endpoint, else the one for everything; `undefined` when there is none. */
export function pathOf(paths: readonly ConcernPath[], endpoint: string | undefined): ConcernPath | undefined {
  const own = endpoint === undefined ? undefined : paths.find(({ endpoints }) => endpoints.includes(endpoint));
  return own ?? paths.find(({ endpoints }) => endpoints.length === 0);
}

/** A concern keeps the hour, not the minute: a minute can say who was writing then. */
export const wholeHour = (ms: number): number => Math.floor(ms / 3_600_000) * 3_600_000;

export type MisuseState = 'containing' | 'assessing' | 'board' | 'lessons' | 'closed';

export interface ChecklistItem {
  id: number;
  what: string;
  /** Person id. */
  owner: string;
  done?: { by: string; at: string; note: string };
}

/** What has to be found out, each with somebody who answers for it. */
export function checklistFor(team: readonly string[], path: readonly string[]): ChecklistItem[] {
  const [engineer = path[0] ?? 'wardroom'] = team;
  const [officer = engineer, second = officer] = path;
  const items: readonly (readonly [string, string])[] = [
    ['Who and what was affected, since when', engineer],
    ['Logs, collected data and versions are kept as evidence', engineer],
    ['Whether a report is due (law, regulator, contract) and by when', officer],
    ['Those affected are told, or why not', second],
    ['The cause, and whether other endpoints have it too', engineer],
  ];
  return items.map(([what, owner], index) => ({ id: index + 1, what, owner }));
}

/** Where a case stands, from what has happened in it. */
export function stateOf(facts: {
  contained: boolean;
  checklist: readonly ChecklistItem[];
  decided: boolean;
  lessons: boolean;
}): MisuseState {
  if (!facts.contained) return 'containing';
  if (facts.checklist.some(({ done }) => !done)) return 'assessing';
  if (!facts.decided) return 'board';
  return facts.lessons ? 'closed' : 'lessons';
}
