import type { Temporal } from 'temporal-polyfill';

/** What somebody who had no part in it thinks of an emergency afterwards. */
export type Finding = 'justified' | 'unjustified';

export interface Review {
  by: string;
  finding: Finding;
  why: string;
  /** ISO 8601. */
  at: string;
}

/** An emergency, as far as its review goes. */
export interface Reviewed {
  id: string;
  kind: string;
  requester: string;
  confirmedBy: string;
  /** Of the policy that was passed over: who would have voted. */
  roles: readonly string[];
  review?: Review | undefined;
}

/**
 * Why this person may not review it, and what to do instead; `undefined` when they may. The two who answer for it cannot
 * judge it, and who judges is who would have been asked.
 */
export function whyNoReview(
  person: { id: string; roles: readonly string[] },
  emergency: Reviewed,
): { why: string; next: string } | undefined {
  if (emergency.kind !== 'emergency' && emergency.kind !== 'preapproved')
    return { why: `${emergency.id} was voted on, so nobody reviews it.`, next: `Say “request ${emergency.id}”.` };
  if (emergency.review)
    return { why: `${emergency.id} was reviewed already.`, next: `Say “request ${emergency.id}” for the finding.` };
  if (person.id === emergency.requester || person.id === emergency.confirmedBy)
    return { why: 'You answer for this emergency, so you cannot review it.', next: 'Ask a colleague who votes.' };
  if (!emergency.roles.some((role) => person.roles.includes(role)))
    return { why: 'You are not among those who would have voted on it.', next: 'Ask somebody who is.' };
  return undefined;
}

const FIRST_BEFORE_HOURS = 4;
const AGAIN_AFTER_HOURS = 24;
/** Before it is due, when it is due, and for a working week after. */
export const MOST_REMINDERS = 7;
/** From the second one that is overdue, administrators hear of it. */
export const TELLS_ADMINS = 3;

/** When the n-th reminder goes out, counted from 0. */
export const remindAt = (due: Temporal.Instant, count: number): Temporal.Instant =>
  count === 0
    ? due.subtract({ hours: FIRST_BEFORE_HOURS })
    : due.add({ hours: AGAIN_AFTER_HOURS * Math.max(0, count - 1) });
