import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { figure, useCaseId } from './arguments.ts';
import { shownPilot } from './pilot-view.ts';
import { neededUseCase } from './view.ts';

export const result = capability({
  id: 'intake.result',
  summary: 'Record what a pilot measured',
  phrases: ['result of {useCase}', 'result of {useCase} {criterion} is {value} on {cases} cases'],
  examples: ['result of UC-104', 'result of UC-104 recall is 0.78 on 640 cases'],
  input: z.object({
    useCase: useCaseId,
    criterion: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .regex(/^\S+$/)
      .meta({ argument: 'text', description: 'the criterion, as the card names it' }),
    value: figure('what was measured'),
    cases: wholeNumber(0, 1_000_000_000),
    low: figure('lower end of the 95 % interval').optional(),
    high: figure('upper end of the 95 % interval').optional(),
    source: freeText(200).optional(),
  }),
  roles: ['requester', 'engineering', 'domain', 'admin'],
  effect: 'write',
  run: async (turn, { useCase, criterion, value, cases, low, high, source }) => {
    const { rooms, tx, actor, now } = turn;
    if ((low === undefined) !== (high === undefined))
      throw new Refused('An interval has two ends.', 'Give both, or none.');
    if (low !== undefined && high !== undefined && !(low <= value && value <= high))
      throw new Refused(`The interval ${low} to ${high} does not hold ${value}.`, 'Check which end is which.');
    const measured = {
      value,
      sample: cases,
      ...(low === undefined || high === undefined ? {} : { interval: { low, high } }),
    };
    const view = await rooms.intake.pilots.record(tx, useCase, criterion, measured, {
      source: source ?? 'typed in',
      by: actor.id,
    });
    const { row } = await neededUseCase({ ...rooms, db: tx }, useCase);
    return shownPilot(rooms, row, view, now, `${criterion} is ${value} on ${cases} cases.`);
  },
});
