import { Temporal } from 'temporal-polyfill';

/** Limits of a GitHub environment: up to six reviewers, one of whom suffices; a wait of up to 30 days. */
export const MOST_REVIEWERS = 6;
export const LONGEST_WAIT_MINUTES = 43_200;

export const validReviewers = (count: number): boolean =>
  Number.isInteger(count) && count >= 0 && count <= MOST_REVIEWERS;

export const reviewersPass = (required: readonly string[], approvals: readonly string[]): boolean =>
  required.length === 0 || approvals.some((person) => required.includes(person));

export const validWait = (minutes: number): boolean =>
  Number.isInteger(minutes) && minutes >= 0 && minutes <= LONGEST_WAIT_MINUTES;

/** A wait timer counts from the trigger. */
export function waitTimer(minutes: number, triggered: Temporal.Instant, now: Temporal.Instant) {
  const readyAt = triggered.add({ minutes });
  return { pass: Temporal.Instant.compare(now, readyAt) >= 0, readyAt };
}

/**
 * A check of an Azure DevOps stage is given up after its timeout. One that will not see an open window before that is
 * lost already when it is asked for, which `inTime` says while something can still be done about it.
 */
export function checkTimeout(check: {
  created: Temporal.Instant;
  timeoutMinutes: number;
  now: Temporal.Instant;
  /** The next instant at which the calendar is open. */
  opens?: Temporal.Instant;
}): { failed: boolean; dies: Temporal.Instant; inTime: boolean } {
  const dies = check.created.add({ minutes: check.timeoutMinutes });
  return {
    failed: Temporal.Instant.compare(check.now, dies) >= 0,
    dies,
    inTime: check.opens !== undefined && Temporal.Instant.compare(check.opens, dies) < 0,
  };
}
