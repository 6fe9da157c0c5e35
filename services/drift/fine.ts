import { type Closing, runningSum } from '../statistics/index.ts';
import { binOf, knotOf, type Segments } from './segments.ts';

/** What a bin holds on both sides. */
export interface FineBin {
  bin: number;
  reference: number;
  current: number;
  /** Sums of the distances from the piece's knot: no digits are lost where all values are large. */
  restReference: number;
  restCurrent: number;
  lowest: number;
  highest: number;
}

/** Two answers of (bin, count, sum, lowest, highest), each in the order of its bins, merged in that order. */
export function mergeBins(left: readonly Float64Array[], right: readonly Float64Array[]): FineBin[] {
  const merged: FineBin[] = [];
  const at = (columns: readonly Float64Array[], column: number, i: number): number =>
    columns[column]?.[i] ?? Number.POSITIVE_INFINITY;
  const [most, others] = [left[0]?.length ?? 0, right[0]?.length ?? 0];
  let [i, j] = [0, 0];
  while (i < most || j < others) {
    const bin = Math.min(at(left, 0, i), at(right, 0, j));
    const [a, b] = [at(left, 0, i) === bin, at(right, 0, j) === bin];
    merged.push({
      bin,
      reference: a ? at(left, 1, i) : 0,
      current: b ? at(right, 1, j) : 0,
      restReference: a ? at(left, 2, i) : 0,
      restCurrent: b ? at(right, 2, j) : 0,
      lowest: Math.min(a ? at(left, 3, i) : Number.POSITIVE_INFINITY, b ? at(right, 3, j) : Number.POSITIVE_INFINITY),
      highest: Math.max(a ? at(left, 4, i) : Number.NEGATIVE_INFINITY, b ? at(right, 4, j) : Number.NEGATIVE_INFINITY),
    });
    if (a) i++;
    if (b) j++;
  }
  return merged;
}

export interface OpenBin {
  bin: number;
  /** The difference of the distribution functions before the bin, in units of 1/(n·m). */
  start: number;
  /** Where the next bin begins. */
  ends: number;
  /** Its area is not known yet; else only its largest distance is asked for. */
  measure: boolean;
}

/**
 * Walks along the bins: the area between the distribution functions where it is certain, the largest distance at the
 * borders, and the bins that have to be looked into. Distances are whole numbers of 1/(n·m), exact up to 9·10¹⁵.
 */
export function walk(
  bins: readonly FineBin[],
  segments: Segments,
  n: number,
  m: number,
): { area: number; most: number; open: OpenBin[] } {
  let [start, most] = [0, 0];
  const starts = bins.map((bin) => {
    const before = start;
    start += bin.reference * m - bin.current * n;
    most = Math.max(most, Math.abs(start));
    return before;
  });
  const area = runningSum();
  const open: OpenBin[] = [];
  bins.forEach((bin, i) => {
    const before = starts[i] as number;
    const next = bins[i + 1]?.lowest;
    const [up, down] = [before + bin.reference * m, before - bin.current * n];
    // All of one value: there is no order within the bin.
    if (bin.lowest === bin.highest && next !== undefined) {
      area.add((Math.abs(before + bin.reference * m - bin.current * n) / n / m) * (next - bin.lowest));
      return;
    }
    // Where the difference keeps its sign, the order within the bin does not matter: counts and sums are enough.
    const certain = next !== undefined && ((before >= 0 && down >= 0) || (before <= 0 && up <= 0));
    if (certain) area.add(Math.abs(areaOf(bin, knotOf(segments, bin.bin), before / n / m, next, n, m)));
    const hidden = Math.max(Math.abs(up), Math.abs(down)) > most;
    if (!certain || hidden) open.push({ bin: bin.bin, start: before, ends: next ?? bin.lowest, measure: !certain });
  });
  return { area: area.value(), most, open };
}

/** ∫ (F − G) dx from the bin's lowest value to the next bin's. */
function areaOf(bin: FineBin, knot: number, start: number, next: number, n: number, m: number): number {
  const end = next - knot;
  return (
    start * (next - bin.lowest) +
    (bin.reference * end - bin.restReference) / n -
    (bin.current * end - bin.restCurrent) / m
  );
}

/** Where the order statistics of quantiles are to be found, and how they become quantiles (type 7). */
export function orderStatistics(bins: readonly FineBin[], n: number, shares: readonly number[]) {
  const below = shares.map((share) => Math.floor(share * (n - 1)));
  const ranks = [...new Set(below.flatMap((rank) => [rank, Math.min(rank + 1, n - 1)]))].sort((a, b) => a - b);
  let [i, before] = [0, 0];
  const places = ranks.map((rank) => {
    while (before + (bins[i]?.reference ?? Number.POSITIVE_INFINITY) <= rank) before += bins[i++]?.reference ?? 0;
    return { rank, bin: bins[i]?.bin ?? 0, place: rank - before + 1 };
  });
  const read = (values: ReadonlyMap<number, number>): number[] =>
    shares.map((share, k) => {
      const rank = below[k] as number;
      const low = values.get(rank) ?? Number.NaN;
      const high = values.get(Math.min(rank + 1, n - 1)) ?? Number.NaN;
      const t = share * (n - 1) - rank;
      return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
    });
  return { places, read };
}

/** Values before each edge: all of the bins before its own, and those inside. */
export function belowEdges(
  bins: readonly FineBin[],
  side: 'reference' | 'current',
  segments: Segments,
  edges: readonly number[],
  inside: ReadonlyMap<number, number>,
): number[] {
  return edges.map((edge, place) => {
    const own = binOf(segments, edge);
    let before = inside.get(place) ?? 0;
    for (const bin of bins) if (bin.bin < own) before += bin[side];
    return before;
  });
}

/** Whether a value on the edge lies before it. */
export const takesEdge = (closing: Closing, i: number, edges: readonly number[]): boolean =>
  closing === 'cuts' || i === edges.length - 1;

/** Counts between edges from the counts below them. */
export function countsOf(closing: Closing, all: number, below: readonly number[]): number[] {
  const ends = closing === 'cuts' ? [0, ...below, all] : below;
  return ends.slice(1).map((end, i) => end - (ends[i] as number));
}
