import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { spansOf } from './spans.ts';
import { type ReadWindow, readWindow, type WindowSpec } from './spec.rules.ts';

export interface Run {
  start: Temporal.Instant;
  end: Temporal.Instant;
  /** After this nothing new is begun. */
  lastStart: Temporal.Instant;
}

const YEAR_MS = 366 * 86_400_000;
const YEARS_LOOKED = 10;

/** The first run of a window that begins at or after `from`; `cutoffMinutes` before its end nothing is begun any more. */
export function firstRun(spec: WindowSpec, from: Temporal.Instant, cutoffMinutes = 0): Run | undefined {
  const reading = readWindow(spec);
  if (!reading.ok) throw new Refused(reading.error, reading.next, reading.code);
  return runFrom(reading.window, from, cutoffMinutes);
}

function runFrom(window: ReadWindow, from: Temporal.Instant, cutoffMinutes: number): Run | undefined {
  const fromMs = from.epochMilliseconds;
  for (let year = 0; year < YEARS_LOOKED; year += 1) {
    const spans = spansOf(window, fromMs + year * YEAR_MS, fromMs + (year + 1) * YEAR_MS);
    const found = spans.find(({ start }) => start >= fromMs);
    if (!found) continue;
    const [start, end] = [found.start, found.end].map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
    if (!start || !end) return undefined;
    return { start, end, lastStart: end.subtract({ seconds: Math.round(cutoffMinutes * 60) }) };
  }
  return undefined;
}

/** Windows a day has, as people type them ("22:00" to "05:00"), on some weekdays or every day. */
export interface DailyWindows {
  zone: string;
  windows: readonly { start: string; end: string }[];
  /** 1 is Sunday, 7 Saturday; empty is every day. A window belongs to the day on which it begins. */
  days?: readonly number[];
}

const BY_DAY = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
/** A Sunday long before any question, so that every weekday's series has begun. */
const SERIES_FROM = Temporal.PlainDate.from('2000-01-02');

/** The same as calendar entries: an allow-list. Without windows the named days are open as a whole; without both, always. */
export function dailyAllows({ zone, windows, days = [] }: DailyWindows): WindowSpec[] {
  const names = days.map((day) => BY_DAY[day - 1]);
  if (names.some((name) => name === undefined))
    throw new Refused(`Days go from 1 (Sunday) to 7, not ${days.join(', ')}.`, '', 'bad-day');
  if (windows.length === 0 && days.length === 0) return [];
  const hours = windows.length > 0 ? windows : [{ start: '00:00', end: '00:00' }];
  const rrule = days.length > 0 ? `FREQ=WEEKLY;BYDAY=${names.join(',')}` : 'FREQ=DAILY';
  return hours.map(({ start, end }, index) => {
    const ends = end <= start ? SERIES_FROM.add({ days: 1 }) : SERIES_FROM;
    return {
      id: `daily-${index + 1}`,
      name: `${start} to ${end}`,
      kind: 'allow',
      zone,
      start: `${SERIES_FROM}T${start}`,
      end: `${ends}T${end}`,
      rrule,
      scope: { where: {}, everything: true },
    };
  });
}

/**
 * How long a stepwise rollout takes at least, and a rollback at worst, in minutes (Flagger's arithmetic; a last step that
 * is smaller than the others takes a whole interval too).
 */
export function rolloutMinutes(plan: {
  intervalSeconds: number;
  maxWeight: number;
  stepWeight: number;
  /** Failed checks until it is rolled back. */
  threshold?: number;
}): { promote: number; rollback: number; needed: number } {
  const { intervalSeconds, maxWeight, stepWeight, threshold = 0 } = plan;
  const promote = (intervalSeconds * Math.ceil(maxWeight / stepWeight)) / 60;
  const rollback = (intervalSeconds * threshold) / 60;
  return { promote, rollback, needed: promote + rollback };
}
