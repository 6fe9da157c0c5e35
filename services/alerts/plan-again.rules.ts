import type { Plan, PlannedStep } from './escalation.rules.ts';

/** Telling the same people again: within a plan, and round and round until somebody acknowledges. */

/** More repeats of one step than this nobody waits for; the step after it is far away. */
const MOST_REPEATS = 60;
/** Told steps that are kept of a plan that goes round: enough to say what was told. */
const KEPT = 30;

/** The plan with each `again` written out until the step after it; the last one goes on for ever. */
export function repeated(plan: Plan): Plan {
  const steps: PlannedStep[] = [];
  const add = (step: PlannedStep) => steps.push({ ...step, index: steps.length });
  let from = plan.loop?.from ?? 0;
  for (const [position, step] of plan.steps.entries()) {
    if (position === plan.loop?.from) from = steps.length;
    const after = plan.steps[position + 1];
    const end = after?.due ?? (plan.loop ? step.due + plan.loop.gap * 60_000 : step.due);
    add(step);
    if (!step.again) continue;
    const every = step.again * 60_000;
    let due = step.due + every;
    for (let count = 0; due < end && count < MOST_REPEATS; count += 1, due += every)
      add({ ...step, due, gap: step.again, repeat: true });
  }
  const last = plan.steps.at(-1);
  if (plan.loop) return { ...plan, steps, loop: { ...plan.loop, from } };
  if (!last?.again) return { ...plan, steps };
  // Its first repeat is written out, so that what goes round is a repeat and not the step itself.
  add({ ...last, due: last.due + last.again * 60_000, gap: last.again, repeat: true });
  return { ...plan, steps, loop: { from: steps.length - 1, gap: last.again } };
}

/**
 * A plan that goes round, with the step of this index in it. After an outage one round is told, not all that were missed.
 */
export function extended(plan: Plan, index: number, now: number): Plan {
  const last = plan.steps.at(-1);
  if (!plan.loop || !last || index <= last.index) return plan;
  const { from, gap } = plan.loop;
  const round = plan.steps.filter((step) => step.index >= from);
  const first = round[0];
  if (!first) return plan;
  const begins = Math.max(last.due + gap * 60_000, now - gap * 60_000);
  const again = round.map((step, position) => ({
    ...step,
    index: last.index + 1 + position,
    round: step.round + 1,
    due: begins + step.due - first.due,
    ...(position === 0 ? { gap } : {}),
  }));
  return {
    ...plan,
    steps: [...plan.steps.slice(-KEPT), ...again],
    loop: { ...plan.loop, from: last.index + 1 },
  };
}
