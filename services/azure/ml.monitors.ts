import type { Temporal } from 'temporal-polyfill';
import type { Run, Runs } from './ml.runs.ts';
import type { WorkspaceRef } from './refs.ts';
import type { Fresh } from './resilience.ts';

/** One number a model monitor computed: a metric of a signal, for one feature (or for the whole signal). */
export interface MonitorRow {
  signal: string;
  /** `population_stability_index`, `jensen_shannon_distance`, … as the monitoring components name them. */
  metric: string;
  feature?: string;
  value: number;
  /** The limit the monitor was given, if any. */
  threshold?: number;
  breached: boolean;
  at: Temporal.Instant;
}

export interface MonitorResult {
  runId: string;
  monitor?: string;
  endedAt?: Temporal.Instant;
  /** Signals that Azure ML itself marked as breached, from the run's tags. */
  breachedSignals: readonly string[];
  /** Breached first, then by how far they are above their limit. */
  rows: readonly MonitorRow[];
}

/** The latest number of a feature and the numbers before it, oldest first; the latest is the last. */
export interface MonitorSeries extends MonitorRow {
  history: readonly { at: Temporal.Instant; value: number }[];
}

export interface Monitors {
  /**
   * What a monitor said last about each feature, with what it said before. `undefined` when there is no experiment of its
   * name: it never ran. `history` is only read for the features named first in `rows`, `HISTORIES_MOST` of them.
   */
  latestResults(ref: WorkspaceRef, monitor: string): Promise<Fresh<readonly MonitorSeries[] | undefined>>;
  /**
   * What a monitor's run found. `undefined` when the run is unknown. `rows` is empty when the monitor keeps no metric
   * runs (monitors made by older components): then only the tags speak.
   */
  monitorResults(ref: WorkspaceRef, runId: string): Promise<Fresh<MonitorResult | undefined>>;
}

const TAG = {
  monitor: 'azureml.monitor_name',
  signal: 'azureml.signal_name',
  metric: 'azureml.metric_name',
  group: 'azureml.group_0',
} as const;
const BREACH = /^azureml\.modelmonitor\.threshold\.breached\.(.+)$/;

/** Metrics where a small value is the bad one: p-values, NDCG and pass rates (statistics.md, section 1). */
const LOW_IS_BAD = /(test|p_value|pvalue|ndcg|pass_?rate|chi_?squared)/i;

/**
 * Where the numbers are: the breach event and the pipeline run carry only tags. The monitoring components publish every
 * metric to run history, one small run per (monitor, signal, metric, feature) in the monitor's own experiment, tagged
 * `azureml.monitor_name`, `…signal_name`, `…metric_name`, `…group_0`, with the MLflow metrics `value` and `threshold`
 * logged once per monitor run (azureml-assets, assets/model_monitoring/components/src/model_monitor_metric_outputter).
 * So we ask MLflow (platform.md 5.2): runs/get for the experiment, runs/search for its metric runs, and
 * metrics/get-history for a value of the past when the monitor has run again since.
 */
export function monitors(runs: Runs): Monitors {
  return {
    async latestResults(ref, monitor) {
      const experiment = await runs.experimentId(ref, monitor);
      if (experiment.value === undefined) return { ...experiment, value: undefined };
      const found = await runs.searchRuns(ref, {
        experimentIds: [experiment.value],
        filter: `tags.\`${TAG.monitor}\` = '${monitor.replaceAll("'", "''")}'`,
        most: 1000,
      });
      const measured = found.value.filter((each) => each.tags[TAG.signal] && each.metrics.value !== undefined);
      const rows = await Promise.all(
        measured.map(async (run) => ({ run, row: await rowOf(runs, ref, run, undefined) })),
      );
      const known = rows
        .flatMap(({ run, row }) => (row ? [{ run, row }] : []))
        .sort((a, b) => worstFirst(a.row, b.row));
      const value = await Promise.all(
        known.map(async ({ run, row }, place) => ({
          ...row,
          history: place < HISTORIES_MOST ? await historyOf(runs, ref, run) : [],
        })),
      );
      return { asOf: found.asOf, stale: experiment.stale || found.stale, value };
    },
    async monitorResults(ref, runId) {
      const asked = await runs.getRun(ref, runId);
      const { value: run } = asked;
      if (!run) return { ...asked, value: undefined };
      const monitor = run.tags[TAG.monitor];
      const siblings = await runs.searchRuns(ref, {
        experimentIds: [run.experimentId],
        ...(monitor === undefined ? {} : { filter: `tags.\`${TAG.monitor}\` = '${monitor.replaceAll("'", "''")}'` }),
        most: 1000,
      });
      const measured = siblings.value.filter((each) => each.tags[TAG.signal] && each.metrics.value !== undefined);
      const rows = await Promise.all(measured.map((each) => rowOf(runs, ref, each, run.endedAt)));
      return {
        asOf: siblings.asOf,
        stale: asked.stale || siblings.stale,
        value: {
          runId,
          ...(monitor === undefined ? {} : { monitor }),
          ...(run.endedAt ? { endedAt: run.endedAt } : {}),
          breachedSignals: Object.keys(run.tags).flatMap((tag) => BREACH.exec(tag)?.[1] ?? []),
          rows: rows
            .filter((row) => row !== undefined)
            .filter(({ metric }) => !ROW_COUNT.test(metric))
            .sort(worstFirst),
        },
      };
    },
  };
}

/** How many rows were compared stands among the metrics, without a feature. */
const ROW_COUNT = /row_?count$/i;

/** One call per feature: the worst ones are those that people look at. */
const HISTORIES_MOST = 12;

async function historyOf(runs: Runs, ref: WorkspaceRef, measured: Run): Promise<MonitorSeries['history']> {
  const { value } = await runs.metricHistory(ref, measured.id, 'value');
  return value
    .map(({ at, value: said }) => ({ at, value: said }))
    .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds);
}

async function rowOf(
  runs: Runs,
  ref: WorkspaceRef,
  measured: Run,
  endedAt: Temporal.Instant | undefined,
): Promise<MonitorRow | undefined> {
  const latest = measured.metrics.value;
  if (!latest) return undefined;
  // The monitor ran again since: take what it said when the asked run ended.
  const newer = endedAt !== undefined && latest.at.epochMilliseconds > endedAt.epochMilliseconds;
  const past = newer
    ? (await runs.metricHistory(ref, measured.id, 'value')).value
        .filter((each) => each.at.epochMilliseconds <= endedAt.epochMilliseconds)
        .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds)
        .at(-1)
    : undefined;
  const said = newer ? past : latest;
  if (!said) return undefined;
  const metric = measured.tags[TAG.metric] ?? 'value';
  const feature = measured.tags[TAG.group];
  const threshold = measured.metrics.threshold?.value;
  return {
    signal: measured.tags[TAG.signal] ?? '',
    metric,
    ...(feature === undefined ? {} : { feature }),
    value: said.value,
    ...(threshold === undefined ? {} : { threshold }),
    breached: threshold !== undefined && breaches(metric, said.value, threshold),
    at: said.at,
  };
}

/** Equality never breaches (azureml-assets `evaluate_metrics_threshold.py`). */
export const breaches = (metric: string, value: number, threshold: number): boolean =>
  LOW_IS_BAD.test(metric) ? value < threshold : value > threshold;

const worstFirst = (a: MonitorRow, b: MonitorRow) =>
  Number(b.breached) - Number(a.breached) || excess(b) - excess(a) || (a.feature ?? '').localeCompare(b.feature ?? '');

const excess = ({ metric, value, threshold }: MonitorRow): number => {
  if (threshold === undefined || threshold === 0) return 0;
  return LOW_IS_BAD.test(metric) ? (threshold - value) / threshold : (value - threshold) / threshold;
};
