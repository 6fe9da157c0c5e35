import { Temporal } from 'temporal-polyfill';
import {
  delegationsSince,
  eligibleFor,
  hoursOf,
  leaversOf,
  type Member,
  remindersOf,
  votingEnds,
} from '../approvals/index.ts';
import { Refused } from '../core/errors.ts';
import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import type { IntakeDeps } from './deps.ts';
import {
  castAt,
  decidePilot,
  type PilotBallot,
  type PilotChoice,
  type PilotDecision,
  whyNotPilot,
} from './pilot-vote.rules.ts';
import * as rows from './pilot-votes.store.ts';
import { lock as lockUseCase } from './use-cases.store.ts';

/** As many as are read; it is said how many more there are. */
const MOST_NAMED = 5;
export const PILOT_VOTE = 'intake-pilot-vote';
export const pilotCardOf = (useCase: string): string => `pilot:${useCase}`;

/** A timer of a ballot: somebody is reminded, or its time is over. */
export interface VoteTimer {
  ballot: number;
  /** 1, 2, …; without it the ballot ends. */
  reminder?: number;
}

export interface BallotView {
  row: rows.BallotRow;
  decision: PilotDecision;
  secret: boolean;
}

/**
 * The vote on what follows from a pilot: voters, quorum and required roles come from a policy of wardroom.yaml, and the
 * rules of voting are those of approvals. It is opened by the first vote, or by the pilot's deadline.
 */
export function pilotVotes(
  deps: IntakeDeps,
  decided: (tx: Tx, useCase: string, decision: PilotDecision) => Promise<void>,
) {
  const { clock, jobs, outbox, audit, people } = deps;

  function policyOf(): ApprovalPolicy {
    const { organisation } = deps;
    const { approvalPolicies: all } = organisation;
    const policy = all.find(({ id }) => id === organisation.intake.pilotVote) ?? all[0];
    if (policy) return policy;
    throw new Refused(
      'wardroom.yaml has no approval policy, so nobody could decide.',
      'Ask an administrator to name one under intake.pilotVote.',
    );
  }

  async function ballotOf(db: Db | Tx, row: rows.BallotRow): Promise<PilotBallot> {
    const policy = row.policy as ApprovalPolicy;
    return {
      policy,
      openedAt: Temporal.Instant.from(row.opened_at),
      deadline: Temporal.Instant.from(row.deadline),
      members: row.eligible as Member[],
      // Nobody asked for it: the pilot was agreed, and its end asks everybody.
      requester: 'wardroom',
      excluded: row.excluded,
      votes: await rows.votesOf(db, row.id),
      delegations: policy.delegation === false ? [] : await delegationsSince(db, row.opened_at),
      nameOf: people.nameOf,
    };
  }

  async function members() {
    const found = await people.members();
    if (found) return found;
    throw new Refused('I cannot look up who may vote at the moment, so I take no vote.', 'Try again in a minute.');
  }

  /** Whoever lost every right to vote since the opening cannot vote any more, and what they voted does not count. */
  async function withoutLeavers(tx: Tx, row: rows.BallotRow): Promise<rows.BallotRow> {
    const found = await people.members();
    if (!found) return row;
    const out = new Set(row.excluded.map(({ person }) => person));
    const policy = row.policy as ApprovalPolicy;
    const left = leaversOf(policy, deps.organisation.boards, row.eligible as Member[], found).filter(
      ({ person }) => !out.has(person),
    );
    if (left.length === 0) return row;
    const excluded = [...row.excluded, ...left];
    await tx
      .updateTable('pilot_ballots')
      .set({ excluded: JSON.stringify(excluded) })
      .where('id', '=', row.id)
      .execute();
    return { ...row, excluded };
  }

  /** Writes down what the votes decide, if they do. The row is locked. */
  async function settle(tx: Tx, row: rows.BallotRow): Promise<PilotDecision> {
    const ballot = await ballotOf(tx, row);
    const now = castAt(clock.now(), ballot);
    const decision = decidePilot(now, ballot);
    if (decision.state !== 'open') {
      const { state, course, until, reason } = decision;
      const outcome = { course, until: until?.toString(), reason };
      await tx
        .updateTable('pilot_ballots')
        .set({ state, decided_at: now.toString(), outcome: JSON.stringify(outcome) })
        .where('id', '=', row.id)
        .execute();
      await audit.append(tx, {
        actor: 'wardroom',
        action: `intake.pilot-${state}`,
        objects: [row.use_case],
        why: reason,
        detail: { ballot: row.id, ...(course ? { course } : {}) },
      });
      await decided(tx, row.use_case, decision);
    }
    await outbox.refresh(tx, pilotCardOf(row.use_case));
    return decision;
  }

  async function open(tx: Tx, useCase: string, by: string): Promise<rows.BallotRow> {
    const last = await rows.lastBallot(tx, useCase);
    if (last?.state === 'open') {
      const locked = await rows.lockBallot(tx, last.id);
      if (locked) return withoutLeavers(tx, locked);
    }
    const policy = policyOf();
    const now = clock.now();
    const hours = hoursOf(deps.organisation, policy);
    const deadline = votingEnds(now, policy, hours);
    const eligible = eligibleFor(policy, deps.organisation.boards, await members());
    const row = await tx
      .insertInto('pilot_ballots')
      .values({
        use_case: useCase,
        state: 'open',
        policy: JSON.stringify(policy),
        eligible: JSON.stringify(eligible),
        excluded: JSON.stringify([]),
        opened_by: by,
        opened_at: now.toString(),
        deadline: deadline.toString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(tx, {
      actor: by,
      action: 'intake.pilot-vote-opened',
      objects: [useCase],
      detail: {
        ballot: row.id,
        policy: policy.id,
        voters: eligible.map(({ person }) => person),
        deadline: deadline.toString(),
      },
    });
    for (const { person } of eligible) {
      await outbox.show(tx, {
        card: pilotCardOf(useCase),
        kind: 'intake.pilot-vote',
        ids: { useCase, person },
        conversation: `person:${person}`,
        // A new message for each vote: an edit of an older one would tell nobody.
        as: `ballot-${row.id}`,
        priority: 3,
      });
    }
    await jobs.enqueue(tx, PILOT_VOTE, { ballot: row.id } satisfies VoteTimer, { at: deadline });
    for (const [index, at] of remindersOf(now, deadline, policy.reminders, hours).entries())
      await jobs.enqueue(tx, PILOT_VOTE, { ballot: row.id, reminder: index + 1 } satisfies VoteTimer, { at });
    return row;
  }

  return {
    /** The pilot is over: everybody who may is asked. A policy that nobody can meet says so at once. */
    async ask(tx: Tx, useCase: string, by: string): Promise<PilotDecision> {
      return settle(tx, await open(tx, useCase, by));
    },

    /** Casts or changes a vote; the first one opens the ballot. */
    async vote(
      tx: Tx,
      useCase: string,
      cast: { voter: string; choice: PilotChoice; reason: string; until?: Temporal.Instant | undefined },
    ): Promise<PilotDecision> {
      const { voter, choice, reason, until } = cast;
      const row = await open(tx, useCase, voter);
      const ballot = await ballotOf(tx, row);
      const at = castAt(clock.now(), ballot);
      const refused = whyNotPilot(at, ballot, cast);
      if (refused) {
        const others = (row.eligible as Member[]).filter(({ person }) => person !== voter);
        const names = others.slice(0, MOST_NAMED).map(({ person }) => people.nameOf(person));
        if (others.length > MOST_NAMED) names.push(`${others.length - MOST_NAMED} more`);
        throw new Refused(refused, names.length > 0 ? `Those who may vote are ${names.join(', ')}.` : '', 'no-vote');
      }
      await tx
        .insertInto('pilot_votes')
        .values({ ballot: row.id, voter, choice, reason, until: until?.toString() ?? null, at: at.toString() })
        .execute();
      return settle(tx, row);
    },

    async due(tx: Tx, timer: VoteTimer): Promise<void> {
      const known = await rows.findBallot(tx, timer.ballot);
      // In the order of a vote, which holds the use case first.
      if (known) await lockUseCase(tx, known.use_case);
      const locked = await rows.lockBallot(tx, timer.ballot);
      if (locked?.state !== 'open') return;
      const row = await withoutLeavers(tx, locked);
      const decision = await settle(tx, row);
      if (decision.state !== 'open' || timer.reminder === undefined) return;
      for (const person of decision.outstanding)
        await outbox.say(tx, {
          key: `pilot-vote:${row.id}:reminder:${timer.reminder}:${person}`,
          kind: 'intake.pilot-reminder',
          ids: { useCase: row.use_case, ballot: String(row.id) },
          conversation: `person:${person}`,
        });
    },

    /** The ballot that is open, or the last one, as it stands. */
    async of(db: Db | Tx, useCase: string): Promise<BallotView | undefined> {
      const row = await rows.lastBallot(db, useCase);
      if (!row) return undefined;
      const ballot = await ballotOf(db, row);
      const at = row.decided_at ? Temporal.Instant.from(row.decided_at) : castAt(clock.now(), ballot);
      const decision = decidePilot(at, ballot);
      return { row, decision, secret: (row.policy as ApprovalPolicy).secret === true && row.state === 'open' };
    },
  };
}

export type PilotVotes = ReturnType<typeof pilotVotes>;
