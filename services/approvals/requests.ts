import { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import { digestOf } from '../core/canonical.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { ApprovalPolicy, Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Member as Person, Roster } from '../core/roster.ts';
import type { TrafficPlan } from '../fleet/index.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import { type ApprovedChange, type MovePlan, readPlan } from './plan.ts';
import * as rows from './requests.store.ts';
import { type Ballot, type Choice, type Decision, deadlineOf, decide, type Member, whyNot } from './votes.rules.ts';

export type RequestRow = rows.RequestRow;
export const DEADLINE = 'approvals-deadline';
export const cardOf = (request: string): string => `request:${request}`;

export interface ApprovalsDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  people: Roster;
  /** Carries out what was approved, in the transaction of the deciding vote; nothing when somebody has to start it. */
  startChange: (tx: Tx, change: ApprovedChange) => Promise<string | undefined>;
  /** An incident's card shows its request. */
  refreshIncident: (tx: Tx, incident: string) => Promise<void>;
}

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

/** Requests for approval: opened, voted on, decided, carried out. */
export function requests(deps: ApprovalsDeps) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;

  jobs.handle(DEADLINE, async (tx, batch) => {
    for (const timer of batch) await settle(tx, (timer as { request: string }).request, 'wardroom');
  });

  /** Applies the decision of the votes so far, if there is one; the one place where a request changes its state. */
  async function settle(tx: Tx, id: string, by: string): Promise<Decision | undefined> {
    const row = await rows.lockRequest(tx, id);
    if (row?.state !== 'voting') return undefined;
    const now = clock.now();
    const decision = decide(now, await ballotOf(tx, row));
    if (decision.state === 'open') return decision;
    const decided = {
      decided_at: (decision.at ?? now).toString(),
      decision: JSON.stringify({ by: decision.by, reason: decision.reason, tally: tallyWords(decision) }),
    };
    const plan = readPlan(row.plan);
    const objects = [id, ...(row.incident ? [row.incident] : []), plan.endpoint];
    await audit.append(tx, {
      actor: 'wardroom',
      action: `approvals.${decision.state}`,
      objects,
      why: decision.reason,
      detail: { by: decision.by, last: by, digest: row.digest },
    });
    if (decision.state === 'approved') {
      // Votes count for what they were cast on: a plan that is not the voted one is not carried out.
      if (digestOf(row.plan) !== row.digest) throw new Error(`${id}: the stored plan does not match its digest`);
      const change = await deps.startChange(tx, {
        endpoint: plan.endpoint,
        plan,
        request: id,
        ...(row.incident ? { incident: row.incident } : {}),
      });
      await tx
        .updateTable('requests')
        .set({ ...decided, ...(change ? { state: 'executing' as const, change } : { state: 'approved' as const }) })
        .where('id', '=', id)
        .execute();
    } else {
      await tx
        .updateTable('requests')
        .set({ ...decided, state: decision.state })
        .where('id', '=', id)
        .execute();
    }
    await shown(tx, row);
    return decision;
  }

  async function shown(tx: Tx, row: RequestRow): Promise<void> {
    await outbox.refresh(tx, cardOf(row.id));
    if (row.incident) await deps.refreshIncident(tx, row.incident);
  }

  return {
    settle,

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
      const members = await people.members();
      if (!members)
        throw new Refused('I cannot look up roles at the moment, so nobody could vote.', 'Try again in a minute.');
      const eligible = eligibleFor(policy, members);
      const id = await nextNumber(tx, 'REQ');
      const now = clock.now();
      const plan: MovePlan = { kind: 'traffic', endpoint: proposal.endpoint, ...proposal.plan };
      const deadline = deadlineOf({ openedAt: now, policy });
      const channel = channelOf(organisation, endpoint.owner);
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
          policy: JSON.stringify(policy),
          eligible: JSON.stringify(eligible),
          state: 'voting',
          created_at: now.toString(),
          deadline: deadline.toString(),
          channel,
        })
        .execute();
      await audit.append(tx, {
        actor: proposal.requester,
        action: 'approvals.opened',
        objects: [id, proposal.endpoint, ...(proposal.incident ? [proposal.incident] : [])],
        why: proposal.reason,
        detail: {
          title: proposal.title,
          digest: digestOf(plan),
          policy: policy.id,
          voters: eligible.map(({ person }) => person),
        },
      });
      const live = { card: cardOf(id), kind: 'approvals.request', ids: { request: id }, priority: 2 };
      await outbox.show(tx, { ...live, conversation: channel });
      // Everybody who may vote is asked where they are: a vote must not wait for somebody to read a channel.
      for (const { person } of eligible) {
        if (person === proposal.requester) continue;
        await outbox.show(tx, { ...live, ids: { request: id, person }, conversation: `person:${person}` });
      }
      await jobs.enqueue(tx, DEADLINE, { request: id }, { at: deadline });
      if (proposal.incident) await deps.refreshIncident(tx, proposal.incident);
      // A policy that nobody can meet any more must say so at once, not at the deadline.
      await settle(tx, id, 'wardroom');
      return id;
    },

    /** Casts or changes a vote; the vote that completes the conditions starts the change. */
    async vote(
      tx: Tx,
      id: string,
      vote: { voter: string; choice: Choice; reason?: string | undefined; turn: string },
    ): Promise<Decision> {
      const row = await rows.lockRequest(tx, id);
      if (!row) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
      const ballot = await ballotOf(tx, row);
      const now = clock.now();
      const refused = row.state === 'voting' ? whyNot(now, ballot, vote) : `${id} is ${stateWord(row)} already.`;
      if (refused) throw new Refused(refused, askOthers(ballot, vote.voter, row.state, people), 'no-vote');
      const member = (await people.members())?.find((person) => person.id === vote.voter);
      if (!member?.active || !stillHolds(ballot, vote.voter, member)) {
        throw new Refused(
          'You no longer hold a role that may vote on this.',
          'Ask an administrator if that is a mistake.',
        );
      }
      await tx
        .insertInto('votes')
        .values({
          request: id,
          voter: vote.voter,
          choice: vote.choice,
          reason: vote.reason ?? null,
          at: now.toString(),
          turn: vote.turn,
        })
        .execute();
      const decision = await settle(tx, id, vote.voter);
      await shown(tx, row);
      return decision ?? decide(now, await ballotOf(tx, row));
    },

    /** The requester takes it back while people still vote. */
    async withdraw(tx: Tx, id: string, who: string): Promise<void> {
      const row = await rows.lockRequest(tx, id);
      if (!row) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.');
      if (row.state !== 'voting') throw new Refused(`${id} is ${stateWord(row)} already.`);
      if (row.requester !== who)
        throw new Refused(
          `Only ${people.nameOf(row.requester)}, who asked, can withdraw ${id}.`,
          'Vote against it instead.',
        );
      const decision = JSON.stringify({ by: 'requester', reason: 'Withdrawn by the person who asked.' });
      await tx
        .updateTable('requests')
        .set({ state: 'withdrawn', decided_at: clock.now().toString(), decision })
        .where('id', '=', id)
        .execute();
      await shown(tx, row);
    },

    /** The change of a request has ended. */
    async finished(tx: Tx, id: string, outcome: 'succeeded' | 'failed'): Promise<void> {
      const state = outcome === 'succeeded' ? 'done' : 'failed';
      await tx.updateTable('requests').set({ state }).where('id', '=', id).where('state', '=', 'executing').execute();
      await outbox.refresh(tx, cardOf(id));
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
    /** How the votes stand now, for the card. */
    async standing(db: Db | Tx, row: RequestRow): Promise<{ ballot: Ballot; decision: Decision }> {
      const ballot = await ballotOf(db, row);
      return { ballot, decision: decide(clock.now(), ballot) };
    },
  };
}

/** Where the owners of an endpoint talk. */
export function channelOf(organisation: Organisation, owner: string): string {
  const team = organisation.teams.find(({ id }) => id === owner);
  return `channel:${team?.channel ?? organisation.fallbackChannel}`;
}

async function ballotOf(db: Db | Tx, row: RequestRow): Promise<Ballot> {
  const votes = await db.selectFrom('votes').selectAll().where('request', '=', row.id).orderBy('id').execute();
  return {
    policy: row.policy as ApprovalPolicy,
    openedAt: Temporal.Instant.from(row.created_at),
    members: row.eligible as Member[],
    requester: row.requester,
    excluded: [],
    votes: votes.map((vote) => ({
      voter: vote.voter,
      choice: vote.choice,
      reason: vote.reason ?? undefined,
      at: Temporal.Instant.from(vote.at),
      seq: Number(vote.id),
    })),
  };
}

/** Named people and holders of the policy's roles, each once, with the roles they hold now. */
const eligibleFor = (policy: ApprovalPolicy, members: readonly Person[]): Member[] =>
  members
    .filter(
      ({ active, id, roles }) =>
        active && (policy.voters.people.includes(id) || policy.voters.roles.some((role) => roles.includes(role))),
    )
    .map(({ id, roles }) => ({ person: id, roles }));

/** Somebody who lost every role that made them a voter cannot vote, although they were on the list at the opening. */
const stillHolds = (ballot: Ballot, voter: string, now: Person): boolean => {
  const then = ballot.members.find(({ person }) => person === voter);
  const policy = ballot.policy as ApprovalPolicy;
  return (
    policy.voters.people.includes(voter) ||
    (then?.roles.some(
      (role) => policy.voters.roles.some((wanted) => wanted === role) && now.roles.some((own) => own === role),
    ) ??
      false)
  );
};

const STATE_WORDS: Record<RequestRow['state'], string> = {
  voting: 'open',
  approved: 'approved',
  rejected: 'rejected',
  expired: 'expired',
  withdrawn: 'withdrawn',
  executing: 'approved and under way',
  done: 'approved and done',
  failed: 'approved, but its change failed',
};
/** An emergency was never approved, so its words do not say so. */
export const stateWord = ({ state, kind }: Pick<RequestRow, 'state' | 'kind'>): string =>
  kind === 'emergency' ? STATE_WORDS[state].replace(/^approved(,? and|, but) /, '') : STATE_WORDS[state];

const tallyWords = ({ tally }: Decision) => ({
  approvals: tally.approvals,
  rejections: tally.rejections,
  abstentions: tally.abstentions,
});

function askOthers(ballot: Ballot, voter: string, state: RequestRow['state'], people: Roster): string {
  if (state !== 'voting') return '';
  const voted = new Set(ballot.votes.map((vote) => vote.voter));
  const others = ballot.members
    .map(({ person }) => person)
    .filter((id) => id !== voter && id !== ballot.requester && !voted.has(id));
  return others.length > 0
    ? `Ask ${others
        .slice(0, 3)
        .map((id) => people.nameOf(id))
        .join(' or ')}.`
    : '';
}

export type Requests = ReturnType<typeof requests>;
