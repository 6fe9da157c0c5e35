import { median } from './outliers.rules.ts';

/**
 * STL: seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae and Terpenning 1990), with their robustness
 * weights, so that an outlier bends neither trend nor season and stands alone in the residuals. Local fits are linear.
 */
export interface Decomposition {
  trend: number[];
  seasonal: number[];
  residual: number[];
  /** Robustness weights of the last round, 0 (ignored) to 1. */
  weights: number[];
}

const odd = (n: number): number => (Math.ceil(n) % 2 === 0 ? Math.ceil(n) + 1 : Math.ceil(n));

/** Needs two full periods; throws RangeError with fewer. `seasonal` is the window of the season's own smoothing, odd. */
export function stl(
  y: readonly number[],
  { period = 7, seasonal = 7, robust = true }: { period?: number; seasonal?: number; robust?: boolean } = {},
): Decomposition {
  const n = y.length;
  if (n < 2 * period) throw new RangeError(`two full periods are needed: ${2 * period} values, not ${n}`);
  const windows = { seasonal, low: odd(period + 1), trend: odd((1.5 * period) / (1 - 1.5 / seasonal)) };
  const rounds = robust ? 15 : 1;
  const passes = robust ? 2 : 5;
  let weights = y.map(() => 1);
  let trend = y.map(() => 0);
  let season = y.map(() => 0);
  for (let round = 0; round < rounds; round += 1) {
    for (let pass = 0; pass < passes; pass += 1) {
      const cycle = cycles(
        y.map((value, index) => value - (trend[index] ?? 0)),
        weights,
        period,
        windows.seasonal,
      );
      const smooth = moving(moving(moving(cycle, period), period), 3);
      const low = loess(smooth, windows.low, undefined);
      season = y.map((_, index) => (cycle[index + period] ?? 0) - (low[index] ?? 0));
      trend = loess(
        y.map((value, index) => value - (season[index] ?? 0)),
        windows.trend,
        weights,
      );
    }
    if (robust)
      weights = bisquare(
        y.map((value, i) => Math.abs(value - (season[i] ?? 0) - (trend[i] ?? 0))),
        y,
      );
  }
  return {
    trend,
    seasonal: season,
    residual: y.map((value, index) => value - (season[index] ?? 0) - (trend[index] ?? 0)),
    weights,
  };
}

/** Each weekday's own series, smoothed and extended by one period at both ends: `n + 2 period` values in time order. */
function cycles(detrended: readonly number[], weights: readonly number[], period: number, window: number): number[] {
  const n = detrended.length;
  const out = Array.from({ length: n + 2 * period }, () => 0);
  for (let phase = 0; phase < period; phase += 1) {
    const at = Array.from({ length: Math.ceil((n - phase) / period) }, (_, index) => phase + index * period);
    const values = at.map((index) => detrended[index] ?? 0);
    const own = at.map((index) => weights[index] ?? 1);
    const points = Array.from({ length: at.length + 2 }, (_, index) => index - 1);
    for (const [index, value] of loessAt(values, window, own, points).entries()) out[phase + index * period] = value;
  }
  return out;
}

/** Centred means of `length` neighbours; the result is shorter by `length - 1`. */
function moving(values: readonly number[], length: number): number[] {
  let sum = values.slice(0, length).reduce((total, each) => total + each, 0);
  const out = [sum / length];
  for (let index = length; index < values.length; index += 1) {
    sum += (values[index] ?? 0) - (values[index - length] ?? 0);
    out.push(sum / length);
  }
  return out;
}

const loess = (values: readonly number[], window: number, weights: readonly number[] | undefined): number[] =>
  loessAt(
    values,
    window,
    weights,
    values.map((_, index) => index),
  );

/** Locally linear fits with tricube weights, evaluated at the given positions (which may lie one step outside). */
function loessAt(
  values: readonly number[],
  window: number,
  weights: readonly number[] | undefined,
  points: readonly number[],
): number[] {
  const n = values.length;
  const near = Math.min(window, n);
  return points.map((x) => {
    const first = Math.max(0, Math.min(n - near, Math.round(x) - Math.floor((near - 1) / 2)));
    const last = first + near - 1;
    // A window wider than the series reaches beyond it, so that its weights stay as flat as asked for.
    const reach = Math.max(x - first, last - x) + Math.max(0, Math.floor((window - n) / 2));
    let sum = 0;
    let sumX = 0;
    const tricube: number[] = [];
    for (let index = first; index <= last; index += 1) {
      const distance = Math.abs(index - x);
      const kernel =
        distance <= 0.999 * reach ? (distance <= 0.001 * reach ? 1 : (1 - (distance / reach) ** 3) ** 3) : 0;
      const weight = kernel * (weights?.[index] ?? 1);
      tricube.push(weight);
      sum += weight;
      sumX += weight * index;
    }
    // Every neighbour was ruled out by the robustness weights: the nearest value is all there is.
    if (sum <= 0) return values[Math.min(n - 1, Math.max(0, Math.round(x)))] ?? 0;
    const centre = sumX / sum;
    let spread = 0;
    for (const [offset, weight] of tricube.entries()) spread += (weight / sum) * (first + offset - centre) ** 2;
    const slope = Math.sqrt(spread) > 0.001 * (n - 1) ? (x - centre) / spread : 0;
    let fitted = 0;
    for (const [offset, weight] of tricube.entries()) {
      fitted += (weight / sum) * (1 + slope * (first + offset - centre)) * (values[first + offset] ?? 0);
    }
    return fitted;
  });
}

/** Below these parts of the largest residual, and of the largest value, a day is as good as fitted. */
const FITTED = { residual: 1e-3, value: 1e-9 };

/**
 * Tukey's biweight over six times the median residual. A series without noise has a median of next to nothing, and every day
 * would be ruled out for a rounding error: what is small beside the largest residual, or the values, keeps its weight.
 */
function bisquare(residuals: readonly number[], values: readonly number[]): number[] {
  const limit = Math.max(
    6 * median(residuals),
    FITTED.residual * largest(residuals),
    FITTED.value * largest(values),
    Number.MIN_VALUE,
  );
  return residuals.map((size) => {
    if (size <= 0.001 * limit) return 1;
    return size > 0.999 * limit ? 0 : (1 - (size / limit) ** 2) ** 2;
  });
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
