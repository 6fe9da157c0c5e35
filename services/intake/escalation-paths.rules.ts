import type { EscalationPolicy } from '../core/organisation.ts';

/**
 * Whom a use case calls: for performance one after the other, until somebody takes it, and then the endpoint's own policy;
 * for an ethical concern all at once, with the organisation's own path when none of them is here any more.
 */
export type PathKind = 'performance' | 'ethics';
export interface EscalationPath {
  /** Person ids, in order. */
  people: readonly string[];
  /** Performance: between one and the next. Ethics: until they are reminded. */
  minutes: number;
}

export const DEFAULT_MINUTES: Readonly<Record<PathKind, number>> = { performance: 15, ethics: 24 * 60 };
export const MOST_CALLED = 5;
const LONGEST_MINUTES = 14 * 24 * 60;

/** What is wrong with a path, in words; undefined when nothing is. */
export function pathFault(
  path: EscalationPath,
  active: (person: string) => boolean,
  nameOf: (person: string) => string,
): string | undefined {
  const { people, minutes } = path;
  if (people.length === 0) return 'Nobody is named.';
  if (people.length > MOST_CALLED) return `At most ${MOST_CALLED} people can be called; these are ${people.length}.`;
  const twice = people.find((person, index) => people.indexOf(person) !== index);
  if (twice !== undefined) return `${nameOf(twice)} is named twice.`;
  const gone = people.find((person) => !active(person));
  if (gone !== undefined) return `${nameOf(gone)} is not here any more.`;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES)
    return 'The time is from 1 minute to 14 days.';
  return undefined;
}

/**
 * The path as a policy of escalation; those who left are passed over. Undefined when nobody is left: then the endpoint's own
 * policy stands alone.
 */
export function policyOf(
  useCase: string,
  { people, minutes }: EscalationPath,
  active: (person: string) => boolean,
  handTo: string | undefined,
): EscalationPolicy | undefined {
  const left = people.filter(active);
  if (left.length === 0) return undefined;
  return {
    id: useCase.toLowerCase(),
    steps: left.map((person, index) => ({ notify: [{ person }], ...(index === 0 ? {} : { after: minutes }) })),
    repeat: 0,
    ...(handTo ? { handTo } : {}),
  };
}
