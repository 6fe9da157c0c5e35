import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { freeText, instant, oneOf, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { figure, useCaseId } from './arguments.ts';
import { shownPilot } from './pilot-view.ts';
import { neededUseCase } from './view.ts';

export const planPilot = capability({
  id: 'intake.plan-pilot',
  summary: 'Agree what a pilot must show: metric, target, when it has failed, how many cases, by when',
  phrases: ['plan pilot of {useCase}', 'add criterion to pilot of {useCase}'],
  examples: ['plan pilot of UC-104'],
  input: z.object({
    useCase: useCaseId,
    metric: freeText(80),
    direction: oneOf(['up', 'down']),
    baseline: figure('its value today'),
    target: figure('the value that is a success'),
    failure: figure('the value at which it has failed').optional(),
    cases: wholeNumber(1, 1_000_000_000),
    deadline: instant,
  }),
  form: true,
  roles: ['requester', 'engineering', 'domain', 'admin'],
  effect: 'write',
  run: async (turn, { useCase, metric, failure, cases, deadline, ...rest }) => {
    const { rooms, tx, now } = turn;
    const id =
      metric
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-|-$/g, '') || 'metric';
    const criterion = {
      id,
      metric,
      ...rest,
      direction: rest.direction as 'up' | 'down',
      minSample: cases,
      ...(failure === undefined ? {} : { failure }),
    };
    await rooms.intake.pilots.agree(tx, useCase, criterion, Temporal.Instant.from(deadline));
    const { row } = await neededUseCase({ ...rooms, db: tx }, useCase);
    return shownPilot(rooms, row, await rooms.intake.pilots.of(tx, row), now, `“${metric}” is agreed.`);
  },
});
