import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { PilotChoice } from '../../services/intake/index.ts';
import { freeText, instant, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';
import { shownPilot } from './pilot-view.ts';
import { neededUseCase } from './view.ts';

export const decide = capability({
  id: 'intake.decide',
  summary: 'Vote on what follows from a pilot: go live, stop, or give it more time',
  phrases: [
    'decide pilot of {useCase} {choice} because {reason}',
    'vote {choice} on pilot of {useCase} because {reason}',
    'extend pilot of {useCase} until {until} because {reason} {choice=extend}',
  ],
  examples: [
    'decide pilot of UC-104 go because both targets are met',
    'vote stop on pilot of UC-104 because recall is too low',
    'extend pilot of UC-104 until tomorrow 18:00 because labels are late',
  ],
  input: z.object({
    useCase: useCaseId,
    choice: oneOf(['go', 'stop', 'extend', 'abstain']),
    reason: freeText(500),
    until: instant.optional(),
  }),
  // Who may vote follows from the policy; whoever may not is told who may.
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { useCase, choice, reason, until }) => {
    const { rooms, tx, actor, now } = turn;
    const { view, decision } = await rooms.intake.pilots.vote(tx, useCase, {
      voter: actor.id,
      choice: choice as PilotChoice,
      reason,
      ...(until ? { until: Temporal.Instant.from(until) } : {}),
    });
    const { row } = await neededUseCase({ ...rooms, db: tx }, useCase);
    const stands =
      decision.state === 'decided'
        ? `Decided: ${decision.course}, ${decision.reason}`
        : decision.state === 'undecided'
          ? `The vote ended without a decision. ${decision.reason}`
          : decision.reason;
    return { ...shownPilot(rooms, row, view, now, `${actor.name} voted ${choice}. ${stands}`), why: reason };
  },
});
