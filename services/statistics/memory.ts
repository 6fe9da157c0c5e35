import { type Closing, type Joint, momentsOf, type NumericColumn, type NumericPair } from './columns.ts';
import { distinctIn, sortedDistances } from './merge.ts';
import { quantileOfSorted } from './quantile.ts';

/** Two columns in memory, sorted once: every number is read from the sorted values. */
export function memoryPair(reference: NumericColumn, current: NumericColumn): NumericPair {
  const [a, b] = [reference.sorted, current.sorted];
  let walked: ReturnType<typeof sortedDistances> | undefined;
  return {
    reference: momentsOf(reference),
    current: momentsOf(current),
    distinctUnion: async () => distinctIn(a, b),
    counts: async (edges, closing) => ({
      reference: countsIn(a, edges, closing),
      current: countsIn(b, edges, closing),
    }),
    joint: async () => jointOf(a, b),
    quantiles: async (shares) => shares.map((share) => quantileOfSorted(a, share)),
    async distances() {
      walked ??= sortedDistances(a, b);
      return walked;
    },
  };
}

/** Integer counts of ascending values in the bins of ascending edges. */
export function countsIn(sorted: Float64Array, edges: readonly number[], closing: Closing): number[] {
  if (closing === 'cuts') {
    const upTo = edges.map((cut) => upperBound(sorted, cut));
    return [...upTo, sorted.length].map((end, i) => end - (i === 0 ? 0 : (upTo[i - 1] as number)));
  }
  const last = edges.length - 1;
  const before = edges.map((edge, i) => (i === last ? upperBound(sorted, edge) : lowerBound(sorted, edge)));
  return before.slice(1).map((end, i) => end - (before[i] as number));
}

/** Distinct values with their counts, in ascending order. */
export function jointOf(a: Float64Array, b: Float64Array): Joint[] {
  const found: Joint[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    const [fromI, fromJ] = [i, j];
    while (i < a.length && a[i] === at) i++;
    while (j < b.length && b[j] === at) j++;
    found.push({ reference: i - fromI, current: j - fromJ, times: 1 });
  }
  return found;
}

/** How many values are < x. */
export const lowerBound = (sorted: Float64Array, x: number): number => bound(sorted, (value) => value < x);
/** How many values are <= x. */
export const upperBound = (sorted: Float64Array, x: number): number => bound(sorted, (value) => value <= x);

function bound(sorted: Float64Array, before: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
