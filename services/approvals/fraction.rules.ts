/** Exact fractions: two thirds is no floating-point number, and a vote must not hang on a rounding error. */
export interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

/** "2/3" or "0.6"; anything else, or a zero below the line, is an error of the policy. */
export function fractionOf(text: string): Fraction {
  const [, whole, decimals] = /^(\d{1,3})\.(\d{1,6})$/.exec(text.trim()) ?? [];
  if (whole !== undefined && decimals !== undefined)
    return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(decimals.length) };
  const [, above, below] = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim()) ?? [];
  if (above === undefined || below === undefined || /^0+$/.test(below)) {
    throw new RangeError(`"${text}" is not a fraction such as 2/3`);
  }
  return { numerator: BigInt(above), denominator: BigInt(below) };
}

/** part / whole >= fraction, exactly; nothing of nothing reaches no fraction. */
export const atLeast = (part: number, whole: number, { numerator, denominator }: Fraction): boolean =>
  whole > 0 && BigInt(part) * denominator >= numerator * BigInt(whole);

/** The smallest whole number that is at least this fraction of `whole`. */
export const needed = (whole: number, { numerator, denominator }: Fraction): number =>
  Number((BigInt(whole) * numerator + denominator - 1n) / denominator);
