import { digestOf } from '../core/canonical.ts';
import { Refused } from '../core/errors.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Tx } from '../store/store.ts';
import { reviewDue } from './emergency.rules.ts';
import type { MovePlan } from './plan.ts';
import { openOn } from './requests.store.ts';
import { type ApprovalsDeps, cardOf, channelOf, type Proposal } from './requests.ts';
import type { Review } from './review.rules.ts';
import type { Reviews } from './reviews.ts';

export interface EmergencyProposal extends Proposal {
  /** The second person. */
  confirmedBy: string;
}

/** Kept as the `decision` of an emergency: nobody voted, two people answer for it, and it is looked at afterwards. */
export interface EmergencyDecision {
  by: 'emergency';
  reason: string;
  confirmedBy: string;
  /** ISO 8601. */
  reviewDue: string;
  review?: Review;
}

/** Kept as the `decision` of a way back to what was approved before. */
export interface PreapprovedDecision {
  by: 'pre-approved';
  reason: string;
  request: string;
  digest: string;
  /** ISO 8601. */
  reviewDue: string;
  review?: Review;
}

/** Breaking the glass: a change without votes, by two people, that is on record like every other request. */
export function emergencies(deps: ApprovalsDeps, { askForReview }: Pick<Reviews, 'askForReview'>) {
  const { clock, audit, outbox, organisation, people } = deps;

  /** What people still vote on is overtaken: two changes of one endpoint cannot both be meant. */
  async function overtake(tx: Tx, endpoint: string, by: string, emergency: boolean): Promise<void> {
    for (const { id, state } of await openOn(tx, endpoint)) {
      if (state !== 'voting') continue;
      const decision = {
        by: 'emergency',
        reason: `Overtaken by ${emergency ? 'the emergency ' : ''}${by}, which was carried out at once.`,
      };
      await tx
        .updateTable('requests')
        .set({ state: 'withdrawn', decided_at: clock.now().toString(), decision: JSON.stringify(decision) })
        .where('id', '=', id)
        .execute();
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'approvals.overtaken',
        objects: [id, by],
        why: decision.reason,
      });
      await outbox.refresh(tx, cardOf(id));
    }
  }

  /** A change that nobody votes on: on record like every other request, started now, looked at afterwards. */
  async function carryOut(
    tx: Tx,
    proposal: Proposal,
    how: { kind: 'emergency' | 'preapproved'; decide: (reviewDue: string) => object; detail: Record<string, unknown> },
  ): Promise<string> {
    const { title, reason, requester, incident } = proposal;
    const endpoint = organisation.endpoints.find(({ id }) => id === proposal.endpoint);
    if (!endpoint)
      throw new Refused(`I do not know the endpoint ${proposal.endpoint}.`, 'Say “endpoints” for the list.');
    const id = await nextNumber(tx, 'REQ');
    await overtake(tx, endpoint.id, id, how.kind === 'emergency');
    const now = clock.now();
    const due = reviewDue(now, people.byId(requester)?.zone ?? 'UTC');
    const plan: MovePlan = { kind: 'traffic', endpoint: endpoint.id, ...proposal.plan };
    const policy = organisation.approvalPolicies.find((each) => each.id === endpoint.approval);
    const channel = channelOf(organisation, endpoint.owner);
    await tx
      .insertInto('requests')
      .values({
        id,
        kind: how.kind,
        title,
        reason,
        requester,
        incident: incident ?? null,
        plan: JSON.stringify(plan),
        digest: digestOf(plan),
        // The policy that was passed over, for the review; nobody is asked to vote.
        policy: JSON.stringify(policy ?? organisation.approvalPolicies[0] ?? {}),
        eligible: JSON.stringify([]),
        state: 'executing',
        decided_at: now.toString(),
        decision: JSON.stringify(how.decide(due.toString())),
        created_at: now.toString(),
        deadline: due.toString(),
        channel,
      })
      .execute();
    await audit.append(tx, {
      actor: requester,
      action: 'approvals.opened',
      objects: [id, endpoint.id, ...(incident ? [incident] : [])],
      why: reason,
      detail: { title, kind: how.kind, digest: digestOf(plan), ...how.detail, reviewDue: due.toString() },
    });
    const change = await deps.startChange(tx, {
      endpoint: endpoint.id,
      plan,
      request: id,
      requester,
      ...(incident ? { incident } : {}),
    });
    if (change) await tx.updateTable('requests').set({ change }).where('id', '=', id).execute();
    await outbox.show(tx, {
      card: cardOf(id),
      kind: 'approvals.request',
      ids: { request: id },
      conversation: channel,
      priority: 1,
    });
    await askForReview(tx, id, due);
    if (incident) await deps.refreshIncident(tx, incident);
    return id;
  }

  return {
    /** Starts the change at once and asks for a review afterwards; returns the request's id. */
    async emergency(tx: Tx, proposal: EmergencyProposal): Promise<string> {
      const { confirmedBy, reason } = proposal;
      if (proposal.requester === confirmedBy)
        throw new Refused('This needs a second person.', 'Ask a colleague to confirm it.');
      const decide = (due: string): EmergencyDecision => ({ by: 'emergency', reason, confirmedBy, reviewDue: due });
      return carryOut(tx, proposal, { kind: 'emergency', decide, detail: { confirmedBy } });
    },

    /**
     * Back to what was approved and served before: the votes of then count, one person is enough, and a review follows.
     * `of` is the request that approved it, with the digest that was voted on.
     */
    async preapproved(tx: Tx, proposal: Proposal, of: { request: string; digest: string }): Promise<string> {
      const decide = (due: string): PreapprovedDecision => ({
        by: 'pre-approved',
        reason: `Approved before by ${of.request}.`,
        request: of.request,
        digest: of.digest,
        reviewDue: due,
      });
      return carryOut(tx, proposal, { kind: 'preapproved', decide, detail: { preapproved: of } });
    },
  };
}
