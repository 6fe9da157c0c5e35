import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Tx } from '../store/store.ts';
import { dropConditions } from './conditions.store.ts';
import { type ApprovalsDeps, cardOf, hoursOf } from './requests.deps.ts';
import * as rows from './requests.store.ts';
import { DEADLINE, objectsOf, REMIND, type Reminder } from './vote-timers.ts';
import {
  eligibleFor,
  exclusionsOf,
  type Involved,
  leaversOf,
  remindersOf,
  votingEnds,
  withDelegates,
} from './voters.rules.ts';
import type { Decision, Delegation, Member } from './votes.rules.ts';

type RequestRow = rows.RequestRow;

/** Who votes in the place of one of these now: they are asked, too. */
const standInsFor = (
  delegations: readonly Delegation[],
  voters: readonly string[],
  out: ReadonlySet<string>,
  now: Temporal.Instant,
): string[] =>
  delegations
    .filter(
      ({ from, since }) => voters.includes(from) && !out.has(from) && since.epochMilliseconds <= now.epochMilliseconds,
    )
    .map(({ to }) => to);

/** How a vote begins, and who falls out of it while it is open. */
export function opening(deps: ApprovalsDeps, settle: (tx: Tx, row: RequestRow, by: string) => Promise<Decision>) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;

  /**
   * Opens the vote of the row's stage: the voters are those who may vote now. Called by whoever holds the row's lock;
   * a policy that nobody can meet is decided at once.
   */
  async function openVote(tx: Tx, row: RequestRow, involved?: Involved): Promise<void> {
    const members = await people.members();
    if (!members)
      throw new Refused('I cannot look up roles at the moment, so nobody could vote.', 'Try again in a minute.');
    const policy = row.policy as ApprovalPolicy;
    const now = clock.now();
    const hours = hoursOf(organisation, policy);
    const deadline = votingEnds(now, policy, hours);
    const eligible = eligibleFor(policy, organisation.boards, members);
    const delegations = await rows.delegationsSince(tx, now.toString());
    const window = { from: now, to: deadline };
    const own = row.excluded.filter(({ of }) => of !== 'stage');
    const excluded = involved
      ? exclusionsOf(involved, delegations, window, people.nameOf)
      : withDelegates(row.requester, own, { delegations, window, nameOf: people.nameOf });
    const opened = {
      state: 'voting' as const,
      eligible: JSON.stringify(eligible),
      excluded: JSON.stringify(excluded),
      voting_at: now.toString(),
      deadline: deadline.toString(),
    };
    await tx.updateTable('requests').set(opened).where('id', '=', row.id).execute();
    const voters = eligible.map(({ person }) => person);
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'approvals.vote-opened',
      objects: objectsOf(row),
      detail: {
        digest: row.digest,
        stage: row.stage,
        policy: policy.id,
        voters,
        excluded,
        deadline: deadline.toString(),
      },
    });
    await outbox.show(tx, { ...cardFor(row), conversation: row.channel });
    await jobs.enqueue(tx, DEADLINE, { request: row.id }, { at: deadline });
    for (const [index, at] of remindersOf(now, deadline, policy.reminders, hours).entries()) {
      const data: Reminder = { request: row.id, deadline: deadline.toString(), count: index + 1 };
      await jobs.enqueue(tx, REMIND, data, { at });
    }
    // A policy that nobody can meet any more must say so at once, not at the deadline.
    const fresh = await rows.lockRequest(tx, row.id);
    if (!fresh || (await settle(tx, fresh, 'wardroom')).state !== 'open') return;
    const out = new Set([row.requester, ...excluded.map(({ person }) => person)]);
    const standIns = policy.delegation === false ? [] : standInsFor(delegations, voters, out, now);
    await ask(tx, row, [...new Set([...voters, ...standIns])], out);
  }

  const cardFor = (row: RequestRow) => ({
    card: cardOf(row.id),
    kind: 'approvals.request',
    ids: { request: row.id },
    priority: 2,
  });

  async function ask(tx: Tx, row: RequestRow, voters: readonly string[], out: ReadonlySet<string>): Promise<void> {
    // Everybody who may vote is asked where they are: a vote must not wait for somebody to read a channel. In a later
    // stage, and when it is voted on again, by a new message: an edit of what they answered before would notify nobody.
    const anew = row.stage > 1 ? { as: `stage:${row.stage}` } : {};
    for (const person of voters) {
      if (out.has(person)) continue;
      const ids = { request: row.id, person };
      await outbox.show(tx, { ...cardFor(row), ...anew, ids, conversation: `person:${person}` });
    }
  }

  /**
   * Whoever lost every right to vote since the opening cannot vote any more, and what they voted does not count.
   * While roles cannot be looked up nobody is taken off: every vote was checked when it was cast.
   */
  async function noteLeavers(tx: Tx, row: RequestRow): Promise<RequestRow> {
    const members = await people.members();
    if (!members) return row;
    const out = new Set(row.excluded.map(({ person }) => person));
    const policy = row.policy as ApprovalPolicy;
    const left = leaversOf(policy, organisation.boards, row.eligible as Member[], members).filter(
      ({ person }) => !out.has(person),
    );
    if (left.length === 0) return row;
    const excluded = [...row.excluded, ...left];
    await tx
      .updateTable('requests')
      .set({ excluded: JSON.stringify(excluded) })
      .where('id', '=', row.id)
      .execute();
    await dropConditions(
      tx,
      row.id,
      left.map(({ person }) => person),
    );
    await audit.append(
      tx,
      ...left.map(({ person }) => ({
        actor: 'wardroom',
        action: 'approvals.voter-left',
        objects: [row.id],
        why: `${people.nameOf(person)} no longer holds a role that may vote on it.`,
        detail: { person },
      })),
    );
    return { ...row, excluded };
  }

  return { openVote, noteLeavers };
}
