import { Temporal } from 'temporal-polyfill';
import type { Entry } from '../core/audit.ts';
import { counted } from '../core/counted.ts';
import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import { atTheEnd } from './care.rules.ts';
import type { Decision } from './decide.rules.ts';
import type { Pipelines } from './pipelines.ts';
import { type ChangeBody, type CheckItem, isOver, STATE_WORDS } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import { type PlannedChanges, type PlannedDeps, plannedCardOf, QUEUE, TIMER } from './planned.ts';
import { type Care, plannedCare, type Stood } from './planned-care.ts';
import { plannedGlass } from './planned-glass.ts';
import { plannedMoney } from './planned-money.ts';
import { OWN_START, plannedQueue } from './planned-queue.ts';
import { plannedRuns } from './planned-runs.ts';
import { plannedSteps } from './planned-steps.ts';
import type { CalendarStore } from './windows.ts';

export interface CoordinationDeps extends PlannedDeps {
  pipelines: Pipelines;
  care: Care;
  /** Somebody is told by name: a card of the change, said once. */
  onFinished?: (tx: Tx, row: rows.PlannedRow, outcome: 'done' | 'aborted') => Promise<void>;
}

/** What the parts of carrying out share: the entry of the record, telling people, closing. */
export interface Tools {
  note: (actor: string, action: string, row: rows.PlannedRow, why?: string) => Entry;
  tell: (tx: Tx, row: rows.PlannedRow, about: string) => Promise<void>;
  finish: (
    tx: Tx,
    row: rows.PlannedRow,
    by: string,
    state: 'done' | 'aborted',
    outcome: string,
    why?: string,
  ) => Promise<void>;
}

/** Carrying changes out: reminders, start, hold, abort, done, hand-over, the queue behind a freeze, pipelines, close-out. */
export function coordination(deps: CoordinationDeps, store: CalendarStore, planned: PlannedChanges) {
  const { db, clock, audit, outbox, jobs, organisation, people } = deps;
  const note = (actor: string, action: string, row: rows.PlannedRow, why?: string) => ({
    actor,
    action: `windows.change.${action}`,
    objects: [row.id, ...row.targets],
    ...(why ? { why } : {}),
  });

  async function tell(tx: Tx, row: rows.PlannedRow, about: string): Promise<void> {
    const now = clock.now().toString();
    for (const conversation of new Set([`person:${row.assignee}`, row.channel]))
      await outbox.say(tx, {
        key: `planned:${row.id}:${about}:${now}@${conversation}`,
        kind: 'windows.change-note',
        ids: { change: row.id, about },
        conversation,
      });
  }
  const set = rows.setPlanned;

  jobs.handle(TIMER, async (tx, batch) => {
    for (const timer of batch as { change: string; revision: number; kind: 'remind' | 'due' | 'end' }[]) {
      const row = await rows.lockPlanned(tx, timer.change);
      if (!row || row.revision !== timer.revision || isOver(row.state)) continue;
      if (timer.kind === 'remind' && row.state === 'approved') {
        await tell(tx, row, 'soon');
        await planned.lookAtNeed(tx, row.id, row.revision);
      }
      if (timer.kind === 'due') await due(tx, row);
      if (timer.kind === 'end') await ended(tx, row);
    }
  });

  /** Its time has come: it is told, or waits for the calendar to open. */
  async function due(tx: Tx, row: rows.PlannedRow): Promise<void> {
    if (row.state === 'voting') return tell(tx, row, 'undecided');
    if (row.state !== 'approved') return undefined;
    if (await money.owes(tx, row)) return tell(tx, row, 'unpaid');
    const decision = await planned.verdict(tx, row, clock.now());
    if (decision.allowed) return tell(tx, row, 'due');
    await set(tx, row.id, { state: 'waiting', note: decision.why.slice(0, 500) });
    await audit.append(tx, await waits(tx, 'wardroom', row, decision));
    await outbox.refresh(tx, plannedCardOf(row.id));
    return lookAt(tx, decision);
  }

  /** On record with the entry of the calendar that holds it up: what a freeze costs is counted from these. */
  async function waits(tx: Tx, by: string, row: rows.PlannedRow, decision: Decision): Promise<Entry> {
    const [first] = decision.by;
    const spec = (await store.calendar(tx)).entries.find((entry) => entry.spec.id === first)?.spec;
    return { ...note(by, 'waits', row, decision.why), detail: first ? { entry: spec?.name ?? first, id: first } : {} };
  }

  const lookAt = async (tx: Tx, decision: Decision): Promise<void> => {
    if (decision.next) await jobs.enqueue(tx, QUEUE, {}, { at: decision.next });
  };

  /** Its time is over and it still runs: more time once, while the calendar lets it; then as `changes.overrun` says. */
  async function ended(tx: Tx, row: rows.PlannedRow): Promise<void> {
    if (row.state !== 'running' && row.state !== 'held') return;
    const now = clock.now();
    // It was given more time, or went on: another timer comes.
    if (Temporal.Instant.compare(now, Temporal.Instant.from(row.ends_at)) < 0) return;
    const startedAt = row.started_at ? { startedAt: Temporal.Instant.from(row.started_at) } : {};
    const { allowed, why } = await planned.verdict(tx, row, now, { ...startedAt, needMinutes: 0 });
    const next = atTheEnd(now, organisation.changes.overrun, { extended: looked.extended(row), allowed, why });
    await set(tx, row.id, { note: next.words.slice(0, 500) });
    await audit.append(tx, { ...note('wardroom', 'overruns', row, next.words), detail: { does: next.do } });
    if (next.do === 'go-on') {
      await set(tx, row.id, { ends_at: next.until.toString() });
      await looked.goesOn(tx, row, next.until);
      await endTimer(tx, row, next.until);
      await tell(tx, row, 'late');
    } else {
      await looked.speaks(tx, row, 'wardroom');
      const relief = next.do === 'hand-over' ? await looked.onCall(tx, row) : undefined;
      if (relief && relief !== row.assignee) {
        await give(tx, row, relief, 'wardroom', 'It ran longer than planned.');
      } else {
        // Nobody else to hand it to: whoever has it is on call, or nobody is.
        if (next.do === 'hand-over') {
          const whose = relief ? `${people.nameOf(relief)} is on call and has it already` : 'Nobody is on call';
          const words = next.words.replace('Whoever is on call takes it over.', `${whose}: take it back or finish it.`);
          await set(tx, row.id, { note: words.slice(0, 500) });
        }
        await tell(tx, row, 'overrun');
      }
      if (next.do === 'roll-back') {
        await finish(tx, { ...row, note: next.words }, 'wardroom', 'aborted', 'failed', next.words);
        await looked.takeBack(tx, row.id, 'wardroom');
      }
    }
    await outbox.refresh(tx, plannedCardOf(row.id));
  }

  const endTimer = (tx: Tx, { id, revision }: rows.PlannedRow, at: Temporal.Instant): Promise<void> =>
    jobs.enqueue(tx, TIMER, { change: id, revision, kind: 'end' }, { at });

  async function give(tx: Tx, row: rows.PlannedRow, to: string, by: string, why?: string): Promise<void> {
    await set(tx, row.id, { assignee: to });
    await audit.append(tx, { ...note(by, 'handed-over', row, why), detail: { from: row.assignee, to } });
    await tell(tx, { ...row, assignee: to }, 'handed-over');
    await outbox.refresh(tx, plannedCardOf(row.id));
  }

  async function begin(
    tx: Tx,
    row: rows.PlannedRow,
    by: string,
    words: string,
    stood: Stood | undefined,
  ): Promise<void> {
    const now = clock.now();
    const started = row.started_at ?? now.toString();
    // Whoever starts late still gets the time it needs: the end moves with the start.
    const ends = row.started_at ? row.ends_at : now.add({ minutes: row.need_minutes }).toString();
    const run = (row.body as ChangeBody).pipeline && !row.run ? { run: JSON.stringify({ state: 'asked' }) } : {};
    await set(tx, row.id, {
      state: 'running',
      started_at: started,
      ends_at: ends,
      note: words,
      own_start: words === OWN_START,
      ...run,
    });
    await audit.append(tx, note(by, row.started_at ? 'resumed' : 'started', row, words));
    await endTimer(tx, row, Temporal.Instant.from(ends));
    await looked.begins(tx, row, Temporal.Instant.from(ends), stood);
    if (!row.started_at) await steps.watch(tx, row.id);
    await tell(tx, row, 'started');
    await outbox.refresh(tx, plannedCardOf(row.id));
  }

  async function finish(
    tx: Tx,
    row: rows.PlannedRow,
    by: string,
    state: 'done' | 'aborted',
    outcome: string,
    why?: string,
  ): Promise<void> {
    await set(tx, row.id, {
      state,
      outcome,
      finished_at: clock.now().toString(),
      ...(why ? { note: why.slice(0, 500) } : {}),
    });
    await audit.append(tx, { ...note(by, state, row, why), detail: { outcome } });
    await looked.speaks(tx, row, by);
    await tell(tx, row, state);
    await outbox.refresh(tx, plannedCardOf(row.id));
    await deps.onFinished?.(tx, row, state);
    // What waited for this target may start.
    await jobs.enqueue(tx, QUEUE, {});
    await planned.lookAgain(tx, row.id);
  }

  const tools: Tools = { note, tell, finish };
  const runs = plannedRuns(deps, tools);
  const looked = plannedCare(deps, tools, runs.dispatch);
  const steps = plannedSteps(deps, tools, async (tx, row, why) => {
    await finish(tx, row, 'wardroom', 'aborted', 'failed', why);
    await looked.takeBack(tx, row.id, 'wardroom');
  });
  const money = plannedMoney(deps, planned);
  const glass = plannedGlass(deps, store, planned, tools);
  plannedQueue(deps, planned, { begin, waits, owes: money.owes, stands: looked.stands });

  return {
    agree: money.agree,
    owes: money.owes,
    breakGlass: glass.breakGlass,
    review: glass.review,

    /** Asks Azure how the endpoints of a change stand, for its start; outside of a transaction. */
    stands: async (id: string): Promise<Stood | undefined> => looked.stands(await rows.findPlanned(db, id)),

    /** From a button: now when the calendar lets it, otherwise it waits and starts by itself. */
    async start(tx: Tx, id: string, by: string, stood: Stood | undefined): Promise<{ started: boolean; why: string }> {
      const row = await planned.needed(tx, id, 'start');
      const now = clock.now();
      if (row.approved_revision !== row.revision)
        throw new Refused(`${id} is not approved as it is now.`, '', 'not-approved');
      const busy = (await rows.inStates(tx, ['running', 'held'])).find(
        (other) => other.id !== id && other.targets.some((target) => row.targets.includes(target)),
      );
      if (busy)
        throw new Refused(
          `${busy.id} is changing ${busy.targets.join(', ')} now.`,
          `Wait until ${busy.id} has ended.`,
          'busy',
        );
      if (!row.started_at) await money.settled(tx, row);
      const startedAt = row.started_at ? { startedAt: Temporal.Instant.from(row.started_at) } : {};
      const ask = glass.offered(row);
      const decision = await planned.verdict(tx, row, now, { ...startedAt, ...ask });
      if (!decision.allowed) {
        await set(tx, id, { state: row.started_at ? 'held' : 'waiting', note: decision.why.slice(0, 500) });
        await audit.append(tx, await waits(tx, by, row, decision));
        await outbox.refresh(tx, plannedCardOf(id));
        await lookAt(tx, decision);
        return { started: false, why: decision.why };
      }
      await glass.used(tx, row, decision);
      await begin(tx, row, by, decision.why.slice(0, 500), stood);
      return { started: true, why: decision.why };
    },

    async hold(tx: Tx, id: string, by: string, why: string): Promise<void> {
      const row = await planned.needed(tx, id, 'hold');
      await set(tx, id, { state: 'held', note: why });
      await audit.append(tx, note(by, 'held', row, why));
      await tell(tx, row, 'held');
      await outbox.refresh(tx, plannedCardOf(id));
    },

    /** Over, and its endpoints go back to how they stood when it began. */
    async abort(tx: Tx, id: string, by: string, why: string): Promise<void> {
      await finish(tx, await planned.needed(tx, id, 'abort'), by, 'aborted', 'failed', why);
      await looked.takeBack(tx, id, by);
    },

    /** Closes it: whether it did what it was for counts in the flow. What is unticked has to be said to be left out. */
    async done(tx: Tx, id: string, by: string, outcome: 'succeeded' | 'failed', why?: string): Promise<void> {
      const row = await planned.needed(tx, id, 'done');
      const open = (row.checklist as CheckItem[]).filter(({ doneBy }) => !doneBy);
      if (outcome === 'succeeded' && open.length > 0 && !why)
        throw new Refused(
          `${counted(open.length, 'check')} ${open.length === 1 ? 'is' : 'are'} not ticked: ${open
            .map(({ text }) => text)
            .slice(0, 3)
            .join('; ')}.`,
          `Tick them, or say “done ${id} because …” why they are left out.`,
          'checks-open',
        );
      await finish(tx, row, by, 'done', outcome, why);
    },

    async check(tx: Tx, id: string, number: number, by: string): Promise<void> {
      const row = await rows.lockPlanned(tx, id);
      if (!row) throw new Refused(`There is no change ${id}.`, 'Say “changes” for the list.');
      if (isOver(row.state)) throw new Refused(`${id} is over: ${STATE_WORDS[row.state]}.`, '', 'finished');
      const list = row.checklist as CheckItem[];
      const item = list[number - 1];
      if (!item)
        throw new Refused(`${id} has ${counted(list.length, 'check')}.`, `Say a number from 1 to ${list.length}.`);
      if (item.doneBy)
        throw new Refused(`${people.nameOf(item.doneBy)} ticked “${item.text}” already.`, '', 'finished');
      const ticked = list.map((each) =>
        each === item ? { ...each, doneBy: by, doneAt: clock.now().toString() } : each,
      );
      await set(tx, id, { checklist: JSON.stringify(ticked) });
      await audit.append(tx, note(by, 'checked', row, item.text));
      await outbox.refresh(tx, plannedCardOf(id));
    },

    async handOver(tx: Tx, id: string, to: string, by: string): Promise<void> {
      const row = await planned.needed(tx, id, 'hand-over');
      if (row.assignee === to) throw new Refused(`${people.nameOf(to)} carries ${id} out already.`);
      await give(tx, row, to, by);
    },

    /** Who would take it over: on call for the first of its endpoints. */
    onCallFor: async (at: Db | Tx, id: string): Promise<string | undefined> => {
      const row = await rows.findPlanned(at, id);
      return row && looked.onCall(at, row);
    },

    /** The calendar has changed, in this transaction. */
    async calendarChanged(tx: Tx): Promise<void> {
      await jobs.enqueue(tx, QUEUE, {});
      await planned.lookAgain(tx, 'the calendar');
    },

    /** Planned changes that an entry of the calendar holds up, in words. */
    async heldUpBy(at: Db | Tx, entry: string): Promise<string[]> {
      const open = (await rows.openPlanned(at)).filter(
        ({ state }) => state === 'approved' || state === 'waiting' || state === 'voting',
      );
      const found: string[] = [];
      for (const row of open) {
        const start = Temporal.Instant.from(row.starts_at);
        const decision = await planned.verdict(
          at,
          row,
          Temporal.Instant.compare(start, clock.now()) > 0 ? start : clock.now(),
        );
        if (!decision.allowed && decision.by.includes(entry)) found.push(`${row.id} ${row.title}`);
      }
      return found;
    },
  };
}

export type Coordination = ReturnType<typeof coordination>;
