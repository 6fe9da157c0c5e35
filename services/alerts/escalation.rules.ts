import type { Temporal } from 'temporal-polyfill';
import { SHORTEST_AGAIN_MINUTES, type StepCondition } from '../core/organisation.oncall.ts';
import type { EscalationPolicy, EscalationTarget } from '../core/organisation.ts';
import { extended, repeated } from './plan-again.rules.ts';

/**
 * One step with its instant. `index` counts through repeats and hand-overs, so a state is one number. Plans are JSON:
 * `due` is kept as milliseconds since the epoch.
 */
export interface PlannedStep {
  index: number;
  /** 1-based number within its policy, as people count. */
  number: number;
  policy: string;
  /** 0 the first time, then 1 for each repeat. */
  round: number;
  /** Minutes after the step before. */
  gap: number;
  due: number;
  notify: readonly EscalationTarget[];
  when?: StepCondition;
  /** How often it is told again, in minutes. */
  again?: number;
  /** It is the step before once more, because nobody acknowledged. */
  repeat?: boolean;
}

export interface Plan {
  /** In order; those long told may be gone from a plan that goes round for ever, so look by `index`. */
  steps: readonly PlannedStep[];
  reason: string;
  /** After the last step it goes on with this one, `gap` minutes later, until somebody acknowledges. */
  loop?: { from: number; gap: number };
  /** How whoever acknowledged is asked whether they are still at it; minutes. */
  acknowledgement?: { remindAfter: number; confirmWithin: number };
}

export const stepAt = ({ steps }: Plan, index: number): PlannedStep | undefined =>
  steps.find((step) => step.index === index);

/** Where an incident's escalation stands. */
export interface EscalationState {
  /** Index of the next step that was not told yet. */
  next: number;
  acknowledged: boolean;
  closed: boolean;
  /** The next step is due and waits for its condition. */
  held?: boolean;
}

export interface PlanOptions {
  /** The alert came inside a silence or a maintenance window: it is recorded, and nobody is paged for it. */
  frozen?: boolean;
  /** Finds the policy named by `handTo`. */
  policy?: (id: string) => EscalationPolicy | undefined;
}

/** Between the last step and the first of a repeat or of the next policy, when no step says how long to wait. */
const DEFAULT_GAP_MINUTES = 15;
/** A chain of policies that hand to each other stops here. */
export const MOST_STEPS = 200;

/**
 * All steps with absolute instants, decided once when an incident opens: a plan is not moved by a later edit of its policy
 * nor by a window that begins afterwards. A policy without steps gets one step without targets, which goes to the
 * fallback channel at once.
 */
export function plan(policy: EscalationPolicy | undefined, now: Temporal.Instant, options: PlanOptions = {}): Plan {
  if (options.frozen) return { steps: [], reason: 'It came inside a silence or maintenance window: nobody is paged.' };
  const steps: PlannedStep[] = [];
  const seen = new Set<string>();
  let due = now.epochMilliseconds;
  let wait = DEFAULT_GAP_MINUTES;
  let current = policy;
  let reason = policy ? `Policy ${policy.id}` : 'No escalation policy';
  let loop: Plan['loop'];
  const acknowledgement = policy?.acknowledgement;
  while (current && !seen.has(current.id)) {
    seen.add(current.id);
    const begins = steps.length;
    const rounds = current.repeat === 'until-acknowledged' ? 0 : current.repeat;
    for (let round = 0; round <= rounds; round += 1) {
      for (const [position, step] of current.steps.entries()) {
        if (steps.length >= MOST_STEPS) return { steps, reason: `${reason}, cut after ${MOST_STEPS} steps` };
        const gap = step.after ?? (position === 0 && steps.length > 0 ? wait : 0);
        due += gap * 60_000;
        if (step.after !== undefined) wait = step.after;
        const { notify, when, again } = step;
        steps.push({
          ...{ index: steps.length, number: position + 1, policy: current.id, round, gap, due, notify },
          ...(when ? { when } : {}),
          ...(again ? { again } : {}),
        });
      }
    }
    if (current.repeat === 'until-acknowledged') {
      loop = { from: begins, gap: Math.max(wait, SHORTEST_AGAIN_MINUTES) };
      break;
    }
    const handTo: string | undefined = current.handTo;
    current = handTo === undefined ? undefined : options.policy?.(handTo);
    if (handTo !== undefined) {
      reason += current && !seen.has(handTo) ? `, then ${handTo}` : `, ${handTo} cannot take over`;
    }
  }
  if (steps.length > 0) {
    const made = { steps, reason: `${reason}.`, ...(loop ? { loop } : {}) };
    return { ...repeated(made), ...(acknowledgement ? { acknowledgement } : {}) };
  }
  const empty = { index: 0, number: 1, policy: policy?.id ?? '', round: 0, gap: 0, due, notify: [] };
  return { steps: [empty], reason: policy ? `${reason} has no steps.` : `${reason}.` };
}

export const started: EscalationState = { next: 0, acknowledged: false, closed: false };

/** Whether the condition of a step holds now; `until` is when it is worth another look. */
export type Verdict = { go: true } | { go: false; wait: boolean; until?: number; why: string };

const ALWAYS = (): Verdict => ({ go: true });

export interface Due {
  due: readonly PlannedStep[];
  /** The step to set a timer for, and when (milliseconds). */
  next?: PlannedStep;
  /** Later steps move when one had to wait, and a plan that goes round grows. */
  plan: Plan;
  state: EscalationState;
  /** Steps that were passed over, or that are waited at, with the reason. */
  passed: readonly { step: PlannedStep; why: string }[];
  reason: string;
}

/**
 * The steps that are due and not told (several after an outage), and the one to set a timer for. Nothing is due once
 * somebody acknowledged or the incident is closed. A step whose condition does not hold is passed over, or everything
 * waits at it; what comes after it then keeps its distance.
 */
export function dueSteps(
  current: Plan,
  state: EscalationState,
  now: Temporal.Instant,
  judge: (step: PlannedStep) => Verdict = ALWAYS,
): Due {
  const nothing = { due: [], plan: current, state, passed: [] };
  if (state.closed) return { ...nothing, reason: 'The incident is closed.' };
  if (state.acknowledged) return { ...nothing, reason: 'Somebody acknowledged it.' };
  let plan = current;
  let { next: index, held = false } = state;
  const due: PlannedStep[] = [];
  const passed: { step: PlannedStep; why: string }[] = [];
  const at = (position: number) => {
    plan = extended(plan, position, now.epochMilliseconds);
    return stepAt(plan, position);
  };
  for (let step = at(index); step; step = at(index)) {
    if (step.due > now.epochMilliseconds) break;
    const verdict = step.repeat ? ALWAYS() : judge(step);
    if (!verdict.go) {
      passed.push({ step, why: verdict.why });
      if (verdict.wait) {
        const until = verdict.until === undefined ? {} : { next: { ...step, due: verdict.until } };
        const waits = { next: index, acknowledged: false, closed: false, held: true };
        return { due, plan, state: waits, passed, ...until, reason: verdict.why };
      }
    } else {
      if (held) plan = shifted(plan, index, now.epochMilliseconds);
      due.push(step);
    }
    held = false;
    index += 1;
  }
  const next = at(index);
  const reason =
    due.length > 1
      ? `${due.length} steps were due at once.`
      : next || due.length > 0
        ? 'By the plan.'
        : 'No step is left.';
  return {
    due,
    plan,
    passed,
    ...(next ? { next } : {}),
    state: { next: index, acknowledged: false, closed: false },
    reason,
  };
}

export type Escalated =
  | { ok: true; plan: Plan; state: EscalationState; step: PlannedStep; reason: string }
  | { ok: false; reason: string };

/**
 * A person escalates by hand: the next step (or step `wanted` of the plan's policies, as people count) is told now, an
 * acknowledgement is taken back, and the steps after it follow with their usual gaps from now on.
 */
export function escalate(current: Plan, state: EscalationState, now: Temporal.Instant, wanted?: number): Escalated {
  if (state.closed) return { ok: false, reason: 'The incident is closed.' };
  if (current.steps.length === 0) return { ok: false, reason: `No step is planned. ${current.reason}` };
  if (current.steps.every(({ notify }) => notify.length === 0))
    return { ok: false, reason: 'The escalation policy has no steps.' };
  const grown = extended(current, state.next, now.epochMilliseconds);
  const firsts = grown.steps.filter(({ repeat }) => !repeat);
  const step =
    wanted === undefined
      ? firsts.find(({ index }) => index >= state.next)
      : (firsts.find(({ number, index }) => number === wanted && index >= state.next) ??
        firsts.find(({ number }) => number === wanted));
  if (!step) {
    const most = Math.max(...firsts.map(({ number }) => number));
    const missing = `There is no step ${wanted}; its policy has ${most}.`;
    return { ok: false, reason: wanted === undefined ? 'Every step was told already.' : missing };
  }
  const moved = shifted(grown, step.index, now.epochMilliseconds);
  const told = { ...step, due: now.epochMilliseconds };
  const after: EscalationState = { next: step.index + 1, acknowledged: false, closed: false };
  const taken = state.acknowledged ? ' The acknowledgement is taken back.' : '';
  return { ok: true, plan: moved, state: after, step: told, reason: `Step ${step.number} is told now.${taken}` };
}

/** Takes an acknowledgement back: the next step waits its usual gap from now. */
export function resume(
  current: Plan,
  state: EscalationState,
  now: Temporal.Instant,
): { plan: Plan; state: EscalationState } {
  const grown = extended(current, state.next, now.epochMilliseconds);
  const gap = stepAt(grown, state.next)?.gap ?? 0;
  const moved = shifted(grown, state.next, now.epochMilliseconds + gap * 60_000);
  return { plan: moved, state: { ...state, acknowledged: false } };
}

/** Everything from the first step on once more, beginning now: when nobody is left and nobody does it. */
export function restarted(current: Plan, now: Temporal.Instant): { plan: Plan; state: EscalationState } {
  const [first] = current.steps;
  const plan = shifted(current, first?.index ?? 0, now.epochMilliseconds);
  return { plan, state: { next: first?.index ?? 0, acknowledged: false, closed: false } };
}

/** The plan with step `from` at `at` (milliseconds), and the later ones moved with it. */
export function shifted(current: Plan, from: number, at: number): Plan {
  const delta = at - (stepAt(current, from)?.due ?? at);
  return {
    ...current,
    steps: current.steps.map((step) => (step.index >= from ? { ...step, due: step.due + delta } : step)),
  };
}
