import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownPilot } from './pilot-view.ts';
import { neededUseCase } from './view.ts';

export const pilot = capability({
  id: 'intake.pilot',
  summary: 'Show the pilot of a use case with its verdict',
  phrases: ['pilot of {useCase}', 'pilot {useCase}', 'how is the pilot of {useCase} [going]'],
  examples: ['pilot of UC-104'],
  input: z.object({ useCase: useCaseId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { useCase }) => {
    const { row } = await neededUseCase(rooms, useCase);
    return shownPilot(rooms, row, await rooms.intake.pilots.of(rooms.db, row), now);
  },
});
