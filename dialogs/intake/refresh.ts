import { z } from 'zod/v4';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownPilot } from './pilot-view.ts';
import { neededUseCase } from './view.ts';

export const refresh = capability({
  id: 'intake.refresh',
  summary: 'Read the criteria of a pilot again from Azure ML and Azure Monitor',
  phrases: ['refresh pilot of {useCase}', 'refresh pilot {useCase}'],
  examples: ['refresh pilot of UC-104'],
  input: z.object({ useCase: useCaseId }),
  roles: ['requester', 'engineering', 'domain', 'risk', 'admin'],
  effect: 'write',
  // Azure is asked before the transaction.
  prepare: async ({ rooms }, { useCase }) => rooms.intake.pilots.lookAgain(rooms.db, useCase),
  run: async (turn, { useCase }, found) => {
    const { rooms, tx, actor, now } = turn;
    const read = found.flatMap(({ criterion, reading }) => (reading ? [{ criterion, reading }] : []));
    const view = await rooms.intake.pilots.keepReadings(tx, useCase, read, actor.id);
    const { row } = await neededUseCase({ ...rooms, db: tx }, useCase);
    const said = [
      ...read.map(
        ({ criterion, reading }) => `${criterion} is ${reading.measured.value} on ${reading.measured.sample} cases.`,
      ),
      ...found.flatMap(({ criterion, why }) => (why ? [`${criterion} could not be read: ${why}`] : [])),
    ];
    return shownPilot(rooms, row, view, now, said.join(' '));
  },
});
