import { capability } from '../capability.ts';
import { policyCallAnswer, policyCallInput } from './policy-call.ts';
import { MAY_ROTATE } from './rotation-plan.ts';

export const stopCalling = capability({
  id: 'alerts.stop-calling',
  summary: 'End that a step of an escalation policy calls a schedule that was added to it in chat',
  phrases: ['stop calling {schedule} at step {step} of {policy} [because {reason}]'],
  examples: ['stop calling platform-primary at step 2 of fraud-oncall'],
  input: policyCallInput,
  roles: MAY_ROTATE,
  effect: 'dangerous',
  preview: async ({ rooms }, { schedule, step, policy }) => {
    const look = await rooms.alerts.policyCalls.lookToRemove(rooms.db, { schedule, step, policy });
    return `Step ${step} of ${look.policy} will not call ${look.schedule} any more, for incidents that open from then on.`;
  },
  run: async ({ rooms, tx, actor }, { schedule, step, policy, reason }) => {
    const call = await rooms.alerts.policyCalls.remove(tx, { schedule, step, policy }, actor.id);
    const text = `Step ${call.step} of ${call.policy} does not call ${call.schedule} any more, for incidents that open from now on.`;
    return policyCallAnswer(text, call, reason);
  },
});
