import { decimal, sumOf } from './money.rules.ts';
import {
  beyond,
  median,
  type RelativeMove,
  type Sensitivity,
  scoreAgainst,
  type WeekdayScore,
} from './outliers.rules.ts';

export interface Course {
  class: 'normal' | 'spike' | 'drop' | 'step_change' | 'drift';
  /** Notices this course deserves: one for each run of days out of the ordinary, not one a day. */
  alerts: number;
  /** What is normal from now on. */
  newBaseline: number;
}

/**
 * What happened since a baseline, from the days after it: a spike or drop came back, a step change stays on a new level, a
 * drift climbs day by day. A day is out when it is further away than the relative and the absolute floor.
 * A level that has held for `settledDays` is the new baseline: the same step is never reported twice.
 */
export function classifyCourse(
  baseline: number,
  days: readonly number[],
  { thresholdPercent = 20, absoluteFloor = 10, settledDays = 3 } = {},
): Course {
  const limit = Math.max((thresholdPercent / 100) * Math.abs(baseline), absoluteFloor);
  const out = days.map((day) => (beyond(Math.abs(day - baseline), limit) ? Math.sign(day - baseline) : 0));
  const runs = out.filter((side, index) => side !== 0 && side !== (out[index - 1] ?? 0)).length;
  const last = out.at(-1) ?? 0;
  if (runs === 0) return { class: 'normal', alerts: 0, newBaseline: baseline };
  let begins = out.length;
  while (last !== 0 && begins > 0 && out[begins - 1] === last) begins -= 1;
  const tail = days.slice(begins);
  const up = (out.find((side) => side !== 0) ?? 1) > 0;
  if (tail.length < settledDays) return { class: up ? 'spike' : 'drop', alerts: runs, newBaseline: baseline };
  if (climbs(baseline, days, limit)) return { class: 'drift', alerts: runs, newBaseline: tail.at(-1) ?? baseline };
  return { class: 'step_change', alerts: runs, newBaseline: median(tail) };
}

const WEEK = 7;

/**
 * The last week as if each day were of the last day's weekday: what its own weekday cost more or less before is taken off,
 * so that a weekend is no drop. Days that are missing are left out.
 */
export function onOneWeekday(days: readonly (number | undefined)[]): number[] {
  const usual = (index: number): number | undefined => {
    const before = days.slice(0, index).filter((value, at) => value !== undefined && (index - at) % WEEK === 0);
    return before.length > 0 ? median(before.filter((value) => value !== undefined)) : undefined;
  };
  const norm = usual(days.length - 1);
  return days.flatMap((value, index) => {
    if (value === undefined || index < days.length - WEEK) return [];
    const own = usual(index);
    return [norm === undefined || own === undefined ? value : value + norm - own];
  });
}

/** Day by day further away, and no single day made most of the way. */
function climbs(baseline: number, days: readonly number[], limit: number): boolean {
  const side = Math.sign((days.at(-1) ?? baseline) - baseline);
  const steps = days.map((day, index) => side * (day - (days[index - 1] ?? baseline)));
  const way = Math.abs((days.at(-1) ?? baseline) - baseline);
  return way > limit && steps.every((step) => step >= 0) && Math.max(...steps) < way / 2;
}

export interface Driver {
  name: string;
  before: number;
  after: number;
  delta: number;
}

export interface Attribution {
  delta: number;
  /** The largest increase first, the largest decrease last. */
  drivers: Driver[];
  /** The first driver's part of the whole change, percent; above 100 when others went the other way. */
  topSharePercent: number | undefined;
}

/** Which parts made a total move. Parts that exist on one side only count as from or to nothing. */
export function attribute(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Attribution {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const drivers = names
    .map((name) => {
      const was = Object.hasOwn(before, name) ? (before[name] ?? 0) : 0;
      const is = Object.hasOwn(after, name) ? (after[name] ?? 0) : 0;
      return { name, before: was, after: is, delta: decimal(is).minus(was).toNumber() };
    })
    .filter(({ delta }) => delta !== 0)
    .sort((a, b) => b.delta - a.delta || (a.name < b.name ? -1 : 1));
  const delta = sumOf(drivers.map((each) => each.delta)).toNumber();
  // For a fall the parts that fell are its drivers: the steepest is named first.
  const top = delta < 0 ? drivers.at(-1) : drivers[0];
  return { delta, drivers, topSharePercent: delta === 0 || !top ? undefined : (top.delta / delta) * 100 };
}

/** A cost movement and what was planned for that day: known causes are told where they were planned, and wake nobody. */
export function notifyOf(
  anomaly: Pick<RelativeMove, 'anomaly'>,
  linkedChange: string | undefined,
): { anomaly: boolean; page: boolean; notify: string } {
  if (!anomaly.anomaly) return { anomaly: false, page: false, notify: 'nothing' };
  if (linkedChange === undefined) return { anomaly: true, page: true, notify: 'the owners’ channel' };
  const change = linkedChange.trim().split(/\s/)[0] ?? linkedChange;
  return { anomaly: true, page: false, notify: `threaded note on ${change}, no page` };
}

export interface Series {
  /** `meter:GPU`, `endpoint:ep-fraud`, … */
  key: string;
  /** Daily cost in order; the last day is the one that is judged. Days without data are `undefined`, never zero. */
  days: readonly (number | undefined)[];
  /** 0 = Monday, of the first day. */
  firstWeekday: number;
}

export interface Finding extends WeekdayScore {
  key: string;
  value: number;
  kind: RelativeMove['kind'];
  /** The weekday's usual cost. */
  expected: number;
}

const HISTORY_DAYS = 56;
const FEWEST_SAME_DAYS = 3;

/**
 * Judges the last day of each series by itself, so that a fall in one can never hide a rise in another. With less than
 * three of the same weekday behind it, a day is judged against all days (a new resource has no weekdays yet).
 * A day without data is no finding: missing is not zero.
 */
export function findAnomalies(series: readonly Series[], sensitivity: Sensitivity = {}): Finding[] {
  return series.flatMap(({ key, days, firstWeekday }) => {
    const value = days.at(-1);
    if (value === undefined) return [];
    const weekday = (firstWeekday + days.length - 1) % 7;
    const history = days.slice(0, -1).slice(-HISTORY_DAYS);
    const first = (firstWeekday + Math.max(0, days.length - 1 - history.length)) % 7;
    const known = history.flatMap((day, index) => (day === undefined ? [] : [{ day, weekday: (first + index) % 7 }]));
    const same = known.filter((each) => each.weekday === weekday);
    const compared = same.length >= FEWEST_SAME_DAYS ? same : known;
    const score = scoreAgainst(compared.length > 0 ? compared.map(({ day }) => day) : [0], value, sensitivity);
    if (!score.anomaly) return [];
    const kind = score.median === 0 ? 'new_cost' : value === 0 ? 'removed_cost' : 'changed';
    return [{ ...score, key, value, kind, expected: score.median }];
  });
}
