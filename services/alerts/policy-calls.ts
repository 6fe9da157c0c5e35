import { Refused } from '../core/errors.ts';
import { onCall } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { neededSchedule } from './oncall.rules.ts';
import { effectiveSchedule } from './oncall.store.ts';
import { addCall, callsInForce, endCall, withPlans } from './oncall-rotations.store.ts';
import { names, neededPolicy, neededStep, type PolicyCall } from './policy-calls.rules.ts';

/**
 * Which schedules a policy calls, as people change it in chat: one that was made in chat is of no use before. Incidents
 * that are open keep the plan they opened with.
 */
export function policyCalls({ organisation, clock }: Pick<AlertsDeps, 'organisation' | 'clock'>) {
  /** Names as they are written, or Refused. */
  async function resolved(db: Db | Tx, wanted: PolicyCall) {
    const known = await withPlans(db, organisation);
    const policy = neededPolicy(known.escalationPolicies, wanted.policy);
    const step = neededStep(policy, wanted.step);
    return { policy, step, schedule: wanted.schedule.trim().toLowerCase(), known };
  }

  async function addable(db: Db | Tx, wanted: PolicyCall) {
    const { policy, step, known, schedule: name } = await resolved(db, wanted);
    const schedule = neededSchedule(known, name);
    if (names(step, schedule.id))
      throw new Refused(`Step ${wanted.step} of ${policy.id} calls ${schedule.id} already.`);
    return { call: { policy: policy.id, step: wanted.step, schedule: schedule.id }, schedule };
  }

  async function removable(db: Db | Tx, wanted: PolicyCall): Promise<PolicyCall> {
    const { policy, step, schedule } = await resolved(db, wanted);
    const call = { policy: policy.id, step: wanted.step, schedule };
    const live = await callsInForce(db);
    if (live.some((each) => each.policy === call.policy && each.step === call.step && each.schedule === schedule))
      return call;
    const where = `Step ${call.step} of ${policy.id}`;
    if (names(step, schedule))
      throw new Refused(
        `${where} calls ${schedule} by wardroom.yaml.`,
        'Change it there; in chat ends what was added in chat.',
      );
    throw new Refused(`${where} does not call ${schedule.replace(/[^\p{L}\p{N} ._-]+/gu, ' ')}.`);
  }

  return {
    /** What would be added, and who is on call there now. */
    async lookToAdd(db: Db | Tx, wanted: PolicyCall): Promise<PolicyCall & { people: readonly string[] }> {
      const { call, schedule } = await addable(db, wanted);
      const found = await effectiveSchedule(db, schedule, clock.now());
      return { ...call, people: onCall(found, clock.now()).people };
    },

    lookToRemove: removable,

    async add(tx: Tx, wanted: PolicyCall, by: { id: string; reason?: string | undefined }): Promise<PolicyCall> {
      const { call } = await addable(tx, wanted);
      await addCall(tx, call, by, clock.now());
      return call;
    },

    async remove(tx: Tx, wanted: PolicyCall, by: string): Promise<PolicyCall> {
      const call = await removable(tx, wanted);
      await endCall(tx, call, by, clock.now());
      return call;
    },
  };
}
