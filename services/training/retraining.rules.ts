import { Decimal } from 'decimal.js';
import { Temporal } from 'temporal-polyfill';
import { counted } from '../core/counted.ts';
import type { RetrainingRule } from '../core/organisation.ts';

/** What called for training again. */
export type Trigger =
  | { kind: 'drift'; features: readonly string[] }
  | { kind: 'performance'; metric: 'accuracy' | 'precision' | 'recall'; value: number; labelled: number }
  | { kind: 'schedule' }
  | { kind: 'by-hand' };

export interface Standing {
  paused: boolean;
  /** The latest run of the rule, whatever became of it. */
  last?: { at: Temporal.Instant; running: boolean; id: string };
  /** Runs that began in this calendar month (UTC). */
  runsThisMonth: number;
}

export interface Verdict {
  go: boolean;
  reason: string;
}

/** Fewer labels say nothing about performance. */
const LEAST_LABELS = 200;

/** Whether a trigger is one that this rule listens to, and strong enough; with the reason either way. */
export function triggered(rule: RetrainingRule, trigger: Trigger): Verdict {
  const { drift, performance, every } = rule.when;
  switch (trigger.kind) {
    case 'drift': {
      if (!drift) return { go: false, reason: 'the rule does not listen to drift' };
      const { length } = trigger.features;
      const names = trigger.features.slice(0, 4).join(', ');
      return length >= drift.features
        ? {
            go: true,
            reason: `${length} ${length === 1 ? 'feature drifts' : 'features drift'} (${names}), ${drift.features} are enough`,
          }
        : {
            go: false,
            reason: `${length} of ${drift.features} features ${length === 1 ? 'drifts' : 'drift'} (${names})`,
          };
    }
    case 'performance': {
      if (performance?.metric !== trigger.metric)
        return { go: false, reason: `the rule does not listen to ${trigger.metric}` };
      if (!Number.isFinite(trigger.value)) return { go: false, reason: `${trigger.metric} is unknown` };
      if (trigger.labelled < LEAST_LABELS)
        return {
          go: false,
          reason: `${counted(trigger.labelled, 'label')} ${trigger.labelled === 1 ? 'is' : 'are'} too few, ${LEAST_LABELS} are needed`,
        };
      const said = `${trigger.metric} is ${trigger.value.toFixed(3)} on ${counted(trigger.labelled, 'label')}, limit ${performance.below}`;
      return { go: trigger.value < performance.below, reason: said };
    }
    case 'schedule':
      return every === undefined
        ? { go: false, reason: 'the rule has no schedule' }
        : { go: true, reason: 'its time has come' };
    case 'by-hand':
      return { go: true, reason: 'somebody asked for it' };
  }
}

/**
 * Whether a run may begin now: never two at once, not while paused, not within the cool-down, not beyond the month's
 * budget. Somebody who asks by hand is not held by the cool-down or a pause, but by a running run and the budget.
 */
export function mayRun(now: Temporal.Instant, rule: RetrainingRule, standing: Standing, trigger: Trigger): Verdict {
  const wanted = triggered(rule, trigger);
  if (!wanted.go) return wanted;
  const byHand = trigger.kind === 'by-hand';
  const { last } = standing;
  if (last?.running) return { go: false, reason: `${last.id} is running already` };
  if (standing.paused && !byHand) return { go: false, reason: 'the rule is paused' };
  if (last && !byHand) {
    const free = last.at.add({ minutes: rule.cooldown });
    if (Temporal.Instant.compare(now, free) < 0)
      return {
        go: false,
        reason: `${last.id} began ${last.at.toString().slice(0, 16)}Z; the cool-down ends ${free.toString().slice(0, 16)}Z`,
      };
  }
  const spent = withinBudget(rule, standing.runsThisMonth);
  return spent.go ? wanted : spent;
}

/** One more run at the rule's estimate, against its budget for the month. */
export function withinBudget({ estimate, monthlyBudget }: RetrainingRule, runsThisMonth: number): Verdict {
  if (!estimate || !monthlyBudget) return { go: true, reason: 'no budget is set' };
  const then = new Decimal(estimate.amount).mul(runsThisMonth + 1);
  const words = `${counted(runsThisMonth, 'run')} this month; one more makes ${then.toFixed(2)} of ${new Decimal(monthlyBudget.amount).toFixed(2)} ${monthlyBudget.currency}`;
  return { go: then.lte(monthlyBudget.amount), reason: words };
}

/** The first instant of the calendar month in UTC. */
export const monthOf = (now: Temporal.Instant): Temporal.Instant => {
  const day = now.toZonedDateTimeISO('UTC').with({ day: 1 }).startOfDay();
  return day.toInstant();
};
