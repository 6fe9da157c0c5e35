import type { Calendar, Matched } from './calendar.ts';
import { type Interval, intersection, merged } from './intervals.ts';
import type { Target } from './scope.rules.ts';
import { localise, wallClock } from './zones.ts';

/** One day of the picture, in hours of local time; the three add up to its length (23 and 25 when the clocks change). */
export interface DayLook {
  /** "2026-11-23". */
  date: string;
  open: number;
  /** Outside every window. */
  closed: number;
  frozen: number;
  /** Names of what freezes, maintains or is told on this day. */
  what: readonly string[];
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PLAIN = { manual: false, is: [] };

/** The next days for one target, or averaged over several: the share of each day in which a change may run. */
export function daysAhead(
  calendar: Calendar,
  targets: readonly Target[],
  fromMs: number,
  zone: string,
  days: number,
): DayLook[] {
  const about = targets.map((target) => calendar.about(target));
  const today = Math.floor(wallClock(zone, fromMs) / DAY_MS) * DAY_MS;
  return Array.from({ length: days }, (_, index) => {
    const span = { start: localise(zone, today + index * DAY_MS), end: localise(zone, today + (index + 1) * DAY_MS) };
    const looks = about.map((each) => hoursOf(each, span));
    const mean = (pick: (look: Hours) => number) =>
      looks.reduce((sum, look) => sum + pick(look), 0) / Math.max(1, looks.length);
    return {
      date: new Date(today + index * DAY_MS).toISOString().slice(0, 10),
      open: round(mean(({ open }) => open)),
      closed: round(mean(({ closed }) => closed)),
      frozen: round(mean(({ frozen }) => frozen)),
      what: [...new Set(looks.flatMap(({ what }) => what))],
    };
  });
}

type Hours = Omit<DayLook, 'date'>;

function hoursOf(about: Matched, day: Interval): Hours {
  const whole = [day];
  const of = (kinds: readonly string[]) => about.entries.filter(({ spec }) => kinds.includes(spec.kind));
  const within = (spans: readonly Interval[]) => intersection(whole, spans);
  const frozenSpans = merged(of(['deny']).flatMap((entry) => entry.spans(day.start)));
  const openSpans = about.bad.length > 0 ? [] : within(about.timeline(day.start, PLAIN).open);
  const open = hours(openSpans);
  const frozen = hours(within(frozenSpans));
  const what = of(['deny', 'maintenance', 'advisory'])
    .filter((entry) => within(entry.spans(day.start)).length > 0)
    .map(({ spec }) => spec.name ?? spec.id);
  return { open, frozen, closed: Math.max(0, hours(whole) - open - frozen), what };
}

const hours = (spans: readonly Interval[]): number =>
  spans.reduce((sum, { start, end }) => sum + end - start, 0) / HOUR_MS;
const round = (value: number): number => Math.round(value * 10) / 10;
