import type { DriftLook, DriftReading } from '../services/alerts/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import type { WorkspaceRef } from '../services/azure/refs.ts';

/** Azure ML writes how many rows it compared among the metrics (azureml-assets `shared_utilities/constants.py`). */
const ROW_COUNTS = { reference: /^baseline_?row_?count$/i, current: /^(target|production)_?row_?count$/i } as const;

/** Part of the composition root: what the monitors of an endpoint said last. */
export async function latestDrift(
  azure: AzureClients,
  ref: WorkspaceRef,
  endpoint: string,
): Promise<DriftLook | undefined> {
  const { value: all } = await azure.ml.listMonitors(ref);
  const monitors = all.filter((monitor) => monitor.endpoint === endpoint).map(({ name }) => name);
  if (monitors.length === 0) return undefined;
  const found = await Promise.all(monitors.map((monitor) => azure.ml.latestResults(ref, monitor)));
  const series = found.flatMap(({ value }) => value ?? []);
  const counted = (side: keyof typeof ROW_COUNTS) => series.find(({ metric }) => ROW_COUNTS[side].test(metric))?.value;
  const [reference, current] = [counted('reference'), counted('current')];
  return {
    monitors,
    readings: series.flatMap(({ feature, signal, metric, value, threshold, breached, at, history }): DriftReading[] =>
      feature === undefined || Object.values(ROW_COUNTS).some((name) => name.test(metric))
        ? []
        : [
            {
              feature,
              signal,
              metric,
              value,
              breached,
              at: at.toString(),
              history: history.map((each) => ({ at: each.at.toString(), value: each.value })),
              ...(threshold === undefined ? {} : { limit: threshold }),
            },
          ],
    ),
    ...(reference === undefined && current === undefined
      ? {}
      : {
          rows: {
            ...(reference === undefined ? {} : { reference }),
            ...(current === undefined ? {} : { current }),
          },
        }),
    asOf: found.map(({ asOf }) => asOf.toString()).sort()[0] ?? '',
    stale: found.some(({ stale }) => stale),
  };
}
