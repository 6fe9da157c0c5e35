import { Temporal } from 'temporal-polyfill';
import { type Shift, shifts } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import {
  gaps,
  neededSchedule,
  ownShifts,
  PICTURE_DAYS,
  type Scope,
  type Standing,
  scopeOf,
  servedBy,
  standing,
} from './oncall.rules.ts';
import { effectiveSchedules, liveOverrides, storedOverride, withStored } from './oncall.store.ts';
import { withPlans } from './oncall-rotations.store.ts';

/** A person's shifts are looked for this far ahead: a rotation of ten people by the week comes round in it. */
const OWN_SHIFTS_DAYS = 10 * 7;
const MOST_OWN_SHIFTS = 10;

export interface ScheduleStanding extends Standing {
  schedule: string;
  /** 1-based steps of the escalation that call it, when an endpoint or a team was asked about. */
  steps: readonly number[];
  /** Every shift that touches the time asked about, when that has a length. */
  shifts: readonly Shift[];
}

/** Who is on call, as people ask it: the file and what was changed in chat together. */
export function oncall({ organisation, people }: Pick<AlertsDeps, 'organisation' | 'people'>) {
  const reachable = (person: string) => people.byId(person)?.active ?? false;

  return {
    /** Who is on call at a time and next for an endpoint, a team, a schedule, or everywhere. Throws Refused on other names. */
    async now(
      db: Db,
      about: string | undefined,
      at: Temporal.Instant,
      until = at,
    ): Promise<{ scope: Scope; standings: ScheduleStanding[] }> {
      const known = await withPlans(db, organisation);
      const scope = scopeOf(known, about);
      const schedules = await effectiveSchedules(db, known.schedules, at);
      const standings = scope.schedules.flatMap(({ id, steps }) => {
        const schedule = schedules.find((entry) => entry.id === id);
        if (!schedule) return [];
        const touched = ahead(until, at) ? shifts(schedule, at, until) : [];
        return [{ schedule: id, steps, shifts: touched, ...standing(schedule, at, reachable) }];
      });
      return { scope, standings };
    },

    /** Ids of the endpoints whose escalation calls this schedule. */
    async serves(db: Db | Tx, schedule: string): Promise<ReadonlySet<string>> {
      return new Set(servedBy(await withPlans(db, organisation), schedule).map(({ id }) => id));
    },

    /** The next shifts of one person over all schedules, the nearest first. */
    async shiftsOf(db: Db, person: string, at: Temporal.Instant) {
      const until = at.add({ hours: 24 * OWN_SHIFTS_DAYS });
      const { schedules: planned } = await withPlans(db, organisation);
      const schedules = await effectiveSchedules(db, planned, at);
      const own = schedules
        .flatMap((schedule) =>
          ownShifts(schedule, person, at, until, MOST_OWN_SHIFTS).map((shift) => ({ schedule: schedule.id, ...shift })),
        )
        .sort((a, b) => a.start.epochMilliseconds - b.start.epochMilliseconds)
        .slice(0, MOST_OWN_SHIFTS);
      return { shifts: own, days: OWN_SHIFTS_DAYS };
    },

    /** Two weeks of a schedule from now. Throws Refused when there is no such schedule. */
    async picture(db: Db, name: string, from: Temporal.Instant) {
      const planned = neededSchedule(await withPlans(db, organisation), name);
      const rows = (await liveOverrides(db, from)).filter(({ schedule }) => schedule === planned.id);
      const schedule = withStored(planned, rows);
      const to = from.add({ hours: 24 * PICTURE_DAYS });
      return {
        name: schedule.id,
        zone: schedule.zone,
        from,
        to,
        shifts: shifts(schedule, from, to),
        gaps: gaps(schedule, from, to, reachable),
        overrides: rows.map(storedOverride).filter((entry) => ahead(entry.to, from) && ahead(to, entry.from)),
      };
    },
  };
}

const ahead = (later: Temporal.Instant, earlier: Temporal.Instant) => Temporal.Instant.compare(later, earlier) > 0;
