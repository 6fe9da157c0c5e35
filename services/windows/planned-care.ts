import type { Temporal } from 'temporal-polyfill';
import { messageOf } from '../core/errors.ts';
import type { Matcher } from '../core/matchers.rules.ts';
import type { ChangeQuiet } from '../core/organisation.windows.ts';
import type { Db, Tx } from '../store/store.ts';
import { disturbedBy, type Traffic, toTakeBack, trafficWords } from './care.rules.ts';
import type { CoordinationDeps, Tools } from './coordination.ts';
import * as rows from './planned.store.ts';
import { plannedCardOf } from './planned.ts';
import type { StepWatcher } from './planned-steps.ts';

const STOOD = 'windows-stood';
const BACK = 'windows-take-back';
const LEASE_SECONDS = 60;
const MOST_TRIES = 20;
const AGAIN_SECONDS = 30;
/** What was noted later than this after the start may be the change itself already. */
const STOOD_WITHIN_SECONDS = 60;
/** A silence outlasts the planned end by this, so that the rule of the end finds it still in force. */
const SLACK_MINUTES = 2;

/** What a change needs of alerts, on-call and the estate while it runs; bot/app.windows.ts wires it. */
export interface Care extends StepWatcher {
  /**
   * Holds back what fits and comes from now on; an incident from before goes on as it was planned. Its id.
   */
  silence(
    tx: Tx,
    wish: { what: readonly Matcher[]; until: Temporal.Instant; reason: string; by: string },
  ): Promise<string>;
  /** Nothing when it is over already. */
  prolong(tx: Tx, silence: string, until: Temporal.Instant): Promise<void>;
  unsilence(tx: Tx, silence: string, by: string): Promise<void>;
  /** Whoever is called first for an endpoint now. */
  onCall(db: Db | Tx, endpoint: string): Promise<string | undefined>;
  /** Fresh; undefined when there is no such endpoint. */
  traffic(workspace: string, endpoint: string): Promise<Traffic | undefined>;
  /** Undefined while something else is being done to the endpoint. */
  move(
    tx: Tx,
    plan: { workspace: string; endpoint: string; from: Traffic; to: Traffic; what: string },
  ): Promise<string | undefined>;
}

/** What is held back for a change: whose ids, and what of its targets. */
export interface Hush extends Partial<ChangeQuiet> {
  ids: readonly string[];
  /** It was given more time once. */
  extended: boolean;
}
export const hushOf = (row: Pick<rows.PlannedRow, 'hush'>): Hush | undefined => (row.hush as Hush | null) ?? undefined;

/** How the endpoints of a change stood before it began: traffic by endpoint. */
export type Stood = Readonly<Record<string, Traffic>>;

/**
 * What is looked after while a change runs: alerts held back, and the way back to how its endpoints stood. `noted` is called
 * when that is known, or never will be: before, nothing of the change's own may move them.
 */
export function plannedCare(
  deps: CoordinationDeps,
  { note, tell }: Pick<Tools, 'note' | 'tell'>,
  noted: (tx: Tx, row: rows.PlannedRow) => Promise<void>,
) {
  const { db, clock, jobs, audit, outbox, organisation, care } = deps;

  const endpointsOf = (row: rows.PlannedRow) =>
    [...new Set(row.targets.map((target) => target.split('/')[0] ?? target))].flatMap((name) => {
      const found = organisation.endpoints.find(({ id, kind }) => id === name && kind === 'online');
      return found ? [found] : [];
    });
  const silencesOf = (row: rows.PlannedRow): readonly string[] => hushOf(row)?.ids ?? [];

  jobs.handleOutside(STOOD, LEASE_SECONDS, async (data) => {
    const { change } = data as { change: string };
    const row = await rows.findPlanned(db, change);
    if (!row?.started_at || row.finished_at || row.before) return async () => undefined;
    const late = clock.ms() - Date.parse(row.started_at) > STOOD_WITHIN_SECONDS * 1_000;
    const stood = late ? {} : await stands(row);
    return async (tx) => {
      const fresh = await rows.lockPlanned(tx, change);
      if (!fresh || fresh.before) return;
      await rows.setPlanned(tx, change, { before: JSON.stringify({ stood, late }) });
      await noted(tx, fresh);
    };
  });

  /** Asks Azure. */
  async function stands(row: rows.PlannedRow): Promise<Stood> {
    const stood: Record<string, Traffic> = {};
    for (const { id, workspace } of endpointsOf(row)) {
      const traffic = await care.traffic(workspace, id);
      if (traffic) stood[id] = traffic;
    }
    return stood;
  }

  jobs.handleOutside(BACK, LEASE_SECONDS, async (data) => {
    const { change, by, tries = 0 } = data as { change: string; by: string; tries?: number };
    const row = await rows.findPlanned(db, change);
    const before = row?.before as { stood: Record<string, Traffic>; late: boolean } | null | undefined;
    if (!row) return async () => undefined;
    const again = (tx: Tx) =>
      jobs.enqueue(tx, BACK, { change, by, tries: tries + 1 }, { at: clock.now().add({ seconds: AGAIN_SECONDS }) });
    if (!before || before.late || Object.keys(before.stood).length === 0)
      return (tx) => told(tx, change, 'nobody noted how its endpoints stood when it began: take it back by hand');
    const now: Record<string, Traffic | undefined> = {};
    try {
      for (const { id, workspace } of endpointsOf(row)) now[id] = await care.traffic(workspace, id);
    } catch (error) {
      const why = `Azure does not answer (${messageOf(error)}): take it back by hand`;
      return (tx) => (tries < MOST_TRIES ? again(tx) : told(tx, change, why));
    }
    const moves = toTakeBack(before.stood, now);
    return async (tx) => {
      const done: string[] = [];
      for (const { endpoint, from, to } of moves) {
        const workspace = organisation.endpoints.find(({ id }) => id === endpoint)?.workspace ?? '';
        const what = `${endpoint} back to ${trafficWords(to)}, as before ${change}`;
        const move = await care.move(tx, { workspace, endpoint, from, to, what });
        if (move) done.push(`${what} (${move})`);
        else if (tries < MOST_TRIES) return again(tx);
        else return told(tx, change, `${endpoint} is being changed by something else: take it back by hand`);
      }
      const fresh = await rows.lockPlanned(tx, change);
      if (!fresh) return;
      if (done.length > 0)
        await audit.append(tx, { ...note(by, 'taken-back', fresh, done.join('; ')), detail: { moves } });
      await told(
        tx,
        change,
        done.length > 0 ? done.join('; ') : 'its endpoints stand as they did when it began',
        done.length > 0,
      );
    };
  });

  async function told(tx: Tx, change: string, words: string, moved = false): Promise<void> {
    const row = await rows.lockPlanned(tx, change);
    if (!row) return;
    const said = row.note ? row.note.replace(/[^.!?]$/, '$&.') : '';
    await rows.setPlanned(tx, change, { note: `${said} Way back: ${words}.`.trim().slice(0, 500) });
    const next = await rows.findPlanned(tx, change);
    if (next) await tell(tx, next, moved ? 'taken-back' : 'way-back');
    await outbox.refresh(tx, plannedCardOf(change));
  }

  return {
    /** How its endpoints stand, for a start; undefined when it has begun or Azure does not answer: then it is asked again. */
    async stands(row: rows.PlannedRow | undefined): Promise<Stood | undefined> {
      if (!row || row.started_at) return undefined;
      try {
        return await stands(row);
      } catch {
        // A start does not wait for Azure: the first minute of the change asks again.
        return undefined;
      }
    },

    /** It begins, in this transaction: alerts are held back, and how its endpoints stand is noted. */
    async begins(tx: Tx, row: rows.PlannedRow, until: Temporal.Instant, stood: Stood | undefined): Promise<void> {
      if (row.before) await noted(tx, row);
      else if (stood && !row.started_at) {
        await rows.setPlanned(tx, row.id, { before: JSON.stringify({ stood, late: false }) });
        await noted(tx, row);
      } else await jobs.enqueue(tx, STOOD, { change: row.id });
      const quiet = organisation.changes.silence;
      if (!quiet || silencesOf(row).length > 0) return;
      const isEndpoint = (target: string) => organisation.endpoints.some(({ id }) => id === target.split('/')[0]);
      const ids: string[] = [];
      for (const target of new Set(row.targets))
        ids.push(
          await care.silence(tx, {
            what: disturbedBy(target, isEndpoint(target), quiet),
            until: until.add({ minutes: SLACK_MINUTES }),
            reason: `${row.id} runs: ${row.title}`.slice(0, 200),
            by: row.assignee,
          }),
        );
      await rows.setPlanned(tx, row.id, { hush: JSON.stringify({ ids, extended: false, ...quiet } satisfies Hush) });
    },

    /** It may go on: what is held back stays so for as long. */
    async goesOn(tx: Tx, row: rows.PlannedRow, until: Temporal.Instant): Promise<void> {
      const ids = silencesOf(row);
      for (const id of ids) await care.prolong(tx, id, until.add({ minutes: SLACK_MINUTES }));
      await rows.setPlanned(tx, row.id, { hush: JSON.stringify({ ...hushOf(row), extended: true }) });
    },

    extended: (row: rows.PlannedRow): boolean => hushOf(row)?.extended ?? false,

    /** Nothing of it is held back any more. */
    async speaks(tx: Tx, row: rows.PlannedRow, by: string): Promise<void> {
      const ids = silencesOf(row);
      for (const id of ids) await care.unsilence(tx, id, by);
      if (ids.length > 0)
        await rows.setPlanned(tx, row.id, { hush: JSON.stringify({ ...hushOf(row), ids: [], extended: true }) });
    },

    takeBack: (tx: Tx, change: string, by: string): Promise<void> => jobs.enqueue(tx, BACK, { change, by }),

    /** Whoever is on call for the first of its endpoints. */
    async onCall(at: Db | Tx, row: rows.PlannedRow): Promise<string | undefined> {
      for (const { id } of endpointsOf(row)) {
        const person = await care.onCall(at, id);
        if (person) return person;
      }
      return undefined;
    },
  };
}
