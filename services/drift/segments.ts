/**
 * A map from numbers to bin numbers that never puts a larger number before a smaller one. The same arithmetic in SQL and
 * here (one subtraction, one product, one floor), so both agree to the last bit. Usually one straight piece over where the
 * data lies, with what is outside in the first and last bin; data that one piece cannot spread gets many, between
 * quantiles.
 */
export interface Segments {
  /** Where each piece begins, ascending. */
  knots: readonly number[];
  /** Bins per unit in each piece. */
  scales: readonly number[];
  /** Bins of each piece. */
  steps: number;
}

export const BINS = 16_384;
const PIECES = 32;
/** A piece that holds more of the sample than this share in one of `COARSE` parts does not spread it. */
const CROWDED = 0.5;
const COARSE = 64;

/** `sample` ascending and not empty: some thousand values of both sides. */
export function segmentsFor(sample: readonly number[]): Segments {
  const at = (share: number) => sample[Math.min(sample.length - 1, Math.floor(share * sample.length))] as number;
  const straight = pieces([at(0.002), at(0.998)], BINS);
  return crowded(straight, sample)
    ? pieces(
        Array.from({ length: PIECES + 1 }, (_, i) => at(i / PIECES)),
        BINS / PIECES,
      )
    : straight;
}

function pieces(ends: readonly number[], steps: number): Segments {
  const knots = [...new Set(ends)];
  const scales = knots.map((knot, i) => {
    const scale = steps / ((knots[i + 1] ?? Number.NaN) - knot);
    return Number.isFinite(scale) ? scale : 0;
  });
  // The last end begins no piece, unless it is the only one.
  return knots.length === 1
    ? { knots, scales, steps }
    : { knots: knots.slice(0, -1), scales: scales.slice(0, -1), steps };
}

function crowded({ knots: [from = 0], scales: [scale = 0] }: Segments, sample: readonly number[]): boolean {
  const counts = new Array<number>(COARSE).fill(0);
  for (const value of sample) {
    const part = Math.min(COARSE - 1, Math.max(0, Math.floor((value - from) * scale * (COARSE / BINS))));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  // Whole numbers are crowded in any map: their values are few, and a few bins hold one value each.
  return new Set(sample).size > COARSE && Math.max(...counts) > CROWDED * sample.length;
}

/** SQL of the bin of `x` and of its distance from its piece's knot. */
export function segmentSql({ knots, scales, steps }: Segments, x: string): { bin: string; rest: string } {
  const tree = (from: number, to: number, leaf: (i: number) => string): string => {
    if (from === to) return leaf(from);
    const middle = (from + to + 1) >> 1;
    return `case when ${x} < ${sqlNumber(knots[middle] as number)} then ${tree(from, middle - 1, leaf)} else ${tree(middle, to, leaf)} end`;
  };
  const rest = (i: number) => `(${x} - ${sqlNumber(knots[i] as number)})`;
  const bin = (i: number) =>
    `${i * steps} + greatest(0, least(${steps - 1}, floor(${rest(i)} * ${sqlNumber(scales[i] as number)})))::integer`;
  const last = knots.length - 1;
  return { bin: tree(0, last, bin), rest: tree(0, last, rest) };
}

/** The bin of a number, as the SQL has it. */
export function binOf({ knots, scales, steps }: Segments, x: number): number {
  let piece = 0;
  while (piece + 1 < knots.length && x >= (knots[piece + 1] as number)) piece++;
  const place = Math.floor((x - (knots[piece] as number)) * (scales[piece] as number));
  return piece * steps + Math.max(0, Math.min(steps - 1, place));
}

/** The knot from which a bin's distances are measured. */
export const knotOf = ({ knots, steps }: Segments, bin: number): number => knots[Math.floor(bin / steps)] as number;

/** A double as SQL reads it back unchanged. */
export const sqlNumber = (value: number): string => `'${value === 0 ? 0 : value.toExponential()}'::double`;
