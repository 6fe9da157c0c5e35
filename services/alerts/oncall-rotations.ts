import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Schedule } from '../core/organisation.ts';
import type { Member } from '../core/roster.ts';
import { onCall, type Shift, shifts } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { gaps, neededSchedule, PICTURE_DAYS, type Stretch, servedBy } from './oncall.rules.ts';
import { effectiveSchedule, lockOncall } from './oncall.store.ts';
import type { Handoffs } from './oncall-handoffs.ts';
import { changed, checkPerson } from './oncall-overrides.rules.ts';
import { refreshOpen } from './oncall-overrides.ts';
import { type RotationWish, rotationWords, withoutRotation, withRotation } from './oncall-rotations.rules.ts';
import {
  addPlan,
  callsInForce,
  findPlan,
  latestOf,
  type PlanRow,
  planOfDraft,
  undoPlan,
  withPlans,
} from './oncall-rotations.store.ts';

/** A change of a schedule's rotations, made in chat. */
export interface RotationChange {
  id: string;
  schedule: string;
  words: string;
  reason?: string;
  by: string;
  at: Temporal.Instant;
  undoneBy?: string;
}

/** What a change makes of the two weeks ahead. */
export interface RotationLook {
  schedule: string;
  zone: string;
  /** "nights (joins): Ben and Ann, every week at 18:00 …", with ids of people. */
  words: string;
  /** There was no such schedule. */
  fresh: boolean;
  /** There is none any more. */
  gone: boolean;
  from: Temporal.Instant;
  to: Temporal.Instant;
  shifts: readonly Shift[];
  gaps: readonly Stretch[];
  /** On call now, before and after. */
  now: { before: readonly string[]; after: readonly string[] };
  /** Who is on call otherwise than before in these two weeks. */
  touched: readonly string[];
  /** No escalation calls it. */
  uncalled: boolean;
}

/** Rotations that people make, change and delete in chat: kept in the database, over those of wardroom.yaml. */
export function rotations(
  deps: Pick<AlertsDeps, 'organisation' | 'people' | 'clock' | 'outbox' | 'audit'>,
  watch: Pick<Handoffs, 'look'>,
) {
  const { organisation, people, clock, outbox } = deps;
  const reachable = (person: string) => people.byId(person)?.active ?? false;
  const found = async (db: Db | Tx, name: string): Promise<Schedule | undefined> =>
    (await withPlans(db, organisation)).schedules.find(({ id }) => id === name);
  const needed = async (db: Db | Tx, name: string): Promise<Schedule> =>
    neededSchedule(await withPlans(db, organisation), name);

  async function look(
    db: Db | Tx,
    before: Schedule | undefined,
    after: Schedule | undefined,
    words: string,
  ): Promise<RotationLook> {
    const one = after ?? before;
    if (!one) throw new Error('a change of nothing');
    const from = clock.now();
    const to = from.add({ hours: 24 * PICTURE_DAYS });
    const [was, is] = [
      before && (await effectiveSchedule(db, before, from)),
      after && (await effectiveSchedule(db, after, from)),
    ];
    const all = (schedule: Schedule | undefined) =>
      schedule ? [...new Set(shifts(schedule, from, to).flatMap((shift) => shift.people))] : [];
    return {
      schedule: one.id,
      zone: one.zone,
      words,
      fresh: before === undefined,
      gone: after === undefined,
      from,
      to,
      shifts: is ? shifts(is, from, to) : [],
      gaps: is ? gaps(is, from, to, reachable) : [],
      now: { before: was ? onCall(was, from).people : [], after: is ? onCall(is, from).people : [] },
      touched: was && is ? changedHours(was, is, from, to) : all(is ?? was),
      uncalled: servedBy(await withPlans(db, organisation), one.id).length === 0,
    };
  }

  /** The wish laid over how things are now; checks the people where rights are known. */
  async function wished(
    db: Db | Tx,
    wish: RotationWish,
    members: readonly Member[] | undefined,
  ): Promise<RotationLook & { after: Schedule; before: Schedule | undefined }> {
    for (const person of new Set(wish.people)) checkPerson(person, members);
    const before = await found(db, wish.schedule);
    const zone = wish.zone ?? before?.zone ?? organisation.zone;
    const after = withRotation(before, wish, clock.now().toZonedDateTimeISO(isoZone(zone)).toPlainDate());
    return { ...(await look(db, before, after, wordsOf(wish))), before, after };
  }

  const wordsOf = (wish: RotationWish): string => {
    const rotation = { ...wish, people: [...wish.people], only: [...wish.only], except: [...wish.except] };
    const { only, except, ...rest } = rotation;
    const plain = { ...rest, ...(only.length > 0 ? { only } : {}), ...(except.length > 0 ? { except } : {}) };
    const who = wish.people.map(people.nameOf).join(', ');
    return `${wish.name ? `${wish.name}${wish.adds ? ' (joins)' : ''}: ` : ''}${who}, ${rotationWords(plain)}`;
  };

  /** Keeps the change, tells whom it touches, and sets the watch over hand-offs anew. */
  async function follow(
    tx: Tx,
    row: PlanRow,
    seen: RotationLook,
    after: Schedule | undefined,
    by: string,
  ): Promise<void> {
    for (const person of seen.touched.filter((id) => id !== by && reachable(id)))
      await outbox.say(tx, {
        key: `rotation:${row.id}:${row.undone_by ? 'undone' : 'made'}:${person}`,
        kind: 'alerts.rotation',
        ids: { rotation: row.id, person },
        conversation: `person:${person}`,
      });
    // Whoever is on call from this moment on was told by this, and not by a hand-off.
    if (after) await watch.look(tx, after, seen.now.after);
    await refreshOpen(tx, outbox);
  }

  return {
    /** What the two weeks ahead would be. Changes nothing. Throws Refused with what is wrong. */
    preview: async (db: Db | Tx, wish: RotationWish, members: readonly Member[] | undefined): Promise<RotationLook> =>
      wished(db, wish, members),

    /** A layer, or the schedule's own rotation, as it is in force. Throws Refused when there is none. */
    async current(db: Db | Tx, schedule: string, name: string | undefined) {
      const known = await needed(db, schedule);
      if (name === undefined) return { schedule: known, rotation: known.rotation, adds: false };
      withoutRotation(known, name);
      const layer = known.layers.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
      if (!layer) throw new Refused(`${known.id} has no rotation ${name}.`);
      return { schedule: known, rotation: layer.rotation, adds: layer.adds, name: layer.name };
    },

    async apply(
      tx: Tx,
      wish: RotationWish,
      by: { id: string; reason?: string | undefined; draft?: string | undefined },
      members: readonly Member[] | undefined,
    ): Promise<{ change: RotationChange; look: RotationLook }> {
      await lockOncall(tx);
      const twin = by.draft && (await planOfDraft(tx, by.draft));
      if (twin) throw new Refused(`${by.draft} is in force already: it is ${twin.id}.`, '', 'finished');
      const { after, before: _before, ...seen } = await wished(tx, wish, members);
      const made = {
        schedule: after.id,
        plan: after,
        words: seen.words,
        reason: by.reason,
        by: by.id,
        draft: by.draft,
      };
      const row = await addPlan(tx, made, clock.now());
      await follow(tx, row, seen, after, by.id);
      return { change: changeOf(row), look: seen };
    },

    /** What deleting it would make of the two weeks ahead. Throws Refused where it cannot be deleted. */
    async previewDelete(db: Db | Tx, schedule: string, name: string | undefined): Promise<RotationLook> {
      const { before, after, words } = await deleted(db, schedule, name);
      return look(db, before, after, words);
    },

    async remove(
      tx: Tx,
      schedule: string,
      name: string | undefined,
      by: { id: string; reason?: string | undefined },
    ): Promise<{ change: RotationChange; look: RotationLook }> {
      await lockOncall(tx);
      const { before, after, words } = await deleted(tx, schedule, name);
      const seen = await look(tx, before, after, words);
      const row = await addPlan(
        tx,
        { schedule: before.id, plan: after, words, reason: by.reason, by: by.id },
        clock.now(),
      );
      await follow(tx, row, seen, after, by.id);
      return { change: changeOf(row), look: seen };
    },

    /** Takes the latest change of a schedule back: what was before it is in force again. */
    async undo(tx: Tx, id: string, by: string): Promise<{ change: RotationChange; look: RotationLook }> {
      await lockOncall(tx);
      const row = await findPlan(tx, id);
      if (!row) throw new Refused(`There is no change ${id}.`, 'Say “schedule” and a name for what is in force.');
      if (row.undone_by) throw new Refused(`${people.nameOf(row.undone_by)} took ${id} back already.`, '', 'finished');
      const latest = await latestOf(tx, row.schedule);
      if (latest && latest.id !== id)
        throw new Refused(`${latest.id} changed ${row.schedule} after it.`, `Say “undo rotation ${latest.id}” first.`);
      const before = await found(tx, row.schedule);
      const undone = await undoPlan(tx, id, by, clock.now());
      const after = await found(tx, row.schedule);
      if (!after) await refuseCalled(tx, row.schedule);
      const seen = await look(tx, before, after, row.words);
      await follow(tx, undone, seen, after, by);
      return { change: changeOf(undone), look: seen };
    },

    exists: async (db: Db | Tx, schedule: string): Promise<boolean> => (await found(db, schedule)) !== undefined,

    async find(db: Db | Tx, id: string): Promise<RotationChange | undefined> {
      const row = await findPlan(db, id);
      return row && changeOf(row);
    },

    /** The two weeks ahead as they are now, for whom this change touched. */
    async lookAt(db: Db | Tx, change: RotationChange): Promise<RotationLook> {
      const schedule = await found(db, change.schedule);
      if (schedule) return look(db, schedule, schedule, change.words);
      const from = clock.now();
      const nobody = { shifts: [], gaps: [], touched: [], now: { before: [], after: [] } };
      const span = { from, to: from.add({ hours: 24 * PICTURE_DAYS }), zone: organisation.zone };
      return {
        ...nobody,
        ...span,
        schedule: change.schedule,
        words: change.words,
        fresh: false,
        gone: true,
        uncalled: false,
      };
    },

    /** The change that is in force for this schedule; undefined when wardroom.yaml decides. */
    async inForce(db: Db | Tx, schedule: string): Promise<RotationChange | undefined> {
      const row = await latestOf(db, schedule);
      return row && changeOf(row);
    },
  };

  async function deleted(db: Db | Tx, schedule: string, name: string | undefined) {
    const before = await needed(db, schedule);
    if (name !== undefined) return { before, after: withoutRotation(before, name), words: `without ${name}` };
    if (organisation.schedules.some(({ id }) => id === before.id)) {
      const latest = await latestOf(db, before.id);
      throw new Refused(
        `wardroom.yaml declares ${before.id}, so it needs a rotation of its own.`,
        latest
          ? `Say “undo rotation ${latest.id}” for the one before, or “change rotation of ${before.id}”.`
          : `Say “change rotation of ${before.id}”.`,
      );
    }
    await refuseCalled(db, before.id);
    return { before, after: undefined, words: 'the whole schedule is gone' };
  }
}

/** Throws when a step of a policy calls this schedule: nobody would be called by it any more. */
async function refuseCalled(db: Db | Tx, schedule: string): Promise<void> {
  const call = (await callsInForce(db)).find((each) => each.schedule === schedule);
  if (!call) return;
  throw new Refused(
    `Step ${call.step} of ${call.policy} calls ${schedule}.`,
    `Say “stop calling ${schedule} at step ${call.step} of ${call.policy}” first.`,
  );
}

/** People whose hours are not the same; a swap of two whole shifts touches both. */
function changedHours(before: Schedule, after: Schedule, from: Temporal.Instant, to: Temporal.Instant): string[] {
  const spans = (schedule: Schedule) => {
    const own = new Map<string, string[]>();
    for (const { people, start, end } of shifts(schedule, from, to))
      for (const person of people) {
        const begins = Temporal.Instant.compare(start, from) < 0 ? from : start;
        const ends = end === undefined || Temporal.Instant.compare(end, to) > 0 ? to : end;
        own.set(person, [...(own.get(person) ?? []), `${begins}/${ends}`]);
      }
    return own;
  };
  const [was, is] = [spans(before), spans(after)];
  const all = new Set([...was.keys(), ...is.keys(), ...changed(before, after, from, to)]);
  return [...all].filter((person) => was.get(person)?.join() !== is.get(person)?.join());
}

/** A zone that does not exist is refused by the rules, with the nearest name; until then the day is read in UTC. */
function isoZone(zone: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch {
    // The rules say it better than Temporal.
    return 'UTC';
  }
}

const changeOf = (row: PlanRow): RotationChange => ({
  id: row.id,
  schedule: row.schedule,
  words: row.words,
  ...(row.reason ? { reason: row.reason } : {}),
  by: row.made_by,
  at: Temporal.Instant.from(row.made_at),
  ...(row.undone_by ? { undoneBy: row.undone_by } : {}),
});

export type Rotations = ReturnType<typeof rotations>;
