/** How far forecasts were from what came (Hyndman and Koehler 2006). Percentages are of 100. */
export interface Accuracy {
  /** Mean absolute percentage error; days on which nothing was spent are left out. Undefined when all are. */
  mapePercent: number | undefined;
  /** Sum of absolute errors over the sum of what came; undefined when that is nothing. */
  wapePercent: number | undefined;
  /** Mean of forecast minus actual: above zero when the forecast is too high. */
  bias: number;
  rmse: number;
}

/** Compares pairwise; both lists have the same length. Throws RangeError when they have not, or are empty. */
export function accuracyOf(actual: readonly number[], forecast: readonly number[]): Accuracy {
  const n = actual.length;
  if (n === 0 || n !== forecast.length) throw new RangeError('actual and forecast need the same length, at least one');
  let absolute = 0;
  let size = 0;
  let relative = 0;
  let counted = 0;
  let signed = 0;
  let squares = 0;
  for (const [index, came] of actual.entries()) {
    const error = (forecast[index] ?? 0) - came;
    absolute += Math.abs(error);
    size += Math.abs(came);
    signed += error;
    squares += error * error;
    if (came !== 0) {
      relative += Math.abs(error / came);
      counted += 1;
    }
  }
  return {
    mapePercent: counted > 0 ? (100 * relative) / counted : undefined,
    wapePercent: size > 0 ? (100 * absolute) / size : undefined,
    bias: signed / n,
    rmse: Math.sqrt(squares / n),
  };
}
