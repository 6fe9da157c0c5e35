import { keyOf } from './categories.ts';

/*
 * Azure ML's data quality (azureml-assets `data_quality_compute_metrics/`, `data_quality_metrics_joiner/run.py`). Rates are
 * over all rows, rounded to five decimals; the limit is the baseline's rate plus the threshold, and only above it is wrong.
 */

/** Missing values were replaced by the most common one first, so they are never out of bounds. `bounds` of the baseline. */
export function outOfBoundsRate(
  values: readonly unknown[],
  bounds: { min: number; max: number } | ReadonlySet<string>,
): number {
  if (values.length === 0) throw new RangeError('no rows');
  const outside = values.filter((value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return false;
    if ('has' in bounds) return !bounds.has(keyOf(value));
    return typeof value === 'number' && (value > bounds.max || value < bounds.min);
  });
  return five(outside.length / values.length);
}

export function nullRate(values: readonly unknown[]): number {
  if (values.length === 0) throw new RangeError('no rows');
  return five(
    values.filter((value) => value === null || value === undefined || Number.isNaN(value)).length / values.length,
  );
}

/** Values that cannot be read as the number they should be; missing ones were replaced first and never count. */
export function typeErrorRate(values: readonly unknown[]): number {
  if (values.length === 0) throw new RangeError('no rows');
  const wrong = values.filter(
    (value) => value !== null && value !== undefined && typeof value !== 'number' && !isNumeral(value),
  );
  return five(wrong.length / values.length);
}

const isNumeral = (value: unknown): boolean =>
  typeof value === 'bigint' || (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)));

export const qualityLimit = (baselineRate: number, threshold = 0): number => baselineRate + threshold;

/** A column of whole numbers is a category where fewer than 5 % of its rows differ (`shared_utilities/df_utils.py`); equality does not count. */
export const wholeNumbersAreCategory = (distinct: number, total: number): boolean =>
  total > 0 && distinct / total < 0.05;

const five = (rate: number): number => Math.round(rate * 1e5) / 1e5;
