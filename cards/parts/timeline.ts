import type { Temporal } from 'temporal-polyfill';
import type { Element } from '../card.ts';
import { shrinkable } from './shrink.ts';
import { counted } from './text.ts';
import { clock, day } from './time.ts';

export interface Moment {
  at: Temporal.Instant;
  /** What happened; Markdown of the card's own. */
  what: string;
}

export const TIMELINE_SHOWN = 25;
/** Wide enough for "12:05 AM" in the default size. */
const TIME_COLUMN = '80px';
const LONG_AFTER_MS = 6 * 3600 * 1000;
const AGAIN_AFTER_MS = 12 * 3600 * 1000;

/** What happened in order, the newest last; when there is too much, the oldest are counted. */
export function timeline(
  moments: readonly Moment[],
  options: { shown?: number; total?: number } = {},
): Element | undefined {
  if (moments.length === 0) return undefined;
  const ordered = [...moments].sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds);
  const total = Math.max(options.total ?? 0, ordered.length);
  return shrinkable(Math.min(options.shown ?? TIMELINE_SHOWN, ordered.length), (count) => {
    const kept = count === 0 ? [] : ordered.slice(-count);
    const dated = daysOf(kept);
    const items: Element[] = kept.map((moment) => row(moment, dated.has(moment)));
    const earlier = total - kept.length;
    if (earlier > 0) {
      const text = counted(earlier, 'earlier entry', 'earlier entries');
      items.unshift({ type: 'TextBlock', text, isSubtle: true, size: 'Small' });
    }
    return { type: 'Container', items };
  });
}

/**
 * Where the day is written: readers' midnights differ, so it cannot be a heading; it stands where much time has passed
 * since the moment before, and again before the clock has gone round.
 */
function daysOf(moments: readonly Moment[]): ReadonlySet<Moment> {
  const dated = new Set<Moment>();
  let [before, written] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const moment of moments) {
    const at = moment.at.epochMilliseconds;
    if (at - before >= LONG_AFTER_MS || at - written >= AGAIN_AFTER_MS) {
      dated.add(moment);
      written = at;
    }
    before = at;
  }
  return dated;
}

function row(moment: Moment, withDay: boolean): Element {
  const time = { type: 'TextBlock', text: clock(moment.at), isSubtle: true, wrap: true };
  const what = { type: 'TextBlock', text: moment.what, wrap: true };
  const columns = [
    { type: 'Column', width: TIME_COLUMN, items: [time] },
    { type: 'Column', width: 'stretch', items: [what] },
  ];
  if (!withDay) return { type: 'ColumnSet', columns, spacing: 'Small' };
  const date: Element = { type: 'TextBlock', text: day(moment.at), size: 'Small', isSubtle: true, weight: 'Bolder' };
  return { type: 'Container', items: [date, { type: 'ColumnSet', columns, spacing: 'Small' }] };
}
