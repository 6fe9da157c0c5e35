import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { byCodePoint, categoricalPair, categoryCounts } from '../../../services/statistics/categories.ts';
import { momentsOf, numericColumn } from '../../../services/statistics/columns.ts';
import { driftRows, measureFeature } from '../../../services/statistics/drift.ts';
import { type Pair, PROFILES, STATES } from '../../../services/statistics/measure.ts';
import { memoryPair } from '../../../services/statistics/memory.ts';

const now = Temporal.Instant.from('2026-11-23T14:00:00Z');
const numbers = (a: Iterable<unknown>, b: Iterable<unknown>): Pair => ({
  kind: 'numerical',
  pair: memoryPair(numericColumn(a), numericColumn(b)),
});
const words = (a: Iterable<unknown>, b: Iterable<unknown>): Pair => ({
  kind: 'categorical',
  pair: categoricalPair(categoryCounts(a), categoryCounts(b)),
});
const repeat = (value: unknown, times = 300) => Array.from({ length: times }, () => value);
const ramp = (times = 300) => Array.from({ length: times }, (_, i) => i / 7);

const SIDES: Readonly<Record<string, readonly unknown[]>> = {
  empty: [],
  'all null': repeat(null),
  'all NaN': repeat(Number.NaN),
  'one row': [3],
  'one value': repeat(5),
  'zeros of both signs': [...repeat(0, 150), ...repeat(-0, 150)],
  infinite: [...repeat(Infinity, 10), ...repeat(-Infinity, 10), ...ramp()],
  'only infinite': repeat(Infinity),
  huge: [1e308, -1e308, ...ramp()],
  tiny: repeat(5e-324),
  'of every kind': [...ramp(), 'x', true, null, undefined, Number.NaN, {}, 10n],
  usual: ramp(),
};
const names = Object.keys(SIDES);

async function rowsOf(pair: Pair) {
  const all = await Promise.all(
    PROFILES.map(async (profile) => driftRows(profile, [await measureFeature(profile, 'f', pair)], { now }).rows),
  );
  return all.flat();
}

function expectSound(rows: Awaited<ReturnType<typeof rowsOf>>) {
  expect(rows.length).toBeGreaterThan(8);
  for (const row of rows) {
    for (const key of ['value', 'p', 'null95', 'floor', 'bins', 'limit'] as const) {
      const value = row[key];
      expect(value === null || Number.isFinite(value), `${row.profile} ${row.metric} ${key} ${value}`).toBe(true);
    }
    expect(STATES).toContain(row.state);
    expect(row.because).not.toMatch(/NaN|undefined|Infinity/);
    if (row.value === null) expect(row.state, `${row.profile} ${row.metric}`).toBe('unknown');
    if (row.p !== null) expect(row.p).toBeGreaterThanOrEqual(0);
    if (row.p !== null) expect(row.p).toBeLessThanOrEqual(1);
  }
}

describe('no answer is NaN, and what cannot be known is unknown', () => {
  it.each(names.flatMap((a) => names.map((b) => [a, b])))('%s against %s', async (a, b) => {
    expectSound(await rowsOf(numbers(SIDES[a] ?? [], SIDES[b] ?? [])));
    expectSound(await rowsOf(words(SIDES[a] ?? [], SIDES[b] ?? [])));
  });

  it('holds for any values', async () => {
    const side = fc.array(fc.oneof(fc.double(), fc.constant(null), fc.constant('7'), fc.integer()), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(side, side, async (a, b) =>
        expectSound([...(await rowsOf(numbers(a, b))), ...(await rowsOf(words(a, b)))]),
      ),
      { numRuns: 150 },
    );
  });

  it.each(['empty', 'all null', 'only infinite', 'one row'])('%s is unknown in every judged number', async (name) => {
    const rows = (await rowsOf(numbers(ramp(), SIDES[name] ?? []))).filter(
      ({ profile, metric }) => profile === 'native' && metric === 'psi',
    );
    expect(rows.map(({ state }) => state)).toEqual(['unknown']);
  });
});

describe('a column', () => {
  it('counts every row once', () => {
    const column = numericColumn([1, -0, 0, null, undefined, Number.NaN, Infinity, '4', true]);
    expect(column).toMatchObject({ rows: 9, nulls: 2, nan: 1, infinite: 1, wrongType: 2 });
    expect([...column.sorted]).toEqual([0, 0, 1]);
    expect(momentsOf(column)).toMatchObject({ n: 3, distinct: 2, min: 0, max: 1 });
  });

  it('keeps small numbers beside large ones', () => {
    const moments = momentsOf(numericColumn([1e15, 1e15 + 1, 1e15 + 2]));
    expect(moments.mean).toBe(1e15 + 1);
    expect(moments.deviation).toBeCloseTo(Math.sqrt(2 / 3), 12);
  });
});

describe('categories', () => {
  it('stand in the order of their code points', () => {
    const { categories } = categoricalPair(categoryCounts(['😀', 'ﬀ', 'b', 'a', 'B']), categoryCounts(['aa']));
    expect(categories.map(({ key }) => key)).toEqual(['B', 'a', 'aa', 'b', 'ﬀ', '😀']);
    expect(['😀', 'ﬀ'].sort()).toEqual(['😀', 'ﬀ']);
    expect(byCodePoint('a', 'a')).toBe(0);
  });

  it('are counted, not weighed', () => {
    const half = { rows: 1, nulls: 0, counts: new Map([['a', 0.5]]) };
    expect(() => categoricalPair(half, half)).toThrow(RangeError);
  });

  it('do not mix up names of the language', () => {
    const pair = categoricalPair(categoryCounts(['__proto__', 'constructor']), categoryCounts(['constructor']));
    expect(pair.categories).toHaveLength(2);
  });
});
