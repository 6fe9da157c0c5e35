import type { Temporal } from 'temporal-polyfill';
import type { Schedule } from '../core/organisation.ts';
import { nextHandOff, onCall, shiftAt } from '../core/schedule.rules.ts';
import type { Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { AlertsDeps } from './deps.ts';
import { gaps, ownedBy, PICTURE_DAYS } from './oncall.rules.ts';
import { effectiveSchedule } from './oncall.store.ts';
import { bumpWatch, keepWatch, watchOf } from './oncall-handoffs.store.ts';
import { withPlans } from './oncall-rotations.store.ts';

export const HANDOFF = 'alerts-handoff';

/**
 * Watches every schedule with one timer each, set for its next change of hands. Who was on call when it was last looked
 * at is kept beside it, so a hand-off that happened while nothing ran is told late, and none is told twice.
 */
export function handoffs(deps: Pick<AlertsDeps, 'store' | 'organisation' | 'people' | 'clock' | 'outbox' | 'jobs'>) {
  const { store, organisation, people, clock, outbox, jobs } = deps;
  const reachable = (person: string) => people.byId(person)?.active ?? false;

  /** Sets the timer anew; one that was set before is void. `known` are on call and have been told. */
  async function look(tx: Tx, schedule: Schedule, known?: readonly string[]): Promise<void> {
    const now = clock.now();
    const first = known ?? onCall(await effectiveSchedule(tx, schedule, now), now).people;
    const generation = await bumpWatch(tx, schedule.id, first, known);
    await jobs.enqueue(tx, HANDOFF, { schedule: schedule.id, generation }, { at: now });
  }

  async function due(tx: Tx, timer: { schedule: string; generation: number }): Promise<void> {
    const watch = await watchOf(tx, timer.schedule);
    const planned = (await withPlans(tx, organisation)).schedules.find(({ id }) => id === timer.schedule);
    if (!planned || watch?.generation !== timer.generation) return;
    const now = clock.now();
    const schedule = await effectiveSchedule(tx, planned, now);
    const { people: current, start } = shiftAt(schedule, now);
    for (const person of current.filter((id) => !watch.people.includes(id) && reachable(id))) {
      await outbox.say(tx, {
        key: `handoff:${schedule.id}:${start}:${person}`,
        kind: 'alerts.handoff',
        ids: { schedule: schedule.id, person },
        conversation: `person:${person}`,
      });
    }
    await keepWatch(tx, schedule.id, current);
    await warn(tx, schedule, now);
    const next = nextHandOff(schedule, now);
    if (next) await jobs.enqueue(tx, HANDOFF, timer, { at: next });
  }

  /** A gap ahead is said once, where the alerts of the schedule's owner appear. */
  async function warn(tx: Tx, schedule: Schedule, now: Temporal.Instant): Promise<void> {
    const known = await withPlans(tx, organisation);
    const channel = ownedBy(known, schedule.id)?.channel ?? organisation.fallbackChannel;
    for (const { end } of gaps(schedule, now, now.add({ hours: 24 * PICTURE_DAYS }), reachable)) {
      const key = end?.toString() ?? 'open';
      await outbox.say(tx, {
        key: `gap:${schedule.id}:${key}`,
        kind: 'alerts.gap',
        ids: { schedule: schedule.id, end: key },
        conversation: `channel:${channel}`,
      });
    }
  }

  return {
    due,
    look,

    /** At the start, and after everything was forgotten: every schedule is watched. */
    async begin(): Promise<void> {
      await inTransaction(store.db, async (tx) => {
        for (const schedule of (await withPlans(tx, organisation)).schedules) await look(tx, schedule);
      });
    },
  };
}

export type Handoffs = ReturnType<typeof handoffs>;
