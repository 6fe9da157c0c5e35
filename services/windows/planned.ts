import { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Roster } from '../core/roster.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Conflict, Planned } from './conflicts.rules.ts';
import { overlaps } from './intervals.ts';
import type { Need } from './need.rules.ts';
import { type ChangeBody, isOver, type Move, may, OPEN_STATES, STATE_WORDS } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import { checkAsked, neededStandard } from './planned-asked.rules.ts';
import { plannedBallot } from './planned-ballot.ts';
import { plannedLook } from './planned-look.ts';
import { type Capacity, plannedNeed } from './planned-need.ts';
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
  /** Machines, their quota and their price, from Azure. */
  capacity: Capacity;
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
}

/** Requested changes: asked for, checked for conflicts at every edit, voted on by the board. */
export function plannedChanges(deps: PlannedDeps, store: CalendarStore) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;
  const board = `channel:${organisation.changes.channel ?? organisation.fallbackChannel}`;

  const look = plannedLook(deps, store);
  const { asPlanned, conflicts, verdict, suggestions } = look;
  const ballot = plannedBallot(deps);
  const need = plannedNeed(deps, quotaSeen);

  async function shown(tx: Tx, id: string): Promise<void> {
    await outbox.refresh(tx, plannedCardOf(id));
  }

  async function timers(
    tx: Tx,
    row: Pick<rows.PlannedRow, 'id' | 'revision' | 'starts_at' | 'ends_at'>,
  ): Promise<void> {
    const start = Temporal.Instant.from(row.starts_at);
    const remind = start.subtract({ minutes: organisation.changes.remind });
    const at = (kind: string, when: Temporal.Instant) =>
      jobs.enqueue(tx, TIMER, { change: row.id, revision: row.revision, kind }, { at: when });
    if (Temporal.Instant.compare(remind, clock.now()) > 0) await at('remind', remind);
    await at('due', start);
    await at('end', Temporal.Instant.from(row.ends_at));
  }

  const key = (list: readonly Conflict[]) =>
    list.map(({ code, target, with: other }) => `${code}/${target}/${other ?? ''}`).sort();

  /**
   * Another change can only matter to what runs beside it, to what it was in the way of, and to what lacked cores it may
   * have taken: with thousands of open changes nothing else is reckoned anew.
   */
  const concerned = (row: rows.PlannedRow, planned: Planned, because: string, changed: Planned | undefined): boolean =>
    (changed !== undefined && overlaps(planned, changed)) ||
    (row.conflicts as Conflict[]).some(({ code, with: other }) => other === because || code === 'insufficient_quota');

  /** Others whose conflicts are other ones now: they are told, and an approval that did not know of them is withdrawn. */
  async function lookAgain(tx: Tx, because: string): Promise<void> {
    const open = await look.around(tx);
    const changed = open.all.find(({ row }) => row.id === because)?.planned;
    for (const { row, planned } of open.all) {
      if (row.id === because || row.state === 'running' || row.state === 'held') continue;
      if (because.startsWith('RFC-') && !concerned(row, planned, because, changed)) continue;
      const { class: kind, body } = row;
      const found = await conflicts(
        tx,
        planned,
        { class: kind, body: body as ChangeBody, need: row.need as Need | null },
        open,
      );
      const known = row.conflicts as Conflict[];
      if (JSON.stringify(key(found)) === JSON.stringify(key(known))) continue;
      const fresh = key(found).some((each) => !key(known).includes(each));
      const stale = fresh && row.approved_revision !== null && row.policy !== null;
      await rows.setPlanned(tx, row.id, {
        conflicts: JSON.stringify(found),
        ...(stale ? await reopened(row, ballot.policyFor(kind)) : {}),
      });
      if (stale) {
        const why = `${because} is in its way now, which nobody knew who approved it.`;
        await audit.append(tx, {
          actor: 'wardroom',
          action: 'windows.change.approval-withdrawn',
          objects: [row.id, because],
          why,
        });
        await begun(tx, row.id);
      }
      await shown(tx, row.id);
    }
  }

  /** Votes count for one revision; another one is voted on anew, by whoever may vote then, with a deadline of its own. */
  const reopened = async (row: rows.PlannedRow, policy = ballot.policyFor(row.class)) => {
    const revision = row.revision + 1;
    return policy
      ? {
          state: 'voting' as const,
          revision,
          approved_revision: null,
          decided_at: null,
          policy: JSON.stringify(policy),
          ...(await ballot.opened(policy)),
        }
      : { state: 'approved' as const, revision, approved_revision: revision, policy: null, deadline: null };
  };

  /** A revision begins: its timers, its vote, and what Azure says about machines. */
  async function begun(tx: Tx, id: string): Promise<void> {
    const row = await rows.findPlanned(tx, id);
    if (!row) return;
    await timers(tx, row);
    await ballot.announce(tx, row);
    await need.ask(tx, id, row.revision);
  }

  /** Azure has said what is free. Too little is a conflict like any other; whoever carries it out is told. */
  async function quotaSeen(tx: Tx, id: string, revision: number, seen: Need): Promise<void> {
    const row = await rows.lockPlanned(tx, id);
    if (row?.revision !== revision || isOver(row.state)) return;
    const { class: kind, body } = row;
    const found = await conflicts(tx, asPlanned(row), { class: kind, body: body as ChangeBody, need: seen });
    const known = row.need as Need | null;
    const kept: Need = known?.agreed ? { ...seen, agreed: known.agreed } : seen;
    await rows.setPlanned(tx, id, { need: JSON.stringify(kept), conflicts: JSON.stringify(found) });
    const short = (list: readonly Conflict[]) => list.some(({ code }) => code === 'insufficient_quota');
    if (short(found) && !short(row.conflicts as Conflict[])) {
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'windows.change.quota-missing',
        objects: [id, ...row.targets],
        detail: { need: seen },
      });
      await outbox.say(tx, {
        key: `planned:${id}:quota:${seen.at}`,
        kind: 'windows.change-note',
        ids: { change: id, about: 'quota' },
        conversation: `person:${row.assignee}`,
      });
    }
    await shown(tx, id);
  }

  return {
    conflicts,
    verdict,
    lookAgain,
    timers,
    board,
    lookAtNeed: need.ask,
    asPlanned,

    /** Asks for a change; its id, what is in the way, and when it could run instead. */
    async request(tx: Tx, change: NewPlanned): Promise<string> {
      checkAsked(organisation, clock.now(), change);
      const standard = neededStandard(organisation, change.class, change.body.standard, change.targets);
      const policy = ballot.policyFor(change.class);
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
      const found = await conflicts(tx, planned, { class: change.class, body: change.body });
      const vote = policy ? await ballot.opened(policy) : { eligible: '[]', deadline: null };
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
        ...vote,
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
      await outbox.show(tx, {
        card: plannedCardOf(id),
        kind: 'windows.change',
        ids: { change: id },
        conversation: board,
      });
      await begun(tx, id);
      await lookAgain(tx, id);
      return id;
    },

    /** Another time, plan or target. `revision` is the one that was looked at: two people cannot overwrite each other. */
    async edit(
      tx: Tx,
      id: string,
      revision: number,
      by: string,
      set: Partial<Omit<NewPlanned, 'requester'>>,
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
      checkAsked(organisation, clock.now(), { start, targets, minutes });
      const body = set.body ?? (row.body as ChangeBody);
      const kind = set.class ?? row.class;
      neededStandard(organisation, kind, body.standard, targets);
      const assignee = set.assignee ?? row.assignee;
      const ends = start.add({ minutes });
      const found = await conflicts(
        tx,
        { id, targets, assignee, start: start.epochMilliseconds, end: ends.epochMilliseconds },
        { class: kind, body },
      );
      const voted = await reopened(row, ballot.policyFor(kind));
      await tx
        .updateTable('planned_changes')
        .set({
          ...voted,
          class: kind,
          need: null,
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
      await begun(tx, id);
      await shown(tx, id);
      await lookAgain(tx, id);
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
    standing: ballot.standing,
    settle: ballot.settle,
    vote: ballot.vote,
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
