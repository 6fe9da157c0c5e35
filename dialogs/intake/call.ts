import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { DEFAULT_MINUTES, type PathKind } from '../../services/intake/index.ts';
import { duration, freeText, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { useCaseId } from './arguments.ts';
import { shownPaths } from './paths.ts';

export const call = capability({
  id: 'intake.call',
  summary: 'Say who is called when what carries a use case degrades, or when somebody has an ethical concern about it',
  phrases: [
    'call {people} when {useCase} degrades {kind=performance}',
    'call {people} when {useCase} degrades every {every} {kind=performance}',
    'call {people} about concerns of {useCase} {kind=ethics}',
    'call {people} about concerns of {useCase} within {every} {kind=ethics}',
  ],
  examples: [
    'call Gita, then Ben when UC-104 degrades',
    'call Gita, then Ben when UC-104 degrades every 20m',
    'call Cara and Ines about concerns of UC-104 within 8h',
  ],
  input: z.object({
    useCase: useCaseId,
    kind: oneOf(['performance', 'ethics']),
    people: freeText(300),
    every: duration.optional(),
  }),
  roles: ['requester', 'engineering', 'domain', 'risk', 'admin'],
  effect: 'write',
  run: async (turn, { useCase, kind, people, every }) => {
    const { rooms, tx, actor } = turn;
    const of = kind as PathKind;
    const minutes = every ? Temporal.Duration.from(every).total('minutes') : DEFAULT_MINUTES[of];
    const path = { people: personsOf(rooms, people), minutes };
    await rooms.intake.paths.set(tx, useCase, of, path, actor.id);
    const names = path.people.map(rooms.people.nameOf).join(of === 'performance' ? ', then ' : ' and ');
    const when = of === 'performance' ? `when ${useCase} degrades` : `about concerns of ${useCase}`;
    return shownPaths(
      { ...rooms, db: tx },
      useCase,
      turn.now,
      `${names} ${path.people.length === 1 ? 'is' : 'are'} called ${when}.`,
    );
  },
});

/** People as they are listed in a sentence. Throws Refused for a name that is nobody's, or several people's. */
function personsOf({ people }: Rooms, words: string): string[] {
  const names = words
    .replace(/<\/?at>/g, '')
    .split(/\s*(?:,|;|\bthen\b|\band\b|&|→)\s*/i)
    .map((name) => name.replace(/^@/, '').trim())
    .filter(Boolean);
  return names.map((name) => {
    const found = people.find(name);
    const [one] = found;
    if (one && found.length === 1) return one.id;
    if (found.length > 1) throw new Refused(`“${name.slice(0, 60)}” could be several people.`, 'Write the full name.');
    throw new Refused(
      `I do not know “${name.slice(0, 60)}”.`,
      'Write names with commas between them, the first to be called first.',
    );
  });
}
