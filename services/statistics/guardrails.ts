import { tQuantile } from './distributions.ts';
import { checkAlpha, type Interval } from './intervals.ts';
import { meanOf, squaresAround } from './sums.ts';

export interface Ratio {
  /** Geometric mean of candidate / current. */
  ratio: number;
  interval: Interval;
  /** Steps of time in which both answered. */
  steps: number;
}

/**
 * Ratio of the 95th percentiles (or any positive measure) of two deployments from the same steps of time: the mean of the
 * logarithms of their ratios with Student's t. Monitor keeps no single requests, and a step of both at once takes the
 * time of day out. Steps in which one of them is missing or not above 0 are left out; undefined with fewer than two.
 */
export function ratioOfSteps(
  steps: readonly { current?: number | undefined; candidate?: number | undefined }[],
  alpha = 0.05,
): Ratio | undefined {
  checkAlpha(alpha);
  const logs = steps.flatMap(({ current, candidate }) =>
    current !== undefined &&
    candidate !== undefined &&
    current > 0 &&
    candidate > 0 &&
    Number.isFinite(candidate / current)
      ? [Math.log(candidate / current)]
      : [],
  );
  if (logs.length < 2) return undefined;
  const mean = meanOf(logs);
  const error = Math.sqrt(squaresAround(logs, mean) / (logs.length - 1) / logs.length);
  const reach = error === 0 ? 0 : tQuantile(1 - alpha / 2, logs.length - 1) * error;
  return {
    ratio: Math.exp(mean),
    interval: { low: Math.exp(mean - reach), high: Math.exp(mean + reach) },
    steps: logs.length,
  };
}
