import type { MonitorLine } from '../../cards/alerts/monitors.ts';
import type { KnownMonitor } from '../../services/models/index.ts';

/** Azure's words for signals and metrics, as people say them. */
const SIGNALS: Readonly<Record<string, string>> = {
  DataDrift: 'data drift',
  PredictionDrift: 'prediction drift',
  DataQuality: 'data quality',
  FeatureAttributionDrift: 'feature attribution',
  Custom: 'custom signal',
};
const METRICS: Readonly<Record<string, string>> = {
  PopulationStabilityIndex: 'PSI',
  JensenShannonDistance: 'Jensen-Shannon distance',
  NormalizedWassersteinDistance: 'normalised Wasserstein distance',
  TwoSampleKolmogorovSmirnovTest: 'p of Kolmogorov-Smirnov',
  PearsonsChiSquaredTest: 'p of chi-square',
  NullValueRate: 'null rate',
  DataTypeErrorRate: 'type-error rate',
  OutOfBoundsRate: 'out-of-bounds rate',
  NormalizedDiscountedCumulativeGain: 'NDCG',
};

export const signalWord = (type: string): string => SIGNALS[type] ?? type;
export const metricWord = (metric: string): string => METRICS[metric] ?? metric;

export function monitorLine(monitor: KnownMonitor): MonitorLine {
  const { name, enabled, endpoint, deployment, workspace, signals, schedule } = monitor;
  return {
    name,
    enabled,
    workspace,
    ...(endpoint ? { endpoint } : {}),
    ...(deployment ? { deployment } : {}),
    ...(schedule ? { schedule } : {}),
    signals: signals.map(({ type, thresholds }) => {
      const [first] = thresholds;
      const limit =
        first?.value === undefined
          ? ''
          : `, limit ${first.value < 1 && first.value >= 0.01 ? first.value.toFixed(2) : first.value}`;
      return `${signalWord(type)}${first ? ` by ${metricWord(first.metric)}${limit}` : ''}`;
    }),
  };
}
