/**
 * The body of a schedule that monitors a model (ARM `workspaces/schedules`, action CreateMonitor; the shape is
 * Microsoft's schema of api-version 2026-05-01, which a test checks for every signal). Pure.
 */
export const MONITOR_SIGNALS = ['data-drift', 'prediction-drift', 'data-quality', 'feature-attribution'] as const;
export type MonitorSignal = (typeof MONITOR_SIGNALS)[number];

/** What Azure ML calls the metric of each signal, for numbers and for categories. */
export const MONITOR_METRICS = {
  psi: { numerical: 'PopulationStabilityIndex', categorical: 'PopulationStabilityIndex' },
  'jensen-shannon': { numerical: 'JensenShannonDistance', categorical: 'JensenShannonDistance' },
  wasserstein: { numerical: 'NormalizedWassersteinDistance', categorical: 'JensenShannonDistance' },
  'p-value': { numerical: 'TwoSampleKolmogorovSmirnovTest', categorical: 'PearsonsChiSquaredTest' },
} as const;
export type MonitorMetric = keyof typeof MONITOR_METRICS;
const QUALITY = ['NullValueRate', 'DataTypeErrorRate', 'OutOfBoundsRate'] as const;

export interface MonitorSpec {
  endpoint: string;
  deployment: string;
  signal: MonitorSignal;
  metric: MonitorMetric;
  /** Of the metric; for data quality the rate that may be added to the baseline's, for attribution the least NDCG. */
  limit: number;
  /** Named features; empty takes the ten that matter most. */
  features: readonly string[];
  task: 'Classification' | 'Regression';
  /** The reference: an asset `azureml:name:version`, or nothing for an earlier window of what was collected. */
  baseline?: string;
  /** The column that the model predicts; feature attribution cannot do without. */
  target?: string;
  every: 'Day' | 'Week' | 'Month';
  /** UTC hour at which it runs. */
  hour: number;
  emails: readonly string[];
}

const WINDOW = { Day: 'P1D', Week: 'P7D', Month: 'P30D' } as const;
/** concept-model-monitoring.md: the reference window begins two windows back, so that the two never overlap. */
const OFFSET = { Day: 'P2D', Week: 'P14D', Month: 'P60D' } as const;

export function monitorBody(spec: MonitorSpec) {
  const { endpoint, deployment, every } = spec;
  return {
    properties: {
      displayName: `${endpoint}: ${spec.signal.replace('-', ' ')}`,
      description: 'Made in chat by Wardroom',
      isEnabled: true,
      tags: { 'wardroom.endpoint': endpoint },
      trigger: {
        triggerType: 'Recurrence',
        frequency: every,
        interval: 1,
        timeZone: 'UTC',
        schedule: {
          hours: [spec.hour],
          minutes: [10],
          ...(every === 'Week' ? { weekDays: ['Monday'] } : {}),
          ...(every === 'Month' ? { monthDays: [1] } : {}),
        },
      },
      action: {
        actionType: 'CreateMonitor',
        monitorDefinition: {
          computeConfiguration: {
            computeType: 'ServerlessSpark',
            computeIdentity: { computeIdentityType: 'AmlToken' },
            instanceType: 'standard_e4s_v3',
            runtimeVersion: '3.4',
          },
          monitoringTarget: { taskType: spec.task, deploymentId: `azureml:${endpoint}:${deployment}` },
          ...(spec.emails.length > 0
            ? { alertNotificationSettings: { emailNotificationSettings: { emails: [...spec.emails] } } }
            : {}),
          signals: { [spec.signal.replace('-', '_')]: signalOf(spec) },
        },
      },
    },
  };
}

function signalOf(spec: MonitorSpec): Record<string, unknown> {
  const data = (context: string, output: string) => ({
    jobInputType: 'uri_folder',
    uri: `azureml:${spec.endpoint}-${spec.deployment}-${output}:1`,
    dataContext: context,
  });
  const rolling = (context: string, output: string, windowOffset = 'P0D') => ({
    ...data(context, output),
    inputDataType: 'Rolling',
    windowSize: WINDOW[spec.every],
    windowOffset,
  });
  const [context, output] =
    spec.signal === 'prediction-drift' ? ['model_outputs', 'model_outputs'] : ['model_inputs', 'model_inputs'];
  const referenceData = spec.baseline
    ? { jobInputType: 'mltable', uri: spec.baseline, dataContext: 'training', inputDataType: 'Fixed', ...columns(spec) }
    : rolling(context, output, OFFSET[spec.every]);
  const features =
    spec.features.length > 0
      ? { filterType: 'FeatureSubset', features: [...spec.features] }
      : { filterType: 'TopNByAttribution', top: 10 };
  const threshold = { value: spec.limit };
  if (spec.signal === 'feature-attribution') {
    return {
      signalType: 'FeatureAttributionDrift',
      notificationTypes: ['AmlNotification'],
      productionData: [
        rolling('model_inputs', 'model_inputs'),
        { ...rolling('model_outputs', 'model_outputs'), ...columns(spec) },
      ],
      referenceData,
      featureImportanceSettings: { mode: 'Enabled', ...(spec.target ? { targetColumn: spec.target } : {}) },
      metricThreshold: { metric: 'NormalizedDiscountedCumulativeGain', threshold },
    };
  }
  const both = (names: (type: 'numerical' | 'categorical') => readonly string[]) =>
    (['numerical', 'categorical'] as const).flatMap((type) =>
      names(type).map((metric) => ({
        dataType: type === 'numerical' ? 'Numerical' : 'Categorical',
        metric,
        threshold,
      })),
    );
  const shared = {
    notificationTypes: ['AmlNotification'],
    productionData: rolling(context, output),
    referenceData,
  };
  if (spec.signal === 'data-quality')
    return { signalType: 'DataQuality', ...shared, features, metricThresholds: both(() => QUALITY) };
  const metricThresholds = both((type) => [MONITOR_METRICS[spec.metric][type]]);
  if (spec.signal === 'prediction-drift') return { signalType: 'PredictionDrift', ...shared, metricThresholds };
  return { signalType: 'DataDrift', ...shared, features, metricThresholds };
}

const columns = ({ target }: MonitorSpec) => (target ? { columns: { target_column: target } } : {});
