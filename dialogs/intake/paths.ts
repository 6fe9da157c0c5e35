import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { pathsCard } from '../../cards/intake/paths.ts';
import type { Answer } from '../capability.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { useCaseId } from './arguments.ts';
import { neededUseCase } from './view.ts';

export const paths = capability({
  id: 'intake.paths',
  summary: 'Show who is called when a use case degrades, and who hears concerns about it',
  phrases: [
    'escalation of {useCase}',
    'escalation path of {useCase}',
    'escalation paths of {useCase}',
    'who is called for {useCase}',
    'who is called when {useCase} degrades',
    'who hears concerns about {useCase}',
  ],
  examples: ['escalation of UC-104'],
  input: z.object({ useCase: useCaseId }),
  roles: ['viewer'],
  effect: 'read',
  run: ({ rooms, now }, { useCase }) => shownPaths(rooms, useCase, now),
});

/** The paths of a use case, and what stands behind them. */
export async function shownPaths(rooms: Rooms, useCase: string, now: Temporal.Instant, said?: string): Promise<Answer> {
  const { row } = await neededUseCase(rooms, useCase);
  const set = await rooms.intake.paths.of(rooms.db, useCase);
  const nameOf = (person: string) =>
    rooms.people.byId(person)?.active
      ? rooms.people.nameOf(person)
      : `${rooms.people.nameOf(person)} (not here any more)`;
  const of = (kind: 'performance' | 'ethics') => {
    const found = set.find((each) => each.kind === kind);
    return found && { people: found.people.map(nameOf), minutes: found.minutes, by: rooms.people.nameOf(found.by) };
  };
  const [performance, ethics] = [of('performance'), of('ethics')];
  const live = row.state === 'live';
  const words = [
    performance
      ? `When it degrades: ${performance.people.join(', then ')}, ${performance.minutes} min apart.`
      : 'When it degrades: as the endpoint says.',
    ethics ? `Concerns: ${ethics.people.join(', ')}.` : "Concerns: the organisation's own path.",
    live ? '' : 'They count from the day it is live.',
  ];
  return {
    text: [said, ...words].filter(Boolean).join(' '),
    card: pathsCard({
      now,
      id: row.id,
      title: row.title,
      live,
      ...(performance ? { performance } : {}),
      ...(ethics ? { ethics } : {}),
    }),
    data: { useCase, live, performance, ethics },
    objects: [useCase],
  };
}
