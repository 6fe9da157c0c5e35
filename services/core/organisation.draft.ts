import type { Organisation, Schedule } from './organisation.ts';

/**
 * An organisation on its way in: the entries that have the right shape, at their places, and `undefined` where one has
 * not. `names` knows the ids of both, so that one mistyped person does not make every mention of that person "unknown".
 */
export type ListName = Exclude<
  keyof Organisation,
  'name' | 'zone' | 'fallbackChannel' | 'changes' | 'cost' | 'watchdog' | 'intake'
>;
export type Draft = { readonly [K in ListName]: readonly (Organisation[K][number] | undefined)[] } & {
  readonly zone?: string | undefined;
  readonly fallbackChannel?: string | undefined;
  readonly cost?: Organisation['cost'] | undefined;
  readonly watchdog?: Organisation['watchdog'] | undefined;
  readonly intake?: Organisation['intake'] | undefined;
  readonly changes?: Organisation['changes'] | undefined;
  readonly names: Readonly<Record<ListName, readonly (string | undefined)[]>>;
};

export type Path = readonly (string | number)[];
export interface Finding {
  path: Path;
  /** What is wrong, in words. */
  wrong: string;
  /** What would be right. */
  right: string;
}

export const LISTS: readonly ListName[] = [
  'people',
  'channels',
  'teams',
  'workspaces',
  'endpoints',
  'schedules',
  'escalationPolicies',
  'approvalPolicies',
  'businessHours',
  'boards',
  'promotions',
  'repositories',
  'hooks',
  'heartbeats',
  'departments',
  'budgets',
  'routes',
  'inhibitions',
  'driftContexts',
  'labels',
  'retraining',
  'concernPaths',
  'windows',
  'errorBudgets',
  'automations',
  'pipelines',
  'kpis',
];

/** The entries of a list that have the right shape, each with its path. */
export function* entries<K extends ListName>(draft: Draft, list: K): Generator<[Organisation[K][number], Path]> {
  for (const [index, entry] of draft[list].entries()) {
    if (entry !== undefined) yield [entry as Organisation[K][number], [list, index]];
  }
}

/** Everybody a schedule names, each with the path from the schedule. */
export function* scheduled(schedule: Schedule): Generator<[string, Path]> {
  for (const [index, id] of schedule.rotation.people.entries()) yield [id, ['rotation', 'people', index]];
  for (const [index, { person }] of schedule.hours.entries()) yield [person, ['hours', index, 'person']];
  for (const [layer, { rotation }] of schedule.layers.entries())
    for (const [index, id] of rotation.people.entries()) yield [id, ['layers', layer, 'rotation', 'people', index]];
  for (const [index, { person, insteadOf }] of schedule.overrides.entries()) {
    if (person !== undefined) yield [person, ['overrides', index, 'person']];
    if (insteadOf !== undefined) yield [insteadOf, ['overrides', index, 'insteadOf']];
  }
}
