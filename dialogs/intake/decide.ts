import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { freeText, instant, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownPilot } from './pilot-view.ts';
import { neededUseCase } from './view.ts';

export const decide = capability({
  id: 'intake.decide',
  summary: 'Decide what follows from a pilot: go live, stop, or give it more time',
  phrases: [
    'decide pilot of {useCase} {choice} because {reason}',
    'extend pilot of {useCase} until {until} because {reason} {choice=extend}',
  ],
  examples: [
    'decide pilot of UC-104 go because both targets are met',
    'extend pilot of UC-104 until tomorrow 18:00 because labels are late',
  ],
  input: z.object({
    useCase: useCaseId,
    choice: oneOf(['go', 'stop', 'extend']),
    reason: freeText(500),
    until: instant.optional(),
  }),
  roles: ['domain', 'admin'],
  effect: 'write',
  run: async (turn, { useCase, choice, reason, until }) => {
    const { rooms, tx, actor, now } = turn;
    const who = { by: actor.id, why: reason, ...(until ? { until: Temporal.Instant.from(until) } : {}) };
    const view = await rooms.intake.pilots.decide(tx, useCase, choice as 'go' | 'stop' | 'extend', who);
    const { row } = await neededUseCase({ ...rooms, db: tx }, useCase);
    return { ...shownPilot(rooms, row, view, now, `${actor.name} decided: ${choice}.`), why: reason };
  },
});
