import { digestOf } from '../core/canonical.ts';
import { Refused } from '../core/errors.ts';
import type { TrafficPlan } from '../fleet/index.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { CostPlan, MovePlan } from './plan.ts';
import { needed } from './release-binding.ts';
import { type ApprovalsDeps, cardOf, channelOf, policyChain, stateWord } from './requests.deps.ts';
import * as rows from './requests.store.ts';
import { objectsOf } from './vote-timers.ts';
import type { Voting } from './votes.ts';

export { type ApprovalsDeps, cardOf, channelOf, stateWord } from './requests.deps.ts';
export type RequestRow = rows.RequestRow;

export interface Proposal {
  title: string;
  reason: string;
  requester: string;
  endpoint: string;
  plan: TrafficPlan;
  incident?: string;
  /** Conversation keys where the request's card stands, besides the owners' channel. */
  also?: readonly string[];
}

/** What another domain wants to have decided by votes. */
export interface Question {
  title: string;
  reason: string;
  requester: string;
  plan: CostPlan;
  /** Id of the policy; the first one when it is left out. */
  policy: string | undefined;
  /** May vote besides those whom the policy names. */
  also: readonly string[];
  /** Conversation key of the channel that sees it. */
  channel: string;
}

/** Requests to change an endpoint's traffic at once, and what all requests have in common. */
export function requests(deps: ApprovalsDeps, voting: Voting) {
  const { clock, audit, outbox, organisation, people } = deps;

  return {
    /** Opens a request under the policy of the endpoint; the voters are those who may vote now. */
    async open(tx: Tx, proposal: Proposal): Promise<string> {
      const endpoint = organisation.endpoints.find(({ id }) => id === proposal.endpoint);
      const policy =
        organisation.approvalPolicies.find(({ id }) => id === endpoint?.approval) ?? organisation.approvalPolicies[0];
      if (!endpoint || !policy) {
        throw new Refused(
          `No approval policy covers ${proposal.endpoint}.`,
          'Ask an administrator to add it to wardroom.yaml.',
        );
      }
      const [open] = await rows.openOn(tx, proposal.endpoint);
      if (open)
        throw new Refused(
          `${open.id} about ${proposal.endpoint} is open already.`,
          `Say “request ${open.id}” to see it.`,
        );
      const id = await nextNumber(tx, 'REQ');
      const now = clock.now();
      const plan: MovePlan = { kind: 'traffic', endpoint: proposal.endpoint, ...proposal.plan };
      const [first, ...later] = policyChain(organisation, policy);
      await tx
        .insertInto('requests')
        .values({
          id,
          kind: 'rollback',
          title: proposal.title,
          reason: proposal.reason,
          requester: proposal.requester,
          incident: proposal.incident ?? null,
          plan: JSON.stringify(plan),
          digest: digestOf(plan),
          policy: JSON.stringify(first),
          later: JSON.stringify(later),
          eligible: JSON.stringify([]),
          state: 'voting',
          created_at: now.toString(),
          deadline: now.toString(),
          channel: channelOf(organisation, endpoint.owner),
          endpoint: endpoint.id,
        })
        .execute();
      const row = await needed(tx, id);
      await audit.append(tx, {
        actor: proposal.requester,
        action: 'approvals.opened',
        objects: objectsOf(row),
        why: proposal.reason,
        detail: { title: proposal.title, digest: digestOf(plan), policy: policy.id },
      });
      if (proposal.incident) await deps.refreshIncident(tx, proposal.incident);
      await voting.openVote(tx, row);
      return id;
    },

    /** Opens a request about money under its policy; what is asked already is named. */
    async ask(tx: Tx, { plan, title, reason, requester, ...of }: Question): Promise<string> {
      const policies = organisation.approvalPolicies;
      const policy = policies.find(({ id }) => id === of.policy) ?? policies[0];
      if (!policy)
        throw new Refused(
          'wardroom.yaml has no approval policy, so nobody could agree.',
          'Ask an administrator to add one under approvalPolicies.',
          'no-policy',
        );
      const digest = digestOf(plan);
      const [open] = await rows.openCost(tx, digest);
      if (open)
        throw new Refused(`${open.id} asks for that already.`, `Say “request ${open.id}” to see it.`, 'asked-already');
      const id = await nextNumber(tx, 'REQ');
      const now = clock.now();
      const [first, ...later] = policyChain(organisation, policy);
      const known = [...new Set([...policy.voters.people, ...of.also])];
      await tx
        .insertInto('requests')
        .values({
          id,
          kind: 'cost',
          title,
          reason,
          requester,
          incident: null,
          plan: JSON.stringify(plan),
          digest,
          policy: JSON.stringify({ ...first, voters: { ...policy.voters, people: known } }),
          later: JSON.stringify(later),
          eligible: JSON.stringify([]),
          state: 'voting',
          created_at: now.toString(),
          deadline: now.toString(),
          channel: of.channel,
          endpoint: plan.endpoint || null,
        })
        .execute();
      const row = await needed(tx, id);
      await audit.append(tx, {
        actor: requester,
        action: 'approvals.opened',
        objects: objectsOf(row),
        why: reason,
        detail: { title, digest, policy: policy.id },
      });
      await voting.openVote(tx, row);
      return id;
    },

    /** The requester takes it back before it is decided. */
    async withdraw(tx: Tx, id: string, who: string): Promise<void> {
      const row = await needed(tx, id);
      if (!['draft', 'evidence', 'voting'].includes(row.state))
        throw new Refused(`${id} is ${stateWord(row)} already.`);
      if (row.requester !== who && row.state !== 'draft')
        throw new Refused(
          `Only ${people.nameOf(row.requester)}, who asked, can withdraw ${id}.`,
          'Vote against it instead.',
        );
      const reason = row.state === 'draft' ? 'The draft was dropped.' : 'Withdrawn by the person who asked.';
      await voting.finish(tx, row, { state: 'withdrawn', at: clock.now(), by: 'requester', reason });
    },

    /** The change of a request has ended. */
    async finished(tx: Tx, id: string, outcome: 'succeeded' | 'failed', note?: string): Promise<void> {
      const state = outcome === 'succeeded' ? 'done' : 'failed';
      const row = await rows.lockRequest(tx, id);
      if (row?.state !== 'executing') return;
      // What is carried out elsewhere leaves its outcome here; the fleet keeps its own.
      const decision = note === undefined ? {} : { decision: JSON.stringify({ ...row.decision, note }) };
      await tx
        .updateTable('requests')
        .set({ state, ...decision })
        .where('id', '=', id)
        .execute();
      await outbox.refresh(tx, cardOf(id));
    },

    /** Something was said about a request: kept on record and repeated in the thread under its card. */
    async comment(tx: Tx, id: string, { by, text }: { by: string; text: string }): Promise<void> {
      const row = await needed(tx, id);
      const at = clock.now();
      await outbox.say(tx, {
        key: `comment:${id}:${by}:${at.epochMilliseconds}:${digestOf(text).slice(0, 12)}`,
        kind: 'approvals.comment',
        ids: { request: id, by, text },
        conversation: row.channel,
        under: cardOf(id),
        priority: 4,
      });
    },

    find: (db: Db | Tx, id: string) => db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst(),
    ofIncident: (db: Db | Tx, incident: string) =>
      db
        .selectFrom('requests')
        .selectAll()
        .where('incident', '=', incident)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst(),
    list: rows.listRequests,
    /** Requests about these endpoints, the newest first. */
    about: (db: Db | Tx, endpoints: readonly string[], most: number): Promise<RequestRow[]> =>
      endpoints.length === 0
        ? Promise.resolve([])
        : db
            .selectFrom('requests')
            .selectAll()
            .where('endpoint', 'in', [...endpoints])
            .where('state', '<>', 'draft')
            .orderBy('created_at', 'desc')
            .limit(most)
            .execute(),
    ofPerson: (db: Db | Tx, person: string, most: number) => rows.requestsOf(db, person, clock.now().toString(), most),
  };
}

export type Requests = ReturnType<typeof requests>;
