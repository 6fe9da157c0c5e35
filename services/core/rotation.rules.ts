import { Temporal } from 'temporal-polyfill';
import type { Rotation } from './organisation.oncall.ts';
import { hoursEdge, localise, withinHours } from './week-hours.rules.ts';

/**
 * Whose turn it is in one rotation. Turns begin at a wall-clock time in the schedule's zone, also when the clocks change;
 * week-hours.rules.ts says what a time is that happens twice or not at all.
 */

type Instant = Temporal.Instant;

/** In the units that the clock on the wall counts: a turn of a day may have 23 or 25 hours, one of 24 hours too. */
const lengthOf = ({ every, unit }: Rotation, turns: number): Temporal.DurationLike => {
  if (unit === 'hours') return { hours: turns * every };
  return { days: turns * every * (unit === 'weeks' ? 7 : 1) };
};

const HOURS = { hours: 1, days: 24, weeks: 168 } as const;

/**
 * What was worked out of a rotation, which never changes: two weeks of hourly turns ask for the same beginnings thousands
 * of times, and each costs a look into the rules of its zone.
 */
interface Known {
  zone: string;
  first: Temporal.PlainDateTime;
  turns: Map<number, Instant>;
}
const known = new WeakMap<Rotation, Known>();
const TURNS_KEPT = 2000;

function knownOf(rotation: Rotation, zone: string): Known {
  const found = known.get(rotation);
  if (found?.zone === zone) return found;
  const first = Temporal.PlainDate.from(rotation.from).toPlainDateTime(rotation.at);
  const fresh: Known = { zone, first, turns: new Map() };
  known.set(rotation, fresh);
  return fresh;
}

/** When this turn starts. */
export function handOff(rotation: Rotation, zone: string, turn: number): Instant {
  const { first, turns } = knownOf(rotation, zone);
  const found = turns.get(turn);
  if (found) return found;
  const start = localise(first.add(lengthOf(rotation, turn)), zone);
  if (turns.size >= TURNS_KEPT) turns.clear();
  turns.set(turn, start);
  return start;
}

/** The number of the turn at this instant, from 0; negative before the rotation starts. */
export function turnAt(rotation: Rotation, zone: string, at: Instant): number {
  const local = at.toZonedDateTimeISO(zone).toPlainDateTime();
  const passed = knownOf(rotation, zone).first.until(local, { largestUnit: 'hours' }).hours;
  let turn = Math.floor(passed / (rotation.every * HOURS[rotation.unit]));
  // The guess reads the clock on the wall, which is an hour off on either side of a change.
  while (Temporal.Instant.compare(handOff(rotation, zone, turn), at) > 0) turn -= 1;
  while (Temporal.Instant.compare(handOff(rotation, zone, turn + 1), at) <= 0) turn += 1;
  return turn;
}

/** The end of its last day. */
const overAt = ({ until }: Rotation, zone: string): Instant | undefined =>
  until === undefined
    ? undefined
    : localise(Temporal.PlainDate.from(until).add({ days: 1 }).toPlainDateTime('00:00'), zone);

export interface Turn {
  /** Whose turn it is; left out before the start, after the end and outside the hours. */
  person?: string;
  why: string;
}

export function turnOf(rotation: Rotation, zone: string, at: Instant, name: string): Turn {
  const turn = turnAt(rotation, zone, at);
  if (turn < 0) return { why: `${name} has not started yet` };
  const over = overAt(rotation, zone);
  if (over && Temporal.Instant.compare(at, over) >= 0) return { why: `${name} is over` };
  const { only, except, people } = rotation;
  if ((only && !withinHours(only, zone, at)) || (except && withinHours(except, zone, at)))
    return { why: `${name} is not on call at this hour` };
  const person = people[turn % people.length];
  return { ...(person === undefined ? {} : { person }), why: `turn ${turn + 1} of ${name}` };
}

/**
 * Instants around this one at which the rotation may change hands; the nearest on that side is among them. Before it
 * begins and after it is over nobody's turn begins: turns counted on for ever would hold up whoever looks for a change.
 */
export function rotationEdges(rotation: Rotation, zone: string, at: Instant, side: 'before' | 'after'): Instant[] {
  const over = overAt(rotation, zone);
  const past = over ? Temporal.Instant.compare(at, over) : -1;
  if (over && past >= 0 && (side === 'after' || past > 0)) return side === 'after' ? [] : [over];
  const turn = turnAt(rotation, zone, at);
  if (turn < 0) return side === 'after' ? [handOff(rotation, zone, 0)] : [];
  const alone = new Set(rotation.people).size < 2;
  // Turns without a length (a skipped hour) start together with their neighbours; two steps reach past them.
  const turns = alone ? [0] : [turn - 2, turn - 1, turn, turn + 1, turn + 2].map((nth) => Math.max(0, nth));
  const hours = [rotation.only ?? [], rotation.except ?? []].flatMap((all) => hoursEdge(all, zone, at, side) ?? []);
  return [...turns.map((nth) => handOff(rotation, zone, nth)), ...(over ? [over] : []), ...hours];
}
