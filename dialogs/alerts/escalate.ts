import { z } from 'zod/v4';
import { freeText, incidentId, personRef, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';
import { personOf } from './oncall-words.ts';

const MOST_STEPS = 200;

export const escalate = capability({
  id: 'alerts.escalate',
  summary: 'Call the next step of the escalation now, or a step, a policy, a schedule or a person that you name',
  phrases: [
    'escalate {incident}',
    'escalate {incident} to step {step}',
    'escalate {incident} to policy {policy}',
    'escalate {incident} to schedule {schedule}',
    'escalate {incident} to {person}',
  ],
  examples: ['escalate INC-142', 'escalate INC-142 to step 3', 'escalate INC-142 to schedule fraud-secondary'],
  input: z.object({
    incident: incidentId,
    step: wholeNumber(1, MOST_STEPS).optional(),
    policy: freeText(63).optional(),
    schedule: freeText(63).optional(),
    person: personRef.optional(),
  }),
  roles: ['responder'],
  effect: 'write',
  run: async (turn, { incident, step, policy, schedule, person }) => {
    const { rooms, tx, actor } = turn;
    if (person) {
      const to = personOf(rooms, person);
      await rooms.alerts.assign(tx, incident, to, actor);
      return afterwards(turn, incident, `${incident} goes to ${rooms.people.nameOf(to)} now.`);
    }
    const to = {
      ...(step === undefined ? {} : { step }),
      ...(policy ? { policy } : {}),
      ...(schedule ? { schedule } : {}),
    };
    const told = await rooms.alerts.escalate(tx, incident, to);
    const names = told.people.map((id) => rooms.people.nameOf(id)).join(', ') || 'the fallback channel';
    if (schedule) return afterwards(turn, incident, `${incident} goes to ${schedule} now: ${names}.`);
    const where = policy ? `step ${told.step} of ${policy}` : `step ${told.step}`;
    return afterwards(turn, incident, `${incident} goes to ${where} now: ${names}.`);
  },
});
