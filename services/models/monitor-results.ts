import { Temporal } from 'temporal-polyfill';
import type { MonitorSeries } from '../azure/ml.monitors.ts';
import { psiNullQuantile, psiP } from '../statistics/index.ts';
import type { Window, WindowEffect } from './windows.ts';

/** Azure ML writes how many rows it compared among the metrics (azureml-assets `shared_utilities/constants.py`). */
const ROW_COUNTS = { reference: /^baseline_?row_?count$/i, current: /^(target|production)_?row_?count$/i } as const;
/** The monitor does not tell how many bins it used; Sturges at some thousand rows makes about as many as our own ten. */
const BINS_ASSUMED = 10;
const PSI = /psi|population_?stability/i;

export const isRowCount = (metric: string): boolean => Object.values(ROW_COUNTS).some((name) => name.test(metric));

/**
 * A monitor's results as windows, oldest first, those after `since` only. The index gets what chance does to it from the
 * row counts of its window; without counts, and for metrics whose chance is not known, the window is `unknown`: the tool's
 * own verdict stays beside it.
 */
export function windowsOf(
  endpoint: string,
  monitor: string,
  series: readonly MonitorSeries[],
  breaches: (metric: string, value: number, threshold: number) => boolean,
  since?: Temporal.Instant,
): Window[] {
  const counts = (side: keyof typeof ROW_COUNTS) => series.find(({ metric }) => ROW_COUNTS[side].test(metric));
  const [reference, current] = [counts('reference'), counts('current')];
  const measured = series.filter(({ feature, metric }) => feature !== undefined && !isRowCount(metric));
  const instants = new Map<number, WindowEffect[]>();
  for (const each of measured)
    for (const { at, value } of each.history.length > 0 ? each.history : [{ at: each.at, value: each.value }]) {
      if (since && Temporal.Instant.compare(at, since) <= 0) continue;
      const [n, m] = [valueAt(reference, at), valueAt(current, at)];
      const found = instants.get(at.epochMilliseconds) ?? [];
      found.push(effectOf(each, value, n, m, breaches));
      instants.set(at.epochMilliseconds, found);
    }
  return [...instants]
    .sort(([a], [b]) => a - b)
    .map(([at, effects]) => ({
      endpoint,
      source: monitor,
      at: Temporal.Instant.fromEpochMilliseconds(at),
      effects,
      told: effects.some(({ breached }) => breached),
    }));
}

function effectOf(
  { feature = '', metric, threshold }: MonitorSeries,
  value: number,
  n: number | undefined,
  m: number | undefined,
  breaches: (metric: string, value: number, threshold: number) => boolean,
): WindowEffect {
  const breached = threshold !== undefined && breaches(metric, value, threshold);
  const common = { feature, value, breached, n_ref: n ?? 0, n_cur: m ?? 0 };
  if (!PSI.test(metric)) return { ...common, metric, floor: threshold };
  if (n === undefined || m === undefined) return { ...common, metric: 'psi' };
  return {
    ...common,
    metric: 'psi',
    bins: BINS_ASSUMED,
    null95: psiNullQuantile(n, m, BINS_ASSUMED),
    p: psiP(value, n, m, BINS_ASSUMED),
  };
}

/** The count of that instant, or the last one before it. */
function valueAt(counts: MonitorSeries | undefined, at: Temporal.Instant): number | undefined {
  if (!counts) return undefined;
  const before = counts.history.filter((each) => Temporal.Instant.compare(each.at, at) <= 0);
  return before.at(-1)?.value ?? (counts.history.length === 0 ? counts.value : undefined);
}
