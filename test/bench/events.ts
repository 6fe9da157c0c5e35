import type { Temporal } from 'temporal-polyfill';

const SUBSCRIPTION = '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001';
const WORKSPACE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml-payments/providers/Microsoft.MachineLearningServices/workspaces/mlw-payments-weu`;

/**
 * A metric alert of an online endpoint in the common alert schema
 * (learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema).
 */
export function metricAlert(endpoint: string, id: string, at: Temporal.Instant, condition = 'Fired') {
  const when = at.toString();
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts/${id}`,
        alertRule: `${endpoint} latency`,
        severity: 'Sev2',
        signalType: 'Metric',
        monitorCondition: condition,
        monitoringService: 'Platform',
        alertTargetIDs: [`${WORKSPACE}/onlineEndpoints/${endpoint}`],
        configurationItems: [endpoint],
        originAlertId: `${SUBSCRIPTION}_${id}`,
        firedDateTime: when,
        ...(condition === 'Resolved' ? { resolvedDateTime: when } : {}),
        description: 'Requests take longer than agreed',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties: {},
        conditionType: 'SingleResourceMultipleMetricCriteria',
        condition: {
          windowSize: 'PT5M',
          allOf: [
            {
              metricName: 'RequestLatency_P95',
              metricNamespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
              operator: 'GreaterThan',
              threshold: '300',
              timeAggregation: 'Average',
              dimensions: [{ name: 'deployment', value: 'blue' }],
              metricValue: 480,
              webTestName: null,
            },
          ],
          windowStartTime: when,
          windowEndTime: when,
        },
      },
      customProperties: {},
    },
  };
}

/** A threshold breach of a model monitor, as Event Grid delivers it (a batch is an array of these). */
export function driftEvent(endpoint: string, id: string, at: Temporal.Instant) {
  return {
    id,
    topic: WORKSPACE,
    subject: `experiments/monitor-${endpoint}/runs/${id}`,
    eventType: 'Microsoft.MachineLearningServices.RunStatusChanged',
    eventTime: at.toString(),
    data: {
      ExperimentId: '0',
      ExperimentName: `monitor-${endpoint}`,
      RunId: id,
      RunType: 'azureml.PipelineRun',
      RunTags: {
        azureml_modelmonitor_threshold_breached: `${endpoint} monitor threshold breached`,
        'azureml.endpoint': endpoint,
      },
      RunProperties: { endpoint_deployment_id: `azureml:${endpoint}:blue` },
      RunStatus: 'Completed',
    },
    dataVersion: '1.0',
    metadataVersion: '1',
  };
}
