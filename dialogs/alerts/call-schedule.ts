import { capability } from '../capability.ts';
import { policyCallAnswer, policyCallInput } from './policy-call.ts';
import { MAY_ROTATE } from './rotation-plan.ts';

export const callSchedule = capability({
  id: 'alerts.call-schedule',
  summary: 'Let a step of an escalation policy call one more schedule, also one that was made in chat',
  phrases: ['call {schedule} at step {step} of {policy} [because {reason}]'],
  examples: ['call platform-primary at step 2 of fraud-oncall because nights are covered there'],
  input: policyCallInput,
  roles: MAY_ROTATE,
  effect: 'dangerous',
  preview: async ({ rooms }, { schedule, step, policy }) => {
    const look = await rooms.alerts.policyCalls.lookToAdd(rooms.db, { schedule, step, policy });
    const now = look.people.map((id) => rooms.people.nameOf(id)).join(' and ') || 'nobody';
    return `Step ${step} of ${look.policy} will call ${look.schedule} as well (${now} now), for incidents that open from then on.`;
  },
  run: async ({ rooms, tx, actor }, { schedule, step, policy, reason }) => {
    const call = await rooms.alerts.policyCalls.add(tx, { schedule, step, policy }, { id: actor.id, reason });
    const text = `Step ${call.step} of ${call.policy} calls ${call.schedule} as well, for incidents that open from now on. “stop calling ${call.schedule} at step ${call.step} of ${call.policy}” ends it.`;
    return policyCallAnswer(text, call, reason);
  },
});
