import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortDoubles } from '../../../services/statistics/sort.ts';

const scattered = (count: number, of: (i: number) => number) =>
  Float64Array.from({ length: count }, (_, i) => of(Math.imul(i + 1, 0x9e3779b1) >>> 0));

const SHAPES: Readonly<Record<string, (die: number) => number>> = {
  'of both signs': (die) => (die - 2 ** 31) / 1e6,
  'that are whole': (die) => die % 7,
  'all alike': () => 3.5,
  'close together and far away': (die) => 1e9 + die / 2 ** 40,
  'of every size': (die) => (die % 2 ? 1 : -1) * 2 ** ((die % 1900) - 950),
  'with zeros of both signs': (die) => (die % 3 === 0 ? -0 : die % 3 === 1 ? 0 : -die),
  'too small to be normal': (die) => die * Number.MIN_VALUE,
};

describe('sorting numbers', () => {
  it.each(Object.entries(SHAPES))('%s gives what the engine gives', (_, shape) => {
    const values = scattered(5_000, shape);
    const wanted = values.slice().sort();
    expect(sortDoubles(values)).toEqual(wanted);
  });

  it('works within a larger array and with room that is too small', () => {
    const whole = scattered(9_000, (die) => die / 7);
    const [before, after] = [whole.slice(0, 1_000), whole.slice(8_000)];
    const part = whole.subarray(1_000, 8_000);
    const wanted = part.slice().sort();
    expect(sortDoubles(part, new Float64Array(10))).toEqual(wanted);
    expect([whole.slice(0, 1_000), whole.slice(8_000)]).toEqual([before, after]);
  });

  it('holds for any finite numbers', () => {
    const numbers = fc.float64Array({ noNaN: true, noDefaultInfinity: true, maxLength: 60 });
    fc.assert(
      fc.property(numbers, (some) => {
        const many = Float64Array.from(
          { length: 2_500 },
          (_, i) => (some[i % Math.max(1, some.length)] ?? 0) * (1 + i),
        );
        const finite = many.filter(Number.isFinite);
        const wanted = finite.slice().sort();
        expect(sortDoubles(finite)).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });
});
