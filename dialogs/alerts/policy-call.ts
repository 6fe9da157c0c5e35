import { z } from 'zod/v4';
import { saidCard } from '../../cards/alerts/said.ts';
import { MOST_STEPS } from '../../services/alerts/index.ts';
import { freeText, wholeNumber } from '../arguments.ts';
import { scheduleRef } from './oncall-words.ts';

/** A schedule that a step of an escalation policy calls, or calls no more. */
export const policyCallInput = z.object({
  schedule: scheduleRef,
  step: wholeNumber(1, MOST_STEPS),
  policy: freeText(63),
  reason: freeText(200).optional(),
});

/** What is answered when it was changed. */
export const policyCallAnswer = <Call extends { policy: string; schedule: string }>(
  text: string,
  call: Call,
  reason: string | undefined,
) => ({
  text,
  card: saidCard({ text }),
  data: { ...call },
  objects: [call.policy, call.schedule],
  ...(reason ? { why: reason } : {}),
});
