import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Tx } from '../store/store.ts';
import type { EmergencyDecision } from './emergency.ts';
import { lockRequest } from './requests.store.ts';
import { type ApprovalsDeps, cardOf, type RequestRow } from './requests.ts';
import {
  type Finding,
  MOST_REMINDERS,
  type Review,
  type Reviewed,
  remindAt,
  TELLS_ADMINS,
  whyNoReview,
} from './review.rules.ts';

export const REVIEW = 'approvals-review';
const ADMIN = 'admin';

/** An emergency passed over its voters; one of them looks at it afterwards, and until then they are reminded. */
export function reviews(deps: ApprovalsDeps) {
  const { clock, audit, outbox, jobs, people } = deps;

  jobs.handle(REVIEW, async (tx, batch) => {
    for (const { request, count = 1 } of batch as { request: string; count?: number }[])
      await remind(tx, request, count);
  });

  const planReminder = (tx: Tx, request: string, due: Temporal.Instant, count: number) =>
    jobs.enqueue(tx, REVIEW, { request, count }, { at: remindAt(due, count) });

  async function remind(tx: Tx, id: string, count: number): Promise<void> {
    const row = await lockRequest(tx, id);
    const emergency = row && reviewedOf(row);
    if (!row || !emergency || emergency.review) return;
    const due = Temporal.Instant.from(decisionOf(row).reviewDue);
    const action = count === 0 ? 'review-soon' : count === 1 ? 'review-due' : 'review-overdue';
    await audit.append(tx, { actor: 'wardroom', action: `approvals.${action}`, objects: [id] });
    await outbox.refresh(tx, cardOf(id));
    const notice = { kind: 'approvals.review', ids: { request: id }, priority: 3 };
    await outbox.say(tx, { ...notice, key: `review:${id}:${count}`, conversation: row.channel, under: cardOf(id) });
    for (const person of count === 0 ? [] : await told(emergency, count >= TELLS_ADMINS))
      await outbox.say(tx, { ...notice, key: `review:${id}:${count}:${person}`, conversation: `person:${person}` });
    if (count + 1 < MOST_REMINDERS) await planReminder(tx, id, due, count + 1);
  }

  /** Who may review it; when that has not helped, whoever can see to it that somebody does. */
  async function told(emergency: Reviewed, admins: boolean): Promise<string[]> {
    const members = ((await people.members()) ?? []).filter(({ active }) => active);
    const may = members.filter((member) => !whyNoReview(member, emergency) || (admins && member.roles.includes(ADMIN)));
    return may.map(({ id }) => id);
  }

  return {
    /** Asks for the review of an emergency that begins now. */
    askForReview: (tx: Tx, request: string, due: Temporal.Instant) => planReminder(tx, request, due, 0),

    /** Closes the review; its reminders end with it. */
    async review(tx: Tx, id: string, finding: { by: string; finding: Finding; why: string }): Promise<Review> {
      const row = await lockRequest(tx, id);
      const emergency = row && reviewedOf(row);
      if (!row || !emergency) throw new Refused(`There is no emergency ${id}.`, 'Say “requests” for the list.');
      const person = (await people.members())?.find((member) => member.id === finding.by);
      const no = whyNoReview(person ?? { id: finding.by, roles: [] }, emergency);
      if (no) throw new Refused(no.why, no.next);
      const review: Review = { ...finding, at: clock.now().toString() };
      const decision: EmergencyDecision = { ...decisionOf(row), review };
      await tx
        .updateTable('requests')
        .set({ decision: JSON.stringify(decision) })
        .where('id', '=', id)
        .execute();
      await outbox.refresh(tx, cardOf(id));
      return review;
    },
  };
}

export type Reviews = ReturnType<typeof reviews>;

const decisionOf = (row: RequestRow): EmergencyDecision => row.decision as EmergencyDecision;

function reviewedOf(row: RequestRow): Reviewed | undefined {
  const { id, kind, requester } = row;
  if (kind !== 'emergency' && kind !== 'preapproved') return { id, kind, requester, confirmedBy: '', roles: [] };
  // Without any policy the file had nobody to ask; then no role opens the review, and an administrator is told.
  const { requiredRoles = [], vetoRoles = [], voters } = row.policy as Partial<ApprovalPolicy>;
  // A way back that was approved before has nobody who confirmed it: one person answers for it.
  const { confirmedBy = requester, review } = decisionOf(row) as Partial<EmergencyDecision>;
  return {
    id,
    kind,
    requester,
    confirmedBy,
    roles: [...new Set([...requiredRoles, ...vetoRoles, ...(voters?.roles ?? [])])],
    review,
  };
}
