import { meanOf, squaresAround } from './sums.ts';

export interface Band {
  lower: number | undefined;
  upper: number | undefined;
}

/**
 * NannyML's limits from the values of reference chunks (`nannyml/thresholds.py`): an aggregate plus and minus a multiple of
 * the population standard deviation, clipped to what the metric can be. A multiplier of 0 is one; `null` means no limit.
 */
export function deviationBand(
  values: readonly number[],
  options: {
    lower?: number | null;
    upper?: number | null;
    from?: 'mean' | 'min' | 'max' | 'median';
    limits?: Partial<Band>;
  } = {},
): Band {
  if (values.some((value) => !Number.isFinite(value))) throw new RangeError('limits need finite values');
  const { lower = 3, upper = 3, from = 'mean', limits = {} } = options;
  const mean = meanOf(values);
  const deviation = Math.sqrt(squaresAround(values, mean) / values.length);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
  const base = { mean, min: sorted[0] as number, max: sorted.at(-1) as number, median: middle }[from];
  if ((lower ?? 0) < 0 || (upper ?? 0) < 0) throw new RangeError('multipliers are not negative');
  return {
    lower: lower === null ? undefined : Math.max(base - deviation * lower, limits.lower ?? Number.NEGATIVE_INFINITY),
    upper: upper === null ? undefined : Math.min(base + deviation * upper, limits.upper ?? Number.POSITIVE_INFINITY),
  };
}
