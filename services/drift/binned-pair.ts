import {
  type Joint,
  type Moments,
  memoryPair,
  type NumericPair,
  runningSum,
  sortDoubles,
} from '../statistics/index.ts';
import { belowEdges, countsOf, mergeBins, type OpenBin, orderStatistics, takesEdge, walk } from './fine.ts';
import { BINS, binOf, type Segments, segmentsFor } from './segments.ts';
import { type Lifted, sortedColumn } from './sides.ts';

/** Below this sorting is as fast: the bins have a price of their own. */
const ROWS_LEAST = 400_000;
/** About this many values tell how the bins are laid. */
const SAMPLE_ROWS = 8192;

/**
 * Two columns in memory, exact as a sort would be, but without one: values are counted and summed in some thousand bins,
 * and only those bins are sorted where that leaves something open. Four times as fast on a million values. `undefined` when
 * there are few values, or when they lie so that equal bins do not spread them.
 */
export function binnedPair(reference: Lifted, current: Lifted, least = ROWS_LEAST): NumericPair | undefined {
  const [n, m] = [reference.values.length, current.values.length];
  if (Math.min(n, m) < least) return undefined;
  const segments = segmentsFor(sampleOf(reference.values, current.values));
  if (segments.knots.length > 1) return undefined;
  const [a, b] = [binned(reference.values, segments), binned(current.values, segments)];
  const bins = mergeBins(a.columns, b.columns);
  let walked: { wasserstein: number; ks: number } | undefined;
  let sorted: NumericPair | undefined;
  const bySorting = (): NumericPair => {
    sorted ??= memoryPair(sortedColumn(copyOf(reference)), sortedColumn(copyOf(current)));
    return sorted;
  };
  const inside = (side: Binned, edges: readonly number[], closing: 'cuts' | 'right-open') => {
    const own = edges.map((edge) => binOf(segments, edge));
    const held = collect(side, own);
    return new Map(
      own.map((bin, place) => {
        const [edge, takes] = [edges[place] as number, takesEdge(closing, place, edges)];
        return [place, held(bin).reduce((sum, x) => sum + (x < edge || (takes && x === edge) ? 1 : 0), 0)];
      }),
    );
  };
  return {
    reference: momentsOf(reference, a, bySorting, 'reference'),
    current: momentsOf(current, b, bySorting, 'current'),
    distinctUnion: () => bySorting().distinctUnion(),
    joint: (): Promise<Joint[]> => bySorting().joint(),
    async counts(edges, closing) {
      // How many stand within the reference's own range: there is nothing to look up on its side.
      if (closing === 'right-open' && edges.length === 2 && edges[0] === a.min && edges[1] === a.max)
        return {
          reference: [n],
          current: [current.values.reduce((sum, x) => sum + (x >= a.min && x <= a.max ? 1 : 0), 0)],
        };
      return {
        reference: countsOf(closing, n, belowEdges(bins, 'reference', segments, edges, inside(a, edges, closing))),
        current: countsOf(closing, m, belowEdges(bins, 'current', segments, edges, inside(b, edges, closing))),
      };
    },
    async quantiles(shares) {
      const { places, read } = orderStatistics(bins, n, shares);
      const held = collect(
        a,
        places.map(({ bin }) => bin),
      );
      return read(new Map(places.map(({ rank, bin, place }) => [rank, held(bin)[place - 1] ?? Number.NaN])));
    },
    async distances() {
      walked ??= distancesOf(a, b, walk(bins, segments, n, m));
      return walked;
    },
  };
}

const copyOf = (lifted: Lifted): Lifted => ({ ...lifted, values: lifted.values.slice() });

/** What only other profiles ask for is taken from the sorted values. */
function momentsOf(
  { values, ...census }: Lifted,
  { min, max }: Binned,
  bySorting: () => NumericPair,
  side: 'reference' | 'current',
): Moments {
  return {
    ...census,
    n: values.length,
    min,
    max,
    get mean() {
      return bySorting()[side].mean;
    },
    get deviation() {
      return bySorting()[side].deviation;
    },
    get skewness() {
      return bySorting()[side].skewness;
    },
    get distinct() {
      return bySorting()[side].distinct;
    },
  };
}

function sampleOf(a: Float64Array, b: Float64Array): number[] {
  const step = Math.max(1, Math.floor((a.length + b.length) / SAMPLE_ROWS));
  const found: number[] = [];
  for (const values of [a, b]) for (let i = 0; i < values.length; i += step) found.push(values[i] as number);
  return Array.from(Float64Array.from(found).sort());
}

interface Binned {
  values: Float64Array;
  /** The bin of each value. */
  index: Uint16Array;
  counts: Uint32Array;
  min: number;
  max: number;
  /** Bin, count, sum of the distances from the knot, lowest and highest value: of the bins that hold something. */
  columns: Float64Array[];
  /** Bins whose values have been sorted already. */
  held: Map<number, Float64Array>;
}

/** Count, sum, lowest and highest of a bin stand side by side: a value touches one line of the processor's memory, not four. */
const SLOTS = 4;

function binned(values: Float64Array, { knots, scales }: Segments): Binned {
  const [knot, scale] = [knots[0] as number, scales[0] as number];
  const index = new Uint16Array(values.length);
  const table = new Float64Array(SLOTS * BINS);
  for (let at = 0; at < table.length; at += SLOTS) {
    table[at + 2] = Number.POSITIVE_INFINITY;
    table[at + 3] = Number.NEGATIVE_INFINITY;
  }
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    const rest = x - knot;
    const place = Math.floor(rest * scale);
    const bin = place < 0 ? 0 : place >= BINS ? BINS - 1 : place;
    index[i] = bin;
    const at = bin * SLOTS;
    table[at] = (table[at] as number) + 1;
    table[at + 1] = (table[at + 1] as number) + rest;
    if (x < (table[at + 2] as number)) table[at + 2] = x;
    if (x > (table[at + 3] as number)) table[at + 3] = x;
  }
  return { values, index, held: new Map(), ...columnsOf(table) };
}

function columnsOf(table: Float64Array): Pick<Binned, 'counts' | 'min' | 'max' | 'columns'> {
  const counts = Uint32Array.from({ length: BINS }, (_, bin) => table[bin * SLOTS] as number);
  const bins = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const columns = Array.from({ length: SLOTS + 1 }, () => new Float64Array(bins));
  let place = 0;
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin] === 0) continue;
    (columns[0] as Float64Array)[place] = bin;
    for (let slot = 0; slot < SLOTS; slot++)
      (columns[slot + 1] as Float64Array)[place] = table[bin * SLOTS + slot] as number;
    place++;
  }
  return { counts, columns, min: columns[3]?.[0] ?? 0, max: columns[4]?.[bins - 1] ?? 0 };
}

/** The values of some bins, each bin's in ascending order. */
function collect({ values, index, counts, held }: Binned, bins: readonly number[]): (bin: number) => Float64Array {
  const wanted = [...new Set(bins)].filter((bin) => !held.has(bin));
  if (wanted.length > 0) {
    // Where a bin's values are put next; those of bins that nobody asked for are not put anywhere.
    const next = new Int32Array(BINS).fill(-1);
    let room = 0;
    for (const bin of wanted) {
      next[bin] = room;
      room += counts[bin] as number;
    }
    const found = new Float64Array(room);
    for (let i = 0; i < index.length; i++) {
      const bin = index[i] as number;
      const place = next[bin] as number;
      if (place < 0) continue;
      found[place] = values[i] as number;
      next[bin] = place + 1;
    }
    for (const bin of wanted) {
      const end = next[bin] as number;
      held.set(bin, sortDoubles(found.subarray(end - (counts[bin] as number), end)));
    }
  }
  return (bin) => held.get(bin) ?? NONE;
}

const NONE = new Float64Array(0);

/** What is certain from the counts alone, and in the open bins a merge of their own values. */
function distancesOf(a: Binned, b: Binned, { area, most, open }: ReturnType<typeof walk>) {
  const [n, m] = [a.values.length, b.values.length];
  const bins = open.map(({ bin }) => bin);
  const [left, right] = [collect(a, bins), collect(b, bins)];
  const total = runningSum();
  total.add(area);
  let largest = most;
  for (const each of open) {
    const found = refine(left(each.bin), right(each.bin), each, n, m);
    if (each.measure) total.add(found.area / n / m);
    largest = Math.max(largest, found.most);
  }
  return { wasserstein: total.value(), ks: largest / n / m };
}

function refine(a: Float64Array, b: Float64Array, { start, ends }: OpenBin, n: number, m: number) {
  let [i, j, difference, most, area] = [0, 0, start, 0, 0];
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    for (; i < a.length && a[i] === at; i++) difference += m;
    for (; j < b.length && b[j] === at; j++) difference -= n;
    const next = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    const distance = Math.abs(difference);
    most = Math.max(most, distance);
    area += distance * Math.max(0, (Number.isFinite(next) ? next : Math.max(ends, at)) - at);
  }
  return { most, area };
}
