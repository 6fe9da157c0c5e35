import { Refused } from '../core/errors.ts';
import type { EscalationPolicy } from '../core/organisation.ts';
import { nearest } from '../core/similar.ts';

/** A schedule that a step of a policy calls besides those of wardroom.yaml. */
export interface PolicyCall {
  policy: string;
  /** 1-based, as people count. */
  step: number;
  schedule: string;
}

/**
 * The policies with what was added in chat. A step that wardroom.yaml has no longer hands its schedules to the last one:
 * whoever was to be called is called later, and never not at all.
 */
export function withCalls(
  policies: readonly EscalationPolicy[],
  calls: readonly PolicyCall[],
): readonly EscalationPolicy[] {
  return policies.map((policy) => {
    const own = calls.filter((call) => call.policy === policy.id);
    const last = policy.steps.length;
    if (own.length === 0 || last === 0) return policy;
    const steps = policy.steps.map((step, place) => {
      const added = own
        .filter((call) => Math.min(call.step, last) === place + 1)
        .filter(({ schedule }) => !names(step, schedule));
      if (added.length === 0) return step;
      return { ...step, notify: [...step.notify, ...added.map(({ schedule }) => ({ schedule }))] };
    });
    return { ...policy, steps };
  });
}

type Step = EscalationPolicy['steps'][number];

export const names = ({ notify }: Step, schedule: string): boolean =>
  notify.some((target) => 'schedule' in target && target.schedule === schedule);

/** The policy of this name; Refused with the nearest one when there is none. */
export function neededPolicy(policies: readonly EscalationPolicy[], name: string): EscalationPolicy {
  const found = policies.find(({ id }) => id === name.trim().toLowerCase());
  if (found) return found;
  const ids = policies.map(({ id }) => id);
  const near = nearest(name.toLowerCase(), ids);
  throw new Refused(
    // It is said back where others read it: nothing of it may act as Markdown.
    `There is no escalation policy "${name.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim()}".`,
    near ? `Did you mean ${near}?` : `Policies are ${ids.slice(0, 6).join(', ')}.`,
  );
}

/** Its step of this number; Refused when there is none. */
export function neededStep(policy: EscalationPolicy, step: number): Step {
  const found = policy.steps[step - 1];
  if (found) return found;
  const most = policy.steps.length;
  if (most === 0) throw new Refused(`${policy.id} has no steps.`, 'Give it some in wardroom.yaml first.');
  throw new Refused(
    `${policy.id} has no step ${step}.`,
    most === 1 ? 'It has one step.' : `Say a step from 1 to ${most}.`,
  );
}
