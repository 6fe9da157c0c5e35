import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { retryOf } from '../../services/training/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { conversationOf } from './order-view.ts';
import { neededFailure, trainingAnswer } from './training-view.ts';

const ADVICE = {
  'may-help': 'Another try may well pass.',
  'will-fail-again': 'It would most likely fail again for the same reason.',
  unknown: '',
} as const;

export const retryRun = capability({
  id: 'alerts.retry-run',
  summary: 'Submit the job of a failed run again, follow it and say how it ends',
  phrases: ['retry run {run}'],
  examples: ['retry run train-fraud-detector_1f2e3d4c'],
  input: z.object({ run: freeText(255) }),
  roles: ['responder', 'requester', 'engineering'],
  effect: 'dangerous',
  preview: async ({ rooms }, { run }) => {
    const row = await neededFailure(rooms, run);
    if (row.retried_as)
      throw new Refused(`${row.run} is tried again already: ${row.retried_as}.`, `Say “training ${row.retried_as}”.`);
    return `The job ${row.run} of ${row.experiment} is submitted again in ${row.workspace}, as it was. ${row.said}. ${ADVICE[retryOf(row.cause)]}`.trim();
  },
  run: async (turn, { run }) => {
    const by = (turn.askedBy ?? turn.actor).id;
    return trainingAnswer(turn, await turn.rooms.training.retry(turn.tx, run.trim(), by, conversationOf(turn)));
  },
});
