import { concerns } from './concerns.ts';
import type { ConcernsDeps } from './deps.ts';
import { misuse } from './misuse.ts';

export { type ConcernRow, concernCardOf } from './concerns.ts';
export type { ConcernsDeps, Traffic } from './deps.ts';
export { DECISIONS, type MisuseDecision, type MisuseRow, misuseCardOf } from './misuse.ts';
export { aboutOf, type ChecklistItem } from './paths.rules.ts';

/** Ethical concerns and misuse. */
export function concernsRoom(deps: ConcernsDeps) {
  const raised = concerns(deps);
  return { ...raised, misuse: misuse(deps, raised) };
}

export type ConcernsRoom = ReturnType<typeof concernsRoom>;
