/** A span of time, half-open: `start` belongs to it, `end` does not. Milliseconds since the epoch; `end` may be Infinity. */
export interface Interval {
  start: number;
  end: number;
}

/** The union: sorted, disjoint, neighbours that touch joined, empty ones dropped. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  const union: Interval[] = [];
  for (const { start, end } of sorted) {
    const last = union.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else union.push({ start, end });
  }
  return union;
}

/** What is in both; both must be merged already. */
export function intersection(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  for (let l = 0, r = 0; l < left.length && r < right.length; ) {
    const [a, b] = [left[l] as Interval, right[r] as Interval];
    const start = Math.max(a.start, b.start);
    const end = Math.min(a.end, b.end);
    if (end > start) common.push({ start, end });
    if (a.end <= b.end) l += 1;
    else r += 1;
  }
  return common;
}

/** What is in the first and not in the second; both must be merged already. */
export const difference = (from: readonly Interval[], without: readonly Interval[]): Interval[] =>
  intersection(from, complement(without));

function complement(intervals: readonly Interval[]): Interval[] {
  const gaps: Interval[] = [];
  let start = Number.NEGATIVE_INFINITY;
  for (const each of intervals) {
    if (each.start > start) gaps.push({ start, end: each.start });
    start = each.end;
  }
  if (start < Number.POSITIVE_INFINITY) gaps.push({ start, end: Number.POSITIVE_INFINITY });
  return gaps;
}

/** The interval that holds this instant, in a merged list; found by halving. */
export function holding(intervals: readonly Interval[], at: number): Interval | undefined {
  const found = intervals[firstEndingAfter(intervals, at)];
  return found && found.start <= at ? found : undefined;
}

/** Where the first interval stands that ends after this instant; the length of the list when there is none. */
export function firstEndingAfter(intervals: readonly Interval[], at: number): number {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] as Interval).end > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether the union of these covers the whole of that. */
export const covers = (intervals: readonly Interval[], whole: Interval): boolean =>
  merged(intervals).some(({ start, end }) => start <= whole.start && whole.end <= end);

export const overlaps = (one: Interval, other: Interval): boolean => one.start < other.end && other.start < one.end;
