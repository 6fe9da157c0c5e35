import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Schedule } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Member } from '../core/roster.ts';
import { onCall } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { listIncidents } from './incidents.store.ts';
import { cardOf } from './incidents.ts';
import { gaps, neededSchedule, type Stretch } from './oncall.rules.ts';
import {
  addOverride,
  effectiveSchedule,
  endOverride,
  findOverride,
  liveOverrides,
  lockOncall,
  type StoredOverride,
  storedOverride,
} from './oncall.store.ts';
import type { Handoffs } from './oncall-handoffs.ts';
import { changed, checkAgainst, checkPerson, checkTimes, MOST_OVERRIDES, type Wish } from './oncall-overrides.rules.ts';
import { withPlans } from './oncall-rotations.store.ts';

/** Open incidents whose cards name who is called next. */
const MOST_REFRESHED = 200;

/** Changes of who is on call, made in chat: kept, told to whom they touch, and in force for every page from then on. */
export function overrides(
  deps: Pick<AlertsDeps, 'organisation' | 'people' | 'clock' | 'outbox'>,
  watch: Pick<Handoffs, 'look'>,
) {
  const { organisation, people, clock, outbox } = deps;
  const reachable = (person: string) => people.byId(person)?.active ?? false;

  /** Everybody who is on call otherwise than before hears of it, but not whoever did it. */
  async function tell(tx: Tx, before: Schedule, after: Schedule, entry: StoredOverride, by: string): Promise<void> {
    const now = clock.now();
    const from = Temporal.Instant.compare(entry.from, now) > 0 ? entry.from : now;
    const touched = changed(before, after, from, entry.to).filter((id) => id !== by && reachable(id));
    for (const person of touched) {
      await outbox.say(tx, {
        key: `override:${entry.number}:${entry.removedBy ? 'removed' : 'made'}:${person}`,
        kind: 'alerts.override',
        ids: { override: String(entry.number), person },
        conversation: `person:${person}`,
      });
    }
  }

  /** What follows from who is on call: the next hand-off, and the cards of open incidents, which say who is next. */
  async function follow(tx: Tx, planned: Schedule, after: Schedule, from: Temporal.Instant): Promise<void> {
    const now = clock.now();
    // What begins now was told already; what lies ahead is left to the hand-off.
    const begun = Temporal.Instant.compare(from, now) <= 0;
    await watch.look(tx, planned, begun ? onCall(after, now).people : undefined);
    await refreshOpen(tx, outbox);
  }

  const gapsIn = (schedule: Schedule, { from, to }: { from: Temporal.Instant; to: Temporal.Instant }): Stretch[] =>
    gaps(schedule, from, to, reachable).map(({ start, end }) => ({
      start,
      end: end && Temporal.Instant.compare(end, to) > 0 ? to : end,
    }));

  async function add(
    tx: Tx,
    name: string,
    wish: Wish,
    by: { id: string; reason?: string | undefined; swap?: number },
    members: readonly Member[] | undefined,
  ): Promise<{ entry: StoredOverride; gaps: Stretch[] }> {
    const now = clock.now();
    const planned = neededSchedule(await withPlans(tx, organisation), name);
    checkTimes(wish, now);
    if (wish.person !== undefined) checkPerson(wish.person, members);
    await lockOncall(tx);
    const before = await effectiveSchedule(tx, planned, now);
    checkAgainst(before, wish, people.nameOf);
    const ahead = (await liveOverrides(tx, now)).filter(
      ({ schedule, ends_at }) => schedule === planned.id && ends_at > now.toString(),
    );
    if (ahead.length >= MOST_OVERRIDES)
      throw new Refused(`${planned.id} has ${ahead.length} overrides already.`, 'Change its rotation instead.');
    const { id, reason, swap } = by;
    const row = { schedule: planned.id, by: id, ...wish, ...(reason ? { reason } : {}) };
    const entry = { ...row, number: await addOverride(tx, row, now, swap) };
    const after = await effectiveSchedule(tx, planned, now);
    // Of a swap both know by its own card.
    if (swap === undefined) await tell(tx, before, after, entry, id);
    await follow(tx, planned, after, wish.from);
    return { entry, gaps: gapsIn(after, wish) };
  }

  return {
    /** Throws Refused when the times, the person or another override forbid it. */
    add,

    /** Takes an override back; one that runs ends now. Throws Refused when there is none or it is over. */
    async remove(tx: Tx, number: number, by: string): Promise<{ entry: StoredOverride; gaps: Stretch[] }> {
      const now = clock.now();
      await lockOncall(tx);
      const row = await findOverride(tx, number);
      const planned = (await withPlans(tx, organisation)).schedules.find(({ id }) => id === row?.schedule);
      if (!row || !planned)
        throw new Refused(`There is no override ${number}.`, 'Say “schedule” and a name for those of two weeks.');
      const entry = { ...storedOverride(row), removedBy: by };
      if (row.removed_by)
        throw new Refused(`${people.nameOf(row.removed_by)} removed override ${number} already.`, '', 'override-gone');
      if (Temporal.Instant.compare(entry.to, now) <= 0) throw new Refused(`Override ${number} is over.`);
      const before = await effectiveSchedule(tx, planned, now);
      await endOverride(tx, row, by, now);
      const after = await effectiveSchedule(tx, planned, now);
      await tell(tx, before, after, entry, by);
      await follow(tx, planned, after, entry.from);
      const from = Temporal.Instant.compare(entry.from, now) > 0 ? entry.from : now;
      return { entry, gaps: gapsIn(after, { from, to: entry.to }) };
    },

    async find(db: Db | Tx, number: number): Promise<StoredOverride | undefined> {
      const row = await findOverride(db, number);
      return row && storedOverride(row);
    },
  };
}

/** The cards of open incidents say who is called next. */
export async function refreshOpen(tx: Tx, outbox: Outbox): Promise<void> {
  for (const { id } of await listIncidents(tx, { open: true, most: MOST_REFRESHED }))
    await outbox.refresh(tx, cardOf(id));
}

export type Overrides = ReturnType<typeof overrides>;
