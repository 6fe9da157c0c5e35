import { describe, expect, it } from 'vitest';
import { binnedPair } from '../../../services/drift/binned-pair.ts';
import { memoryPair, numericColumn } from '../../../services/statistics/index.ts';

const ROWS = 30_000;
/** 0 < x < 1, the same every time. */
function random(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}
const bell = (next: () => number) => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());

const SHAPES: Readonly<Record<string, (next: () => number, moved: number) => number>> = {
  'bell-shaped': (next, moved) => bell(next) + moved,
  whole: (next, moved) => Math.floor(next() * (20 + 40 * moved)),
  'of one value': () => 5,
  'of one value, then another': (_, moved) => (moved ? 6 : 5),
  'close together and far away': (next, moved) => 1e9 + bell(next) + moved,
  'often zero': (next, moved) => (next() < 0.4 - moved ? 0 : -Math.log(next())),
  'without anything in common': (next, moved) => next() + (moved ? 2 : 0),
  'with one far out': (next, moved) => (next() < 1 / ROWS ? 1e12 : bell(next) + moved),
};
const EDGES = [-1, -0.5, 0, 0.25, 1, 5, 6];

describe('columns that are counted instead of sorted', () => {
  it.each(Object.entries(SHAPES))('%s give what sorting gives', async (_, shape) => {
    const values = (seed: number, moved: number) => {
      const next = random(seed);
      return Float64Array.from({ length: ROWS }, () => shape(next, moved) + 0);
    };
    const [a, b] = [values(1, 0), values(2, 0.05)];
    const lifted = (all: Float64Array) => ({ ...EMPTY, rows: ROWS, values: all });
    const counted = binnedPair(lifted(a), lifted(b), 100);
    const sorted = memoryPair(numericColumn(a), numericColumn(b));
    if (!counted) throw new Error('equal bins spread these');
    const shares = [0, 0.1, 0.333, 0.5, 0.9, 0.999, 1];
    expect(await counted.quantiles(shares)).toEqual(await sorted.quantiles(shares));
    for (const edges of [EDGES, await sorted.quantiles(shares)])
      for (const closing of ['cuts', 'right-open'] as const)
        expect(await counted.counts(edges, closing), `${closing} ${edges}`).toEqual(
          await sorted.counts(edges, closing),
        );
    const own = [sorted.reference.min, sorted.reference.max];
    expect((await counted.counts(own, 'right-open')).current).toEqual((await sorted.counts(own, 'right-open')).current);
    const [found, wanted] = [await counted.distances(), await sorted.distances()];
    expect(found.ks).toBeCloseTo(wanted.ks, 12);
    expect(Math.abs(found.wasserstein - wanted.wasserstein)).toBeLessThanOrEqual(
      1e-9 * Math.max(1e-6, wanted.wasserstein),
    );
    for (const side of ['reference', 'current'] as const)
      for (const what of ['n', 'min', 'max', 'mean', 'deviation', 'distinct'] as const)
        expect(counted[side][what], `${side} ${what}`).toBe(sorted[side][what]);
    expect(await counted.distinctUnion()).toBe(await sorted.distinctUnion());
  });

  it('are sorted after all where there are few, or where equal bins do not spread them', () => {
    const next = random(3);
    const tail = Float64Array.from({ length: ROWS }, () => Math.exp(9 * bell(next)));
    const side = { ...EMPTY, rows: ROWS, values: tail };
    expect(binnedPair(side, side, 100)).toBeUndefined();
    expect(binnedPair({ ...side, values: tail.subarray(0, 10) }, side)).toBeUndefined();
  });
});

const EMPTY = { nulls: 0, nan: 0, infinite: 0, wrongType: 0 };
