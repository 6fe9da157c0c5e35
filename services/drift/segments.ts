/**
 * A map from numbers to bin numbers that never puts a larger number before a smaller one: straight pieces between knots,
 * each cut into equal steps. The same arithmetic in SQL and here (one subtraction, one product, one floor), so both agree
 * to the last bit. Knots lie where the data lies: outliers cost nothing.
 */
export interface Segments {
  knots: readonly number[];
  /** Steps per unit in each piece. */
  scales: readonly number[];
}

export const STEPS = 256;

/** `knots` ascending and distinct, the first at or below all data. */
export function segmentsOf(knots: readonly number[]): Segments {
  const scales = knots.map((knot, i) => {
    const next = knots[i + 1];
    const scale = next === undefined ? 0 : STEPS / (next - knot);
    return Number.isFinite(scale) ? scale : 0;
  });
  return { knots, scales };
}

/** SQL of the bin of `x` and of its distance from its piece's knot: a decision tree over the knots. */
export function segmentSql({ knots, scales }: Segments, x: string): { bin: string; rest: string } {
  const tree = (from: number, to: number, leaf: (i: number) => string): string => {
    if (from === to) return leaf(from);
    const middle = (from + to + 1) >> 1;
    return `case when ${x} < ${sqlNumber(knots[middle] as number)} then ${tree(from, middle - 1, leaf)} else ${tree(middle, to, leaf)} end`;
  };
  const last = knots.length - 1;
  const rest = (i: number) => `(${x} - ${sqlNumber(knots[i] as number)})`;
  return {
    bin: tree(
      0,
      last,
      (i) => `${i * STEPS} + least(${STEPS - 1}, floor(${rest(i)} * ${sqlNumber(scales[i] as number)}))::integer`,
    ),
    rest: tree(0, last, rest),
  };
}

/** A double as SQL reads it back unchanged. */
export const sqlNumber = (value: number): string =>
  `${value === 0 ? '0' : value.toExponential()}::double`.replace(/^(-.*)::double$/, "'$1'::double");
