/**
 * Type 7, the default of R and NumPy: linear between order statistics; interpolated from the nearer end as NumPy does, so
 * that equal neighbours give themselves exactly. `share` is 0 to 1. Throws a RangeError for no values.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError('no values to take a quantile of');
  const at = share * (sorted.length - 1);
  const below = Math.min(Math.floor(at), sorted.length - 1);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  const t = at - below;
  return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
}

/** The same of values in any order; `undefined` of none. */
export const sampleQuantile = (values: readonly number[], share: number): number | undefined =>
  values.length === 0
    ? undefined
    : quantileOfSorted(
        [...values].sort((a, b) => a - b),
        share,
      );
