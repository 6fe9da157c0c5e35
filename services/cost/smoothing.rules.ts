/**
 * Exponential smoothing with additive errors, trend and season (Hyndman and Athanasopoulos, Forecasting: Principles and
 * Practice, 3rd edition, chapter 8), in its error-correction form. The textbook's component form is the same recursion:
 * `beta = alpha * beta*`, and `gamma = gamma*` when the season is updated from the level before.
 */
export interface Smoothing {
  /** 0 to 1: how fast the level follows. */
  alpha: number;
  /** Of the trend, error-correction form; left out when there is no trend. */
  beta?: number | undefined;
  /** Of the season; left out when there is none. */
  gamma?: number | undefined;
  /** Damping of the trend, 0.8 to 1; 1 is undamped. */
  phi?: number | undefined;
  /** States before the first update. `seasonal` is one period, oldest first: its first belongs to the first update. */
  level: number;
  trend?: number | undefined;
  seasonal?: readonly number[] | undefined;
  /** Index of the first observation that updates the states: 1 when the level is the first observation. */
  startAt?: number | undefined;
}

export interface Smoothed {
  /** One-step errors, from `startAt` on. */
  errors: number[];
  fitted: number[];
  sse: number;
  mse: number;
  level: number;
  trend: number;
  /** Latest period, the next step's first. */
  seasonal: number[];
  model: Smoothing;
}

/** Runs the recursion over `y`. */
export function smooth(y: readonly number[], model: Smoothing): Smoothed {
  const { alpha, beta = 0, gamma = 0, phi = 1, startAt = 0 } = model;
  let level = model.level;
  let trend = model.trend ?? 0;
  const seasonal = [...(model.seasonal ?? [])];
  const errors: number[] = [];
  const fitted: number[] = [];
  let sse = 0;
  for (const value of y.slice(startAt)) {
    const season = seasonal.shift() ?? 0;
    const before = level + phi * trend;
    const error = value - before - season;
    fitted.push(before + season);
    errors.push(error);
    sse += error * error;
    level = before + alpha * error;
    trend = phi * trend + beta * error;
    if (model.seasonal?.length) seasonal.push(season + gamma * error);
  }
  const mse = errors.length > 0 ? sse / errors.length : 0;
  return { errors, fitted, sse, mse, level, trend, seasonal, model };
}

/** The next `steps` values. */
export function forecastFrom({ level, trend, seasonal, model }: Smoothed, steps: number): number[] {
  const phi = model.phi ?? 1;
  let damped = 0;
  return Array.from({ length: steps }, (_, index) => {
    damped += phi ** (index + 1);
    return level + damped * trend + (seasonal.length > 0 ? (seasonal[index % seasonal.length] ?? 0) : 0);
  });
}

/** How an error echoes `lag` steps later (lag 0 is 1): the weights of the model's moving-average form. */
export function echo(model: Smoothing, lag: number): number {
  if (lag === 0) return 1;
  const { alpha, beta = 0, gamma = 0, phi = 1, seasonal = [] } = model;
  let damped = 0;
  for (let step = 1; step <= lag; step += 1) damped += phi ** step;
  return alpha + beta * damped + (seasonal.length > 0 && lag % seasonal.length === 0 ? gamma : 0);
}

/** Variance of the error `steps` ahead, as a multiple of the one-step variance (fpp3, section 8.7). */
export function varianceFactor(model: Smoothing, steps: number): number {
  let sum = 1;
  for (let lag = 1; lag < steps; lag += 1) sum += echo(model, lag) ** 2;
  return sum;
}

/** Variance of the error of the SUM of the next `steps` values: errors of neighbouring days move together. */
export function varianceFactorOfTotal(model: Smoothing, steps: number): number {
  let running = 0;
  let sum = 0;
  for (let lag = 0; lag < steps; lag += 1) {
    running += echo(model, lag);
    sum += running ** 2;
  }
  return sum;
}

const Z: Readonly<Record<number, number>> = { 80: 1.2815515655446004, 95: 1.959963984540054 };

export interface Interval {
  step: number;
  level: 80 | 95;
  low: number;
  high: number;
}

/** The interval of one step, from normally distributed errors. `level` is in percent. */
export function intervalOf(smoothed: Smoothed, step: number, level: 80 | 95): Interval {
  const point = forecastFrom(smoothed, step).at(-1) ?? smoothed.level;
  const half = (Z[level] ?? 0) * Math.sqrt(smoothed.mse * varianceFactor(smoothed.model, step));
  return { step, level, low: point - half, high: point + half };
}

/** The normal quantile of a two-sided interval in percent (80 or 95). */
export const zOf = (level: 80 | 95): number => Z[level] ?? 0;

/** Simple exponential smoothing. Without `level` it starts at the first observation and updates from the second. */
export const simpleSmoothing = (y: readonly number[], { alpha, level }: { alpha: number; level?: number }): Smoothed =>
  smooth(y, level === undefined ? { alpha, level: y[0] ?? 0, startAt: 1 } : { alpha, level });

/**
 * Holt's linear trend, component form. Without states: level y[0] and trend y[1] - y[0] stand before the first observation,
 * as statsmodels and R have it, so the first fitted value is y[1]. One observation has no trend.
 */
export function holtLinear(
  y: readonly number[],
  parts: { alpha: number; betaStar: number; phi?: number; level?: number; trend?: number; startAt?: number },
): Smoothed {
  const { alpha, betaStar, phi, level = y[0] ?? 0, trend = (y[1] ?? y[0] ?? 0) - (y[0] ?? 0), startAt = 0 } = parts;
  return smooth(y, { alpha, beta: alpha * betaStar, phi, level, trend, startAt });
}

/** Additive Holt-Winters, component form; the season is updated from the level and trend of the step before. */
export function holtWinters(
  y: readonly number[],
  parts: {
    alpha: number;
    betaStar: number;
    gammaStar: number;
    phi?: number;
    level: number;
    trend: number;
    seasonal: readonly number[];
  },
): Smoothed {
  const { alpha, betaStar, gammaStar, ...states } = parts;
  return smooth(y, { alpha, beta: alpha * betaStar, gamma: gammaStar, ...states });
}

/** The last value, for ever. */
export const naive = (y: readonly number[], steps: number): number[] =>
  Array.from({ length: steps }, () => y.at(-1) ?? 0);

/** The last period, repeated (fpp3, section 5.2). Needs one full period; with less it is the mean. */
export function seasonalNaive(y: readonly number[], period: number, steps: number): number[] {
  if (y.length < period) return meanOf(y, steps);
  const last = y.slice(-period);
  return Array.from({ length: steps }, (_, index) => last[index % period] ?? 0);
}

/** The mean of what there is. */
export function meanOf(y: readonly number[], steps: number): number[] {
  const mean = y.length > 0 ? y.reduce((sum, each) => sum + each, 0) / y.length : 0;
  return Array.from({ length: steps }, () => mean);
}
