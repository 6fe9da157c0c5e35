import { Temporal } from 'temporal-polyfill';
import { deadlineOf, decide as decideVote, eligibleFor, type Member, stillMay, whyNot } from '../approvals/index.ts';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { ApprovalPolicy, Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Roster } from '../core/roster.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Conflict, Planned, Quota } from './conflicts.rules.ts';
import { type ChangeBody, isOver, type Move, may, OPEN_STATES, STATE_WORDS, standardOf } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import { checkAsked } from './planned-asked.rules.ts';
import { plannedLook } from './planned-look.ts';
import type { CalendarStore } from './windows.ts';

export type { PlannedRow } from './planned.store.ts';
export const plannedCardOf = (change: string): string => `planned:${change}`;
export const TIMER = 'windows-change';
export const QUEUE = 'windows-queue';

export interface PlannedDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  people: Roster;
}

export interface NewPlanned {
  class: rows.PlannedRow['class'];
  title: string;
  targets: readonly string[];
  body: ChangeBody;
  checks: readonly string[];
  requester: string;
  assignee: string;
  start: Temporal.Instant;
  minutes: number;
  /** Free cores where it runs, asked before the transaction. */
  quota?: Quota;
}

/** Requested changes: asked for, checked for conflicts at every edit, voted on by the board. */
export function plannedChanges(deps: PlannedDeps, store: CalendarStore) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;
  const board = `channel:${organisation.changes.channel ?? organisation.fallbackChannel}`;

  const { asPlanned, conflicts, verdict, suggestions } = plannedLook(deps, store);

  function policyFor(kind: rows.PlannedRow['class']): ApprovalPolicy | undefined {
    if (kind === 'standard') return undefined;
    const wanted = kind === 'emergency' ? organisation.changes.emergency : organisation.changes.normal;
    const policy = organisation.approvalPolicies.find(({ id }) => id === wanted) ?? organisation.approvalPolicies[0];
    if (!policy)
      throw new Refused('wardroom.yaml has no approval policy, so nobody could decide.', 'Ask an administrator.');
    return policy;
  }

  const ballotOf = async (at: Db | Tx, row: rows.PlannedRow) => ({
    policy: row.policy as ApprovalPolicy,
    openedAt: Temporal.Instant.from(row.created_at),
    members: row.eligible as Member[],
    requester: row.requester,
    excluded:
      row.assignee === row.requester
        ? []
        : [{ person: row.assignee, why: 'You carry this change out, so you cannot vote on it.' }],
    revision: String(row.revision),
    ...(row.deadline ? { deadline: Temporal.Instant.from(row.deadline) } : {}),
    nameOf: people.nameOf,
    votes: (await rows.votesOf(at, row.id)).map((vote) => ({
      voter: vote.voter,
      choice: vote.choice,
      reason: vote.reason ?? undefined,
      at: Temporal.Instant.from(vote.at),
      seq: Number(vote.id),
      revision: String(vote.revision),
    })),
  });

  async function shown(tx: Tx, id: string): Promise<void> {
    await outbox.refresh(tx, plannedCardOf(id));
  }

  async function timers(
    tx: Tx,
    row: Pick<rows.PlannedRow, 'id' | 'revision' | 'starts_at' | 'ends_at' | 'deadline'>,
  ): Promise<void> {
    const start = Temporal.Instant.from(row.starts_at);
    const remind = start.subtract({ minutes: organisation.changes.remind });
    const at = (kind: string, when: Temporal.Instant) =>
      jobs.enqueue(tx, TIMER, { change: row.id, revision: row.revision, kind }, { at: when });
    if (Temporal.Instant.compare(remind, clock.now()) > 0) await at('remind', remind);
    await at('due', start);
    await at('end', Temporal.Instant.from(row.ends_at));
    if (row.deadline) await at('deadline', Temporal.Instant.from(row.deadline));
  }

  /** Asks the votes so far, and writes down what they decide. The one place where a vote changes a change. */
  async function settle(tx: Tx, id: string): Promise<ReturnType<typeof decideVote> | undefined> {
    const row = await rows.lockPlanned(tx, id);
    if (row?.state !== 'voting' || !row.policy) return undefined;
    const decision = decideVote(clock.now(), await ballotOf(tx, row));
    if (decision.state === 'open') return decision;
    const over = decision.state !== 'approved';
    const at = clock.now().toString();
    await tx
      .updateTable('planned_changes')
      .set({
        state: decision.state,
        decided_at: at,
        note: decision.reason,
        ...(over ? { finished_at: at } : { approved_revision: row.revision }),
      })
      .where('id', '=', id)
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: `windows.change.${decision.state}`,
      objects: [id, ...row.targets],
      why: decision.reason,
    });
    await shown(tx, id);
    return decision;
  }

  /** Others whose conflicts are other ones now: they are told, and an approval that did not know of them is withdrawn. */
  async function lookAgain(tx: Tx, because: string): Promise<void> {
    for (const row of await rows.openPlanned(tx)) {
      if (row.id === because || row.state === 'running' || row.state === 'held') continue;
      const found = await conflicts(tx, asPlanned(row), { class: row.class, body: row.body as ChangeBody });
      const known = (row.conflicts as Conflict[]).filter(({ code }) => code !== 'insufficient_quota');
      const key = (list: readonly Conflict[]) =>
        list.map(({ code, target, with: other }) => `${code}/${target}/${other ?? ''}`).sort();
      if (JSON.stringify(key(found)) === JSON.stringify(key(known))) continue;
      const fresh = key(found).some((each) => !key(known).includes(each));
      const stale = fresh && row.approved_revision !== null && row.policy !== null;
      await tx
        .updateTable('planned_changes')
        .set({ conflicts: JSON.stringify(found), ...(stale ? reopened(row) : {}) })
        .where('id', '=', row.id)
        .execute();
      if (stale) {
        const why = `${because} is in its way now, which nobody knew who approved it.`;
        await audit.append(tx, {
          actor: 'wardroom',
          action: 'windows.change.approval-withdrawn',
          objects: [row.id, because],
          why,
        });
        const next = await rows.findPlanned(tx, row.id);
        if (next) await timers(tx, next);
      }
      await shown(tx, row.id);
    }
  }

  /** Votes count for one revision; another one is voted on anew, with a deadline of its own. */
  const reopened = (row: rows.PlannedRow) => ({
    state: 'voting' as const,
    revision: row.revision + 1,
    approved_revision: null,
    decided_at: null,
    deadline: deadlineOf({ openedAt: clock.now(), policy: row.policy as ApprovalPolicy }).toString(),
  });

  return {
    conflicts,
    verdict,
    settle,
    lookAgain,
    timers,
    board,
    asPlanned,

    /** Asks for a change; its id, what is in the way, and when it could run instead. */
    async request(tx: Tx, change: NewPlanned): Promise<string> {
      checkAsked(organisation, clock.now(), change);
      const standard = standardOf(organisation, change.body.standard, change.targets);
      if (change.class === 'standard' && !standard) {
        const known = organisation.changes.standard.map(({ id }) => id).join(', ') || 'none';
        throw new Refused(
          'This is not one of the agreed standard changes for all of these.',
          `They are: ${known}. Otherwise ask for a normal change.`,
          'not-standard',
        );
      }
      const members = await people.members();
      if (!members)
        throw new Refused('I cannot look up roles at the moment, so nobody could vote.', 'Try again in a minute.');
      const policy = policyFor(change.class);
      const id = await nextNumber(tx, 'RFC');
      const now = clock.now();
      const starts = change.start;
      const ends = starts.add({ minutes: change.minutes });
      const planned: Planned = {
        id,
        targets: change.targets,
        assignee: change.assignee,
        start: starts.epochMilliseconds,
        end: ends.epochMilliseconds,
      };
      const found = await conflicts(tx, planned, { class: change.class, body: change.body, quota: change.quota });
      const deadline = policy ? deadlineOf({ openedAt: now, policy }) : undefined;
      const row = {
        id,
        class: change.class,
        state: policy ? ('voting' as const) : ('approved' as const),
        title: change.title,
        targets: JSON.stringify(change.targets),
        body: JSON.stringify(change.body),
        requester: change.requester,
        assignee: change.assignee,
        starts_at: starts.toString(),
        ends_at: ends.toString(),
        need_minutes: change.minutes,
        revision: 1,
        approved_revision: policy ? null : 1,
        policy: policy ? JSON.stringify(policy) : null,
        eligible: JSON.stringify(policy ? eligibleFor(policy, organisation.boards, members) : []),
        deadline: deadline?.toString() ?? null,
        conflicts: JSON.stringify(found),
        checklist: JSON.stringify(change.checks.map((text) => ({ text }))),
        channel: board,
        created_at: now.toString(),
        decided_at: policy ? null : now.toString(),
        note: policy ? null : `Passes by policy: ${standard?.name ?? 'standard change'}.`,
      };
      await tx.insertInto('planned_changes').values(row).execute();
      await audit.append(tx, {
        actor: change.requester,
        action: 'windows.change.requested',
        objects: [id, ...change.targets],
        why: change.title,
        detail: {
          class: change.class,
          start: starts.toString(),
          minutes: change.minutes,
          conflicts: found.map(({ code }) => code),
        },
      });
      await timers(tx, { id, revision: 1, starts_at: row.starts_at, ends_at: row.ends_at, deadline: row.deadline });
      await outbox.show(tx, {
        card: plannedCardOf(id),
        kind: 'windows.change',
        ids: { change: id },
        conversation: board,
      });
      await lookAgain(tx, id);
      return id;
    },

    /** Another time, plan or target. `revision` is the one that was looked at: two people cannot overwrite each other. */
    async edit(
      tx: Tx,
      id: string,
      revision: number,
      by: string,
      set: Partial<Pick<NewPlanned, 'title' | 'targets' | 'body' | 'checks' | 'start' | 'minutes' | 'assignee'>>,
    ): Promise<void> {
      const row = await needed(tx, id, 'edit');
      if (row.revision !== revision)
        throw new Refused(
          `${id} was changed meanwhile; this was revision ${revision}, it is ${row.revision} now.`,
          `Say “change ${id}” and edit that.`,
          'edited-meanwhile',
        );
      const start = set.start ?? Temporal.Instant.from(row.starts_at);
      const minutes = set.minutes ?? row.need_minutes;
      const targets = set.targets ?? row.targets;
      checkAsked(organisation, clock.now(), { start, targets });
      const body = set.body ?? (row.body as ChangeBody);
      const assignee = set.assignee ?? row.assignee;
      const ends = start.add({ minutes });
      const found = await conflicts(
        tx,
        { id, targets, assignee, start: start.epochMilliseconds, end: ends.epochMilliseconds },
        { class: row.class, body },
      );
      const voted = row.policy
        ? reopened(row)
        : { revision: row.revision + 1, approved_revision: row.revision + 1, state: 'approved' as const };
      await tx
        .updateTable('planned_changes')
        .set({
          ...voted,
          ...(set.title ? { title: set.title } : {}),
          targets: JSON.stringify(targets),
          body: JSON.stringify(body),
          ...(set.checks ? { checklist: JSON.stringify(set.checks.map((text) => ({ text }))) } : {}),
          assignee,
          starts_at: start.toString(),
          ends_at: ends.toString(),
          need_minutes: minutes,
          conflicts: JSON.stringify(found),
        })
        .where('id', '=', id)
        .execute();
      await audit.append(tx, {
        actor: by,
        action: 'windows.change.edited',
        objects: [id, ...targets],
        detail: { revision: row.revision + 1, start: start.toString(), minutes },
      });
      const next = await rows.findPlanned(tx, id);
      if (next) await timers(tx, next);
      await shown(tx, id);
      await lookAgain(tx, id);
    },

    async vote(
      tx: Tx,
      id: string,
      vote: { voter: string; choice: 'approve' | 'reject' | 'abstain'; reason?: string | undefined; turn: string },
    ): Promise<void> {
      await settle(tx, id);
      const row = await rows.lockPlanned(tx, id);
      if (!row) throw new Refused(`There is no change ${id}.`, 'Say “changes” for the list.');
      if (row.state !== 'voting' || !row.policy)
        throw new Refused(`${id} is ${STATE_WORDS[row.state]}.`, '', 'finished');
      const ballot = await ballotOf(tx, row);
      const now = clock.now();
      const refused = whyNot(now, ballot, vote);
      if (refused) throw new Refused(refused, '', 'no-vote');
      const then = ballot.members.find(({ person }) => person === vote.voter);
      const member = (await people.members())?.find((person) => person.id === vote.voter);
      if (!then || !member?.active || !stillMay(row.policy as ApprovalPolicy, organisation.boards, then, member))
        throw new Refused(
          'You no longer hold a role that may vote on this.',
          'Ask an administrator if that is a mistake.',
        );
      const { voter, choice, reason, turn } = vote;
      await tx
        .insertInto('planned_votes')
        .values({ change: id, revision: row.revision, voter, choice, reason: reason ?? null, at: now.toString(), turn })
        .execute();
      await settle(tx, id);
      await shown(tx, id);
    },

    async withdraw(tx: Tx, id: string, by: string): Promise<void> {
      const row = await needed(tx, id, 'withdraw');
      if (row.requester !== by)
        throw new Refused(`Only ${people.nameOf(row.requester)}, who asked, can withdraw ${id}.`);
      const at = clock.now().toString();
      await tx
        .updateTable('planned_changes')
        .set({ state: 'withdrawn', finished_at: at, decided_at: at })
        .where('id', '=', id)
        .execute();
      await shown(tx, id);
      await lookAgain(tx, id);
    },

    needed,
    find: (at: Db | Tx, id: string) => rows.findPlanned(at, id),
    open: (at: Db | Tx) => rows.openPlanned(at),
    decided: rows.decidedSince,
    finished: rows.finishedSince,
    votes: rows.votesOf,
    suggestions,
    /** How the votes stand. */
    standing: async (at: Db | Tx, row: rows.PlannedRow) =>
      row.policy ? decideVote(clock.now(), await ballotOf(at, row)) : undefined,
  };

  async function needed(tx: Tx, id: string, move: Move): Promise<rows.PlannedRow> {
    const row = await rows.lockPlanned(tx, id);
    if (!row) throw new Refused(`There is no change ${id}.`, 'Say “changes” for the list.');
    if (may(row.state, move)) return row;
    const why = isOver(row.state) ? `${id} is over: ${STATE_WORDS[row.state]}.` : `${id} is ${STATE_WORDS[row.state]}.`;
    throw new Refused(
      why,
      OPEN_STATES.includes(row.state) ? `Say “change ${id}” to see what can be done.` : '',
      'wrong-state',
    );
  }
}

export type PlannedChanges = ReturnType<typeof plannedChanges>;
