import type { MonitorMetric as Metric, MonitorSignal as Signal } from '../azure/ml.monitor-body.ts';

/** The words people use for signals and metrics of monitors; services/azure/ml.monitor-body.ts knows Azure's. */
export const MONITOR_SIGNALS = [
  'data-drift',
  'prediction-drift',
  'data-quality',
  'feature-attribution',
] as const satisfies readonly Signal[];
export const MONITOR_METRICS = ['psi', 'jensen-shannon', 'wasserstein', 'p-value'] as const satisfies readonly Metric[];
export type MonitorSignal = Signal;
export type MonitorMetric = Metric;
