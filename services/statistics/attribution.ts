import { sumOf } from './sums.ts';

/**
 * Normalised discounted cumulative gain of the production ranking against the baseline's importances, as Azure ML measures
 * attribution drift (azureml-assets `feature_importance_metrics/`): gains are the baseline importances, in the order in
 * which production ranks the features, over their ideal order. 1 is no drift. `RangeError` for unequal or empty lists.
 */
export function ndcg(baseline: readonly number[], production: readonly number[]): number {
  if (baseline.length === 0 || baseline.length !== production.length)
    throw new RangeError('both need the same features');
  if ([...baseline, ...production].some((value) => !Number.isFinite(value)))
    throw new RangeError('importances are finite');
  const gain = (order: readonly number[]) =>
    sumOf(order.map((i, place) => (baseline[i] as number) / Math.log2(place + 2)));
  const ideal = gain(rank(baseline));
  if (ideal === 0) throw new RangeError('all importances of the baseline are 0');
  return gain(rank(production)) / ideal;
}

const rank = (values: readonly number[]): number[] =>
  values.map((_, i) => i).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
