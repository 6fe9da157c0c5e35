import { Temporal } from 'temporal-polyfill';
import {
  type Ballot,
  decide,
  delegationsSince,
  eligibleFor,
  exclusionsOf,
  hoursOf,
  leaversOf,
  type Member,
  remindersOf,
  votingEnds,
  whyNot,
} from '../approvals/index.ts';
import { Refused } from '../core/errors.ts';
import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { STATE_WORDS } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import { type PlannedDeps, plannedCardOf } from './planned.ts';

const VOTE = 'windows-vote';

/**
 * Voting on a planned change, by the rules that approvals vote by: quorum, roles and vetoes of the policy, a deadline in
 * its working hours, nobody on their own change, delegations, and only votes for the change as it is now.
 */
export function plannedBallot(deps: PlannedDeps) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;

  jobs.handle(VOTE, async (tx, batch) => {
    for (const { change, revision, kind } of batch as { change: string; revision: number; kind: string }[]) {
      const row = await rows.findPlanned(tx, change);
      if (row?.revision !== revision || row.state !== 'voting') continue;
      if (kind === 'deadline') await settle(tx, change);
      else await remind(tx, row);
    }
  });

  function policyFor(kind: rows.PlannedRow['class']): ApprovalPolicy | undefined {
    if (kind === 'standard') return undefined;
    const wanted = kind === 'emergency' ? organisation.changes.emergency : organisation.changes.normal;
    const policy = organisation.approvalPolicies.find(({ id }) => id === wanted) ?? organisation.approvalPolicies[0];
    if (!policy)
      throw new Refused('wardroom.yaml has no approval policy, so nobody could decide.', 'Ask an administrator.');
    return policy;
  }

  const membersNow = async () => {
    const members = await people.members();
    if (!members)
      throw new Refused('I cannot look up roles at the moment, so nobody could vote.', 'Try again in a minute.');
    return members;
  };

  /** The columns of a vote that begins now: who may vote, and until when. */
  async function opened(policy: ApprovalPolicy) {
    const now = clock.now();
    return {
      voting_at: now.toString(),
      deadline: votingEnds(now, policy, hoursOf(organisation, policy)).toString(),
      eligible: JSON.stringify(eligibleFor(policy, organisation.boards, await membersNow())),
    };
  }

  /** Its timers, and everybody who may vote asked where they are: a vote must not wait for somebody to read a channel. */
  async function announce(tx: Tx, row: rows.PlannedRow): Promise<void> {
    if (!row.policy || !row.deadline) return;
    const policy = row.policy as ApprovalPolicy;
    const [from, end] = [openedAt(row), Temporal.Instant.from(row.deadline)];
    const { id: change, revision } = row;
    await jobs.enqueue(tx, VOTE, { change, revision, kind: 'deadline' }, { at: end });
    for (const at of remindersOf(from, end, policy.reminders, hoursOf(organisation, policy)))
      await jobs.enqueue(tx, VOTE, { change, revision, kind: 'remind' }, { at });
    for (const { person } of row.eligible as Member[]) {
      if (person === row.requester || person === row.assignee) continue;
      await outbox.show(tx, {
        card: plannedCardOf(change),
        kind: 'windows.change',
        ids: { change },
        conversation: `person:${person}`,
      });
    }
  }

  /** Only to those who have not voted; a message of its own, because an edit of the card notifies nobody. */
  async function remind(tx: Tx, row: rows.PlannedRow): Promise<void> {
    const { state, tally } = decide(clock.now(), await ballotOf(tx, row));
    if (state !== 'open') return;
    const now = clock.now().toString();
    for (const person of tally.outstanding)
      await outbox.say(tx, {
        key: `planned:${row.id}:vote:${row.revision}:${now}@${person}`,
        kind: 'windows.change-note',
        ids: { change: row.id, about: 'vote' },
        conversation: `person:${person}`,
      });
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'windows.change.voters-reminded',
      objects: [row.id],
      detail: { people: tally.outstanding },
    });
  }

  const openedAt = (row: rows.PlannedRow) => Temporal.Instant.from(row.voting_at ?? row.created_at);

  /** Who lost every right to vote since is as if they had not been there; nobody while roles cannot be looked up. */
  async function leavers(row: rows.PlannedRow): Promise<{ person: string; why: string }[]> {
    const members = await people.members();
    if (!members || row.state !== 'voting') return [];
    return leaversOf(row.policy as ApprovalPolicy, organisation.boards, row.eligible as Member[], members);
  }

  async function ballotOf(at: Db | Tx, row: rows.PlannedRow): Promise<Ballot> {
    const policy = row.policy as ApprovalPolicy;
    const from = openedAt(row);
    const to = row.deadline ? Temporal.Instant.from(row.deadline) : clock.now();
    const delegations = policy.delegation === false ? [] : await delegationsSince(at, from.toString());
    const assignee =
      row.assignee === row.requester
        ? []
        : [{ person: row.assignee, why: 'You carry this change out, so you cannot vote on it.' }];
    const { requester } = row;
    const through = exclusionsOf({ requester, authors: [], committers: [] }, delegations, { from, to }, people.nameOf);
    return {
      policy,
      openedAt: from,
      members: row.eligible as Member[],
      requester,
      excluded: [...(await leavers(row)), ...through, ...assignee],
      revision: String(row.revision),
      ...(row.deadline ? { deadline: to } : {}),
      delegations,
      nameOf: people.nameOf,
      votes: (await rows.votesOf(at, row.id)).map((vote) => ({
        voter: vote.voter,
        choice: vote.choice,
        reason: vote.reason ?? undefined,
        at: Temporal.Instant.from(vote.at),
        seq: Number(vote.id),
        revision: String(vote.revision),
      })),
    };
  }

  /** Asks the votes so far, and writes down what they decide. The one place where a vote changes a change. */
  async function settle(tx: Tx, id: string): Promise<void> {
    const row = await rows.lockPlanned(tx, id);
    if (row?.state !== 'voting' || !row.policy) return;
    const decision = decide(clock.now(), await ballotOf(tx, row));
    if (decision.state === 'open') return;
    const over = decision.state !== 'approved';
    const at = clock.now().toString();
    await rows.setPlanned(tx, id, {
      state: decision.state,
      decided_at: at,
      note: decision.reason,
      ...(over ? { finished_at: at } : { approved_revision: row.revision }),
    });
    await audit.append(tx, {
      actor: 'wardroom',
      action: `windows.change.${decision.state}`,
      objects: [id, ...row.targets],
      why: decision.reason,
    });
    await outbox.refresh(tx, plannedCardOf(id));
  }

  async function vote(
    tx: Tx,
    id: string,
    cast: { voter: string; choice: 'approve' | 'reject' | 'abstain'; reason?: string | undefined; turn: string },
  ): Promise<void> {
    await settle(tx, id);
    const row = await rows.lockPlanned(tx, id);
    if (!row) throw new Refused(`There is no change ${id}.`, 'Say “changes” for the list.');
    if (row.state !== 'voting' || !row.policy) throw new Refused(`${id} is ${STATE_WORDS[row.state]}.`, '', 'finished');
    const members = await membersNow();
    const ballot = await ballotOf(tx, row);
    const now = clock.now();
    const last = ballot.votes.at(-1)?.at;
    // Replicas whose clocks disagree must not reorder votes.
    const at = last && Temporal.Instant.compare(last, now) > 0 ? last : now;
    const refused = whyNot(at, ballot, cast);
    if (refused) throw new Refused(refused, '', 'no-vote');
    if (!members.some(({ id: person, active }) => person === cast.voter && active))
      throw new Refused('You are not active here any more.', 'Ask an administrator if that is a mistake.');
    const { voter, choice, reason, turn } = cast;
    await rows.insertVote(tx, {
      change: id,
      revision: row.revision,
      voter,
      choice,
      reason: reason ?? null,
      at: at.toString(),
      turn,
    });
    await settle(tx, id);
    await outbox.refresh(tx, plannedCardOf(id));
  }

  return {
    policyFor,
    opened,
    announce,
    settle,
    vote,
    /** How the votes stand. */
    standing: async (at: Db | Tx, row: rows.PlannedRow) =>
      row.policy ? decide(clock.now(), await ballotOf(at, row)) : undefined,
  };
}
