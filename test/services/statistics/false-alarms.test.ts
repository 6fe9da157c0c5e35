import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  driftRows,
  measureFeature,
  memoryPair,
  NATIVE_RULE,
  numericColumn,
} from '../../../services/statistics/index.ts';

const now = Temporal.Instant.from('2026-11-23T14:00:00Z');
const rule = { ...NATIVE_RULE, windows: { k: 1, m: 1 } };

/** Bell-shaped values, the same every time. */
function bell(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return (n: number, shift = 0) =>
    Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()) + shift);
}

/** The share of comparisons in which any of five features alarms. */
async function alarms(n: number, m: number, shift: number, repeats: number): Promise<number> {
  const draw = bell(7 + n + m);
  let found = 0;
  for (let i = 0; i < repeats; i++) {
    const pairs = Array.from({ length: 5 }, () => memoryPair(numericColumn(draw(n)), numericColumn(draw(m, shift))));
    const features = await Promise.all(
      pairs.map((pair, k) => measureFeature('native', `f${k}`, { kind: 'numerical', pair })),
    );
    const { rows } = driftRows('native', features, { now, rule });
    if (rows.some(({ state }) => state === 'alarm')) found++;
  }
  return found / repeats;
}

/** In one window; fixed limits alarm in up to 96 of 100 such comparisons, and two of three windows divide it again. */
describe('data that has not moved', () => {
  it.each([
    [1000, 200],
    [1000, 300],
    [1000, 1000],
    [200, 200],
  ])('does not alarm at %i against %i rows', async (n, m) => {
    expect(await alarms(n, m, 0, 300)).toBeLessThanOrEqual(0.08);
  });
});

describe('data that has moved by half a deviation', () => {
  it.each([
    [1000, 300],
    [1000, 1000],
  ])('alarms at %i against %i rows', async (n, m) => {
    expect(await alarms(n, m, 0.5, 20)).toBe(1);
  });
});
