import { Temporal } from 'temporal-polyfill';
import type { Override, Schedule } from './organisation.ts';

/**
 * Who is on call. Pure: the same schedule and instant always give the same people.
 *
 * Hand-offs happen at a wall-clock time in the schedule's zone, also when the clocks change: a time that happens twice is
 * its first occurrence (as Temporal's "compatible" and RFC 5545 3.3.5 have it), and a time that is skipped is the moment
 * the clocks jump. There "compatible" would say half an hour later still for 02:30, an hour that nobody would expect to
 * be on call: GoAlert hands off at 03:00 as well.
 */

type Instant = Temporal.Instant;

export interface OnCall {
  /** Ids of the people on call, without repetition; empty when nobody is. */
  people: readonly string[];
  /** Why these, in words: kept with a page, it answers "why was I called". */
  why: string;
}

export interface Shift {
  people: readonly string[];
  start: Instant;
  /** Exclusive. Undefined when nothing in the schedule ends it. */
  end: Instant | undefined;
}

/** The people on call at this instant: the rotation, those of the hour, then the overrides in the order of the file. */
export function onCall(schedule: Schedule, at: Instant): OnCall {
  const turn = turnAt(schedule, at);
  const takesTurn = schedule.rotation.people[turn % schedule.rotation.people.length];
  const planned = turn < 0 || takesTurn === undefined ? [] : [takesTurn];
  const why = [planned.length > 0 ? `turn ${turn + 1} of ${schedule.id}` : `${schedule.id} has not started yet`];
  for (const hours of schedule.hours) {
    if (!spans(schedule, hours, at).some(({ start, end }) => within(at, start, end))) continue;
    planned.push(hours.person);
    why.push(`${hours.person} from ${hours.from} to ${hours.to}`);
  }
  let people = planned;
  for (const override of schedule.overrides) {
    const { start, end } = spanOf(override);
    if (!within(at, start, end)) continue;
    people = overridden(people, override);
    why.push(`override until ${override.to}`);
  }
  return { people: [...new Set(people)], why: why.join('; ') };
}

/** The shift at this instant, from the hand-over before it to the next one. */
export function shiftAt(schedule: Schedule, at: Instant): Shift {
  const { people } = onCall(schedule, at);
  let start = at;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (!same(onCall(schedule, start.subtract({ milliseconds: 1 })).people, people)) break;
    const earlier = edge(schedule, start, 'before');
    if (earlier === undefined) break;
    start = earlier;
  }
  return { people, start, end: nextHandOff(schedule, at) };
}

/** The first instant after this one at which somebody else is on call; undefined when that never happens. */
export function nextHandOff(schedule: Schedule, after: Instant): Instant | undefined {
  const { people } = onCall(schedule, after);
  let at = after;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = edge(schedule, at, 'after');
    if (next === undefined || !same(onCall(schedule, next).people, people)) return next;
    at = next;
  }
  return undefined;
}

/** All shifts that touch [from, to), in order; the first and last reach beyond. */
export function shifts(schedule: Schedule, from: Instant, to: Instant): Shift[] {
  const list: Shift[] = [];
  let shift: Shift | undefined = shiftAt(schedule, from);
  while (shift) {
    list.push(shift);
    const end: Instant | undefined = shift.end;
    if (end === undefined || Temporal.Instant.compare(end, to) >= 0 || list.length >= MOST_STEPS) break;
    shift = { people: onCall(schedule, end).people, start: end, end: nextHandOff(schedule, end) };
  }
  return list;
}

/**
 * Whether two overrides would leave it unclear who is on call: they overlap, and one takes over from everybody or both
 * are about the same person.
 */
export function conflict(one: Override, other: Override): boolean {
  const [a, b] = [spanOf(one), spanOf(other)];
  if (!(Temporal.Instant.compare(a.start, b.end) < 0 && Temporal.Instant.compare(b.start, a.end) < 0)) return false;
  const everybody = ({ insteadOf, alongside }: Override) => insteadOf === undefined && !alongside;
  if (everybody(one) || everybody(other)) return true;
  const named = [one.person, one.insteadOf].filter((id) => id !== undefined);
  return named.includes(other.person ?? '') || named.includes(other.insteadOf ?? '');
}

/** Enough for a year of days with several edges each; a schedule that needs more has no hand-off worth naming. */
const MOST_STEPS = 2000;

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((id) => b.includes(id));
const within = (at: Instant, start: Instant, end: Instant) =>
  Temporal.Instant.compare(start, at) <= 0 && Temporal.Instant.compare(at, end) < 0;
const spanOf = ({ from, to }: Override) => ({ start: Temporal.Instant.from(from), end: Temporal.Instant.from(to) });

function overridden(people: string[], { person, insteadOf, alongside }: Override): string[] {
  if (insteadOf !== undefined) {
    if (!people.includes(insteadOf)) return people;
    const others = people.filter((id) => id !== insteadOf);
    return person === undefined ? others : [...others, person];
  }
  if (person === undefined) return people;
  return alongside ? [...people, person] : [person];
}

/** The number of the turn at this instant, from 0; negative before the rotation starts. */
function turnAt(schedule: Schedule, at: Instant): number {
  const { every, unit } = schedule.rotation;
  const local = at.toZonedDateTimeISO(schedule.zone).toPlainDateTime();
  const passed = firstHandOff(schedule).until(local, { largestUnit: 'hours' }).hours;
  let turn = Math.floor(passed / (unit === 'hours' ? every : every * 24));
  // The guess reads the clock on the wall, which is an hour off on either side of a change.
  while (Temporal.Instant.compare(handOff(schedule, turn), at) > 0) turn -= 1;
  while (Temporal.Instant.compare(handOff(schedule, turn + 1), at) <= 0) turn += 1;
  return turn;
}

const firstHandOff = ({ rotation }: Schedule): Temporal.PlainDateTime =>
  Temporal.PlainDate.from(rotation.from).toPlainDateTime(rotation.at);

/** When this turn starts. */
function handOff(schedule: Schedule, turn: number): Instant {
  const { every, unit } = schedule.rotation;
  return localise(firstHandOff(schedule).add({ [unit]: turn * every }), schedule.zone);
}

/** The instant of a wall-clock time, by the rules above. */
function localise(local: Temporal.PlainDateTime, zone: string): Instant {
  const zoned = local.toZonedDateTime(zone, { disambiguation: 'compatible' });
  if (zoned.toPlainDateTime().equals(local)) return zoned.toInstant();
  // "previous" is strictly before, and the first skipped minute is moved to the jump itself.
  const jump = zoned.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return (jump ?? zoned).toInstant();
}

/** The spans of some hours of the day that lie around an instant. */
function spans(schedule: Schedule, hours: Schedule['hours'][number], at: Instant): { start: Instant; end: Instant }[] {
  const today = at.toZonedDateTimeISO(schedule.zone).toPlainDate();
  const overnight = hours.to <= hours.from ? 1 : 0;
  return [-2, -1, 0, 1, 2].map((days) => {
    const day = today.add({ days });
    return {
      start: localise(day.toPlainDateTime(hours.from), schedule.zone),
      end: localise(day.add({ days: overnight }).toPlainDateTime(hours.to), schedule.zone),
    };
  });
}

/** The nearest instant strictly after, or at or before, this one at which the schedule may change hands. */
function edge(schedule: Schedule, at: Instant, side: 'before' | 'after'): Instant | undefined {
  const edges: Instant[] = schedule.overrides.flatMap((override) => Object.values(spanOf(override)));
  for (const hours of schedule.hours)
    edges.push(...spans(schedule, hours, at).flatMap(({ start, end }) => [start, end]));
  const turn = turnAt(schedule, at);
  const alone = new Set(schedule.rotation.people).size < 2;
  // Turns without a length (a skipped hour) start together with their neighbours; two steps reach past them.
  const turns = alone ? [0] : [turn - 2, turn - 1, turn, turn + 1, turn + 2].map((nth) => Math.max(0, nth));
  edges.push(...turns.map((nth) => handOff(schedule, nth)));
  const order = (a: Instant, b: Instant) => Temporal.Instant.compare(a, b);
  if (side === 'after') return edges.filter((time) => order(time, at) > 0).sort(order)[0];
  return edges
    .filter((time) => order(time, at) < 0)
    .sort(order)
    .at(-1);
}
