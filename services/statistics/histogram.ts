import type { Moments } from './columns.ts';

type Range = Pick<Moments, 'n' | 'min' | 'max'>;

/**
 * Azure ML's edges: equal width over both sets, ⌈log₂ n + 1⌉ bins for the smaller set (azureml-assets
 * `shared_utilities/histogram_utils.py`). The last edge is min + bins·width as computed and can fall below the maximum, which is then
 * lost: kept as it is there. A single value gets one bin of ±0.5 %, 0 one of ±0.005.
 */
export function azureEdges(reference: Range, current: Range): number[] {
  const min = Math.min(reference.min, current.min);
  const max = Math.max(reference.max, current.max);
  if (min === max) {
    const delta = min === 0 ? 0.005 : Math.abs(min) * 0.005;
    return [min - delta, min + delta];
  }
  const bins = Math.ceil(Math.log2(reference.n < current.n ? reference.n : current.n) + 1);
  const width = spanOf(min, max) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === 0 ? min : min + i * width));
}

/** NumPy's `histogram_bin_edges(…, 'sturges')`: width (max−min)/(log₂ n + 1). */
export const sturgesEdges = ({ n, min, max }: Range): number[] =>
  edgesOfWidth(min, max, (max - min) / (Math.log2(n) + 1));

/** NumPy's `'doane'`: Sturges with a correction for skew (Doane 1976). */
export function doaneEdges({ n, min, max, deviation, skewness }: Moments): number[] {
  if (n <= 2 || deviation === 0) return edgesOfWidth(min, max, 0);
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return edgesOfWidth(min, max, (max - min) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(skewness) / error)));
}

/** Edges are differences and products of the ends: beyond the largest double there are none. */
function spanOf(min: number, max: number): number {
  const span = max - min;
  if (!Number.isFinite(span)) throw new RangeError('the values are too far apart for a double');
  return span;
}

/** NumPy's `linspace` over the whole number of bins next to a width; one bin of ±½ around a single value. */
function edgesOfWidth(min: number, max: number, width: number): number[] {
  if (min === max) return [min - 0.5, max + 0.5];
  const bins = width > 0 ? Math.ceil(spanOf(min, max) / width) : 1;
  if (!Number.isFinite(bins)) throw new RangeError('the values are too far apart for a double');
  const step = spanOf(min, max) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : i * step + min));
}

/** The nine inner deciles as shares. */
export const DECILES: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Distinct cut points in ascending order: ties of the reference merge bins. */
export const distinctCuts = (quantiles: readonly number[]): number[] => [...new Set(quantiles)].sort((a, b) => a - b);
