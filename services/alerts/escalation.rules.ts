import type { Temporal } from 'temporal-polyfill';
import type { EscalationPolicy, EscalationTarget } from '../core/organisation.ts';

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
}

export interface Plan {
  steps: readonly PlannedStep[];
  reason: string;
}

/** Where an incident's escalation stands. */
export interface EscalationState {
  /** Index of the next step that was not told yet. */
  next: number;
  acknowledged: boolean;
  closed: boolean;
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
const MOST_STEPS = 200;

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
  while (current && !seen.has(current.id)) {
    seen.add(current.id);
    for (let round = 0; round <= current.repeat; round += 1) {
      for (const [position, step] of current.steps.entries()) {
        if (steps.length >= MOST_STEPS) return { steps, reason: `${reason}, cut after ${MOST_STEPS} steps` };
        const gap = step.after ?? (position === 0 && steps.length > 0 ? wait : 0);
        due += gap * 60_000;
        if (step.after !== undefined) wait = step.after;
        const { id } = current;
        steps.push({ index: steps.length, number: position + 1, policy: id, round, gap, due, notify: step.notify });
      }
    }
    const handTo: string | undefined = current.handTo;
    current = handTo === undefined ? undefined : options.policy?.(handTo);
    if (handTo !== undefined) {
      reason += current && !seen.has(handTo) ? `, then ${handTo}` : `, ${handTo} cannot take over`;
    }
  }
  if (steps.length > 0) return { steps, reason: `${reason}.` };
  const empty = { index: 0, number: 1, policy: policy?.id ?? '', round: 0, gap: 0, due, notify: [] };
  return { steps: [empty], reason: policy ? `${reason} has no steps.` : `${reason}.` };
}

export const started: EscalationState = { next: 0, acknowledged: false, closed: false };

/**
 * The steps that are due and not told (several after an outage), and the one to set a timer for. Nothing is due once
 * somebody acknowledged or the incident is closed.
 */
export function dueSteps(
  { steps }: Plan,
  state: EscalationState,
  now: Temporal.Instant,
): { due: readonly PlannedStep[]; next?: PlannedStep; state: EscalationState; reason: string } {
  if (state.closed) return { due: [], state, reason: 'The incident is closed.' };
  if (state.acknowledged) return { due: [], state, reason: 'Somebody acknowledged it.' };
  const left = steps.filter(({ index }) => index >= state.next);
  const due = left.filter((step) => step.due <= now.epochMilliseconds);
  const next = left[due.length];
  const reason =
    due.length > 1
      ? `${due.length} steps were due at once.`
      : next || due.length > 0
        ? 'By the plan.'
        : 'No step is left.';
  return { due, ...(next ? { next } : {}), state: { ...state, next: state.next + due.length }, reason };
}

export type Escalated =
  | { ok: true; plan: Plan; state: EscalationState; step: PlannedStep; reason: string }
  | { ok: false; reason: string };

/**
 * A person escalates by hand: the next step is told now, an acknowledgement is taken back, and the steps after it follow
 * with their usual gaps from now on.
 */
export function escalate(current: Plan, state: EscalationState, now: Temporal.Instant): Escalated {
  if (state.closed) return { ok: false, reason: 'The incident is closed.' };
  if (current.steps.length === 0) return { ok: false, reason: `No step is planned. ${current.reason}` };
  const step = current.steps[state.next];
  if (!step || (step.notify.length === 0 && current.steps.length === 1)) {
    const nobody = current.steps.every(({ notify }) => notify.length === 0);
    return { ok: false, reason: nobody ? 'The escalation policy has no steps.' : 'Every step was told already.' };
  }
  const moved = shifted(current, state.next, now.epochMilliseconds);
  const told = { ...step, due: now.epochMilliseconds };
  const after = { ...state, acknowledged: false, next: state.next + 1 };
  const taken = state.acknowledged ? ' The acknowledgement is taken back.' : '';
  return { ok: true, plan: moved, state: after, step: told, reason: `Step ${step.number} is told now.${taken}` };
}

/** Takes an acknowledgement back (it was not confirmed in time): the next step waits its usual gap from now. */
export function resume(
  current: Plan,
  state: EscalationState,
  now: Temporal.Instant,
): { plan: Plan; state: EscalationState } {
  const gap = current.steps[state.next]?.gap ?? 0;
  const moved = shifted(current, state.next, now.epochMilliseconds + gap * 60_000);
  return { plan: moved, state: { ...state, acknowledged: false } };
}

/** The plan with step `from` at `at` (milliseconds), and the later ones moved with it. */
function shifted(current: Plan, from: number, at: number): Plan {
  const delta = at - (current.steps[from]?.due ?? at);
  return {
    ...current,
    steps: current.steps.map((step) => (step.index >= from ? { ...step, due: step.due + delta } : step)),
  };
}

/** What is needed to turn targets into people; all of it answers for one instant. */
export interface Directory {
  onCall: (schedule: string, at: Temporal.Instant) => readonly string[];
  withRole: (role: string) => readonly string[];
  /** Known and active. */
  reachable: (person: string) => boolean;
  channelExists: (channel: string) => boolean;
  fallbackChannel: string;
}

export interface Recipients {
  /** Each person once, however many targets and due steps name them; `via` says why they are told. */
  people: readonly { person: string; via: string; step: number }[];
  channels: readonly { channel: string; via: string; step: number }[];
  /** Targets that reached nobody, in words for the card and the log. */
  problems: readonly string[];
  /** The fallback channel is among `channels`, because nobody else was reached. */
  fallback: boolean;
}

/**
 * Who is told by these steps. A target that reaches nobody never hides the others; when all of them reach nobody, the
 * fallback channel is told, with the reason.
 */
export function recipients(steps: readonly PlannedStep[], at: Temporal.Instant, directory: Directory): Recipients {
  const people = new Map<string, { person: string; via: string; step: number }>();
  const channels = new Map<string, { channel: string; via: string; step: number }>();
  const problems: string[] = [];
  for (const step of steps) {
    if (step.notify.length === 0) problems.push(`step ${step.number} of ${step.policy || 'the policy'} names nobody`);
    for (const target of step.notify) {
      if ('channel' in target) {
        const { channel } = target;
        const entry = { channel, via: `channel ${channel}`, step: step.number };
        if (!directory.channelExists(channel)) problems.push(`channel ${channel} is not known`);
        else if (!channels.has(channel)) channels.set(channel, entry);
        continue;
      }
      const { found, via, nobody } = peopleOf(target, at, directory);
      const reached = found.filter(directory.reachable);
      if (reached.length === 0) problems.push(found.length > 0 ? `${found.join(', ')} cannot be reached` : nobody);
      for (const person of reached) if (!people.has(person)) people.set(person, { person, via, step: step.number });
    }
  }
  const fallback = steps.length > 0 && people.size === 0 && channels.size === 0;
  if (fallback) {
    const channel = directory.fallbackChannel;
    channels.set(channel, { channel, via: `fallback: ${problems.join('; ')}`, step: steps.at(-1)?.number ?? 1 });
  }
  return { people: [...people.values()], channels: [...channels.values()], problems, fallback };
}

function peopleOf(target: Exclude<EscalationTarget, { channel: string }>, at: Temporal.Instant, directory: Directory) {
  if ('person' in target) return { found: [target.person], via: 'by name', nobody: '' };
  if ('schedule' in target) {
    const { schedule } = target;
    const nobody = `nobody is on call in ${schedule}`;
    return { found: directory.onCall(schedule, at), via: `on call in ${schedule}`, nobody };
  }
  const { role } = target;
  return { found: directory.withRole(role), via: `holds the role ${role}`, nobody: `nobody holds the role ${role}` };
}
