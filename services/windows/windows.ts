import type { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Organisation } from '../core/organisation.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import { type Calendar, calendarOf, type Entry } from './calendar.ts';
import { type Decision, decide, type Question } from './decide.rules.ts';
import { holding } from './intervals.ts';
import { targetOf } from './places.rules.ts';
import { identityOf, readWindow, type WindowSpec } from './spec.rules.ts';
import * as rows from './windows.store.ts';

export interface WindowsDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  organisation: Organisation;
  /** The calendar has changed, in this transaction: waiting changes and pipelines look again. */
  onChange: (tx: Tx) => Promise<void>;
}

/** An entry that holds at some instant. */
export interface Held {
  id: string;
  name: string;
  kind: WindowSpec['kind'];
  /** When it ends; undefined for a freeze without an end. Milliseconds. */
  endMs?: number;
}

export interface NewEntry {
  spec: Omit<WindowSpec, 'id'>;
  reason?: string;
  by: string;
  source: 'chat' | 'import' | 'budget';
  batch?: string;
}

/** How long another process's change of the calendar may go unseen here. */
const LOOK_AGAIN_MS = 500;
/** After an own change the version is asked for every time: until then it is surely committed, or rolled back. */
const WATCHFUL_MS = 10_000;

/** The calendar of the file and of the chat, as one that is kept in memory and asked often. */
export function calendarStore(deps: WindowsDeps) {
  const { db, clock, audit, organisation } = deps;
  const fromFile = organisation.windows.map(fileSpec);
  let kept: { version: string; calendar: Calendar } | undefined;
  /** As a transaction that is open sees it. */
  const seen = new WeakMap<Db | Tx, { version: string; calendar: Calendar }>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let watchfulUntil = Number.NEGATIVE_INFINITY;

  const load = async (at: Db | Tx): Promise<Calendar> =>
    calendarOf([...fromFile, ...(await rows.liveWindows(at)).map(storedSpec)]);

  /** As it is committed now; inside a transaction, as that transaction sees it. */
  async function calendar(at: Db | Tx = db): Promise<Calendar> {
    const now = clock.monotonic();
    const committed = at === db;
    if (committed && kept && now < lookedAt + LOOK_AGAIN_MS && now >= watchfulUntil) return kept.calendar;
    const version = await rows.versionOf(at);
    if (kept?.version === version) {
      if (committed) lookedAt = now;
      return kept.calendar;
    }
    // A transaction that changed the calendar may then look at every planned change by it.
    const own = committed ? undefined : seen.get(at);
    if (own?.version === version) return own.calendar;
    const fresh = await load(at);
    if (!committed) seen.set(at, { version, calendar: fresh });
    // What a transaction sees may never be: it may roll back.
    if (committed) {
      kept = { version, calendar: fresh };
      lookedAt = now;
    }
    return fresh;
  }

  async function changed(tx: Tx): Promise<void> {
    await rows.markChanged(tx);
    watchfulUntil = clock.monotonic() + WATCHFUL_MS;
    await deps.onChange(tx);
  }

  /** Makes entries; all of them or none. Their ids. */
  async function add(tx: Tx, entries: readonly NewEntry[]): Promise<string[]> {
    const present = (await calendar(tx)).entries;
    const known = new Map(present.map(({ spec }) => [identityOf(spec), spec.id]));
    const ids: string[] = [];
    for (const entry of entries) {
      const id = await nextNumber(tx, entry.spec.kind === 'deny' ? 'FRZ' : 'WIN');
      const spec: WindowSpec = { ...entry.spec, id };
      const reading = readWindow(spec);
      if (!reading.ok) throw new Refused(reading.error, reading.next, reading.code);
      const same = known.get(identityOf(spec));
      if (same !== undefined) throw new Refused(`${same} is the same already.`, `Say “window ${same}”.`, 'duplicate');
      known.set(identityOf(spec), id);
      const { reason = null, by, source, batch = null } = entry;
      const created_at = clock.now().toString();
      await rows.insertWindow(tx, {
        id,
        kind: spec.kind,
        spec: entry.spec,
        reason,
        batch,
        source,
        created_by: by,
        created_at,
      });
      await audit.append(tx, {
        actor: by,
        action: spec.kind === 'deny' ? 'windows.frozen' : 'windows.added',
        objects: [id],
        ...(reason ? { why: reason } : {}),
        detail: { spec: entry.spec, source },
      });
      ids.push(id);
    }
    await changed(tx);
    return ids;
  }

  return {
    calendar,
    add,

    /** Ends an entry, and what came with it in one import. What stands in wardroom.yaml is changed there. */
    async end(tx: Tx, id: string, by: string, why?: string): Promise<string[]> {
      const row = await rows.lockWindow(tx, id);
      if (!row) {
        if (fromFile.some((spec) => spec.id === id))
          throw new Refused(
            `“${id}” stands in wardroom.yaml.`,
            'Change it there; Wardroom reads the file at its start.',
          );
        throw new Refused(`There is no ${id}.`, 'Say “windows” for the list.');
      }
      if (row.ended_at) throw new Refused(`${id} was ended already.`, '', 'finished');
      const batch =
        row.batch === null ? [row] : (await rows.liveWindows(tx)).filter((each) => each.batch === row.batch);
      const ended = await rows.closeWindows(
        tx,
        batch.map((each) => each.id),
        clock.now().toString(),
        by,
      );
      const objects = ended.map((each) => each.id);
      const action = row.kind === 'deny' ? 'windows.thawed' : 'windows.ended';
      await audit.append(tx, { actor: by, action, objects, ...(why ? { why } : {}) });
      await changed(tx);
      return objects;
    },

    find: (at: Db | Tx, id: string) => rows.findWindow(at, id),

    /** May this change run on this endpoint? */
    async ask(
      question: Omit<Question, 'target' | 'now'> & { endpoint: string; now?: Temporal.Instant },
      at: Db | Tx = db,
    ): Promise<Decision> {
      const { endpoint, now = clock.now(), ...rest } = question;
      return decide(await calendar(at), { ...rest, now, target: targetOf(organisation, endpoint) });
    },

    /** What holds for an endpoint at an instant: freezes, maintenance, advisories and open windows. */
    async holding(endpoint: string, at: Temporal.Instant = clock.now(), reader: Db | Tx = db): Promise<Held[]> {
      const about = (await calendar(reader)).about(targetOf(organisation, endpoint));
      return about.active(at.epochMilliseconds).map((entry) => heldAt(entry, at.epochMilliseconds));
    },
  };
}

export const heldAt = (entry: Entry, atMs: number): Held => {
  const { id, name, kind } = entry.spec;
  const end = holding(entry.spans(atMs), atMs)?.end;
  return { id, name: name ?? id, kind, ...(end !== undefined && Number.isFinite(end) ? { endMs: end } : {}) };
};

const storedSpec = (row: rows.WindowRow): WindowSpec => ({ ...(row.spec as Omit<WindowSpec, 'id'>), id: row.id });

/** An entry of wardroom.yaml in the engine's words. */
export function fileSpec(entry: Organisation['windows'][number]): WindowSpec {
  const { scope, ...rest } = entry;
  const { teams, workspaces, endpoints } = scope;
  return {
    ...(JSON.parse(JSON.stringify(rest)) as Omit<WindowSpec, 'scope'>),
    scope: {
      where: { team: teams, workspace: workspaces, endpoint: endpoints },
      ...('op' in scope && scope.op ? { op: scope.op } : {}),
      ...('everything' in scope ? { everything: true } : {}),
    },
  };
}

export type CalendarStore = ReturnType<typeof calendarStore>;
