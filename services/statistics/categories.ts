import type { CategoricalPair } from './measure.ts';

/** A category's name: `1`, `true` and `"1"`, `"true"` are read alike, as Spark's and DuckDB's casts to text do. */
export const keyOf = (value: unknown): string => (Object.is(value, -0) ? '0' : String(value));

export interface CategoryCounts {
  rows: number;
  nulls: number;
  counts: ReadonlyMap<string, number>;
}

/** Null, undefined and NaN are missing; everything else is a category. */
export function categoryCounts(values: Iterable<unknown>): CategoryCounts {
  const counts = new Map<string, number>();
  let [rows, nulls] = [0, 0];
  for (const value of values) {
    rows++;
    if (value === null || value === undefined || Number.isNaN(value)) nulls++;
    else counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  }
  return { rows, nulls, counts };
}

/** Joins both sides; counts have to be whole and not negative. */
export function categoricalPair(reference: CategoryCounts, current: CategoryCounts): CategoricalPair {
  for (const { counts } of [reference, current])
    for (const count of counts.values())
      if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`a count is a whole number, not ${count}`);
  const keys = [...new Set([...reference.counts.keys(), ...current.counts.keys()])].sort(byCodePoint);
  const side = ({ rows, nulls, counts }: CategoryCounts) => ({
    rows,
    nulls,
    n: [...counts.values()].reduce((sum, count) => sum + count, 0),
  });
  return {
    reference: side(reference),
    current: side(current),
    categories: keys
      .map((key) => ({
        key,
        reference: reference.counts.get(key) ?? 0,
        current: current.counts.get(key) ?? 0,
        times: 1,
      }))
      .filter((category) => category.reference + category.current > 0),
  };
}

/** JavaScript compares UTF-16 units: characters beyond the basic plane would stand before some within it. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
