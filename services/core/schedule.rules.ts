import { Temporal } from 'temporal-polyfill';
import type { Override, Schedule } from './organisation.ts';
import { rotationEdges, turnOf } from './rotation.rules.ts';
import { hoursEdge, withinHours } from './week-hours.rules.ts';

/** Who is on call. Pure: the same schedule and instant always give the same people. */

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

/**
 * The people on call at this instant: the rotation, those of the hour, then the layers in order (each takes the place of
 * what is below where it is on call, or joins it), then the overrides in the order of the file.
 */
export function onCall(schedule: Schedule, at: Instant): OnCall {
  const { zone } = schedule;
  const base = turnOf(schedule.rotation, zone, at, schedule.id);
  let planned = base.person === undefined ? [] : [base.person];
  const why = [base.why];
  for (const hours of schedule.hours) {
    if (!withinHours([hours], zone, at)) continue;
    planned.push(hours.person);
    why.push(`${hours.person} from ${hours.from} to ${hours.to}`);
  }
  for (const { name, rotation, adds } of schedule.layers) {
    const turn = turnOf(rotation, zone, at, `layer ${name}`);
    if (turn.person === undefined) continue;
    planned = adds ? [...planned, turn.person] : [turn.person];
    why.push(turn.why);
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
    if (earlier === undefined || Math.abs(at.epochMilliseconds - earlier.epochMilliseconds) > FARTHEST_MS) break;
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
    if (next.epochMilliseconds - after.epochMilliseconds > FARTHEST_MS) return undefined;
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
/**
 * Hours of a rotation that has not begun, or is over, have edges for ever at which nobody changes hands: looked at for
 * thousands of weekends, they would hold up whoever asks who is on call.
 */
const FARTHEST_MS = 400 * 86_400_000;

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

/** The nearest instant strictly after, or strictly before, this one at which the schedule may change hands. */
function edge(schedule: Schedule, at: Instant, side: 'before' | 'after'): Instant | undefined {
  const { zone } = schedule;
  const edges: Instant[] = schedule.overrides.flatMap((override) => Object.values(spanOf(override)));
  for (const hours of schedule.hours) edges.push(...[hoursEdge([hours], zone, at, side) ?? []].flat());
  for (const rotation of [schedule.rotation, ...schedule.layers.map((layer) => layer.rotation)])
    edges.push(...rotationEdges(rotation, zone, at, side));
  const order = (a: Instant, b: Instant) => Temporal.Instant.compare(a, b);
  if (side === 'after') return edges.filter((time) => order(time, at) > 0).sort(order)[0];
  return edges
    .filter((time) => order(time, at) < 0)
    .sort(order)
    .at(-1);
}
