import { z } from 'zod/v4';
import { saidCard } from '../../cards/alerts/said.ts';
import { freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { MOST_STEPS } from './call-schedule.ts';
import { scheduleRef } from './oncall-words.ts';
import { MAY_ROTATE } from './rotation-plan.ts';

export const stopCalling = capability({
  id: 'alerts.stop-calling',
  summary: 'End that a step of an escalation policy calls a schedule that was added to it in chat',
  phrases: ['stop calling {schedule} at step {step} of {policy} [because {reason}]'],
  examples: ['stop calling platform-primary at step 2 of fraud-oncall'],
  input: z.object({
    schedule: scheduleRef,
    step: wholeNumber(1, MOST_STEPS),
    policy: freeText(63),
    reason: freeText(200).optional(),
  }),
  roles: MAY_ROTATE,
  effect: 'dangerous',
  preview: async ({ rooms }, { schedule, step, policy }) => {
    const look = await rooms.alerts.policyCalls.lookToRemove(rooms.db, { schedule, step, policy });
    return `Step ${step} of ${look.policy} will not call ${look.schedule} any more, for incidents that open from then on.`;
  },
  run: async ({ rooms, tx, actor }, { schedule, step, policy, reason }) => {
    const call = await rooms.alerts.policyCalls.remove(tx, { schedule, step, policy }, actor.id);
    const text = `Step ${call.step} of ${call.policy} does not call ${call.schedule} any more, for incidents that open from now on.`;
    return {
      text,
      card: saidCard({ text }),
      data: { ...call },
      objects: [call.policy, call.schedule],
      ...(reason ? { why: reason } : {}),
    };
  },
});
