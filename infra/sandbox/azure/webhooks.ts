import type { FeatureDrift } from './drift.ts';
import { type EndpointSeed, SUBSCRIPTION, workspaceSeed } from './northwind.ts';
import { uuidOf } from './random.ts';

/** What Azure would POST to Wardroom, and where. */
export interface Webhook {
  /** Stable: the same event has the same id after a restart. */
  id: string;
  hook: 'event-grid' | 'azure-monitor';
  /** Milliseconds on the estate's clock. */
  at: number;
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

const iso = (at: number) => new Date(at).toISOString();

export const armWorkspaceId = (name: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${workspaceSeed(name)?.resourceGroup ?? ''}` +
  `/providers/Microsoft.MachineLearningServices/workspaces/${name}`;

export const armEndpointId = (endpoint: EndpointSeed): string =>
  `${armWorkspaceId(endpoint.workspace)}/${endpoint.kind === 'online' ? 'onlineEndpoints' : 'batchEndpoints'}/${endpoint.name}`;

/** One event in the Event Grid schema: always an array, also when it is alone (platform.md 4.1). */
function eventGrid(workspace: string, id: string, at: number, type: string, subject: string, data: object): Webhook {
  return {
    id,
    hook: 'event-grid',
    at,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': 'WARDROOM',
      'aeg-delivery-count': '0',
    },
    body: [
      {
        topic: armWorkspaceId(workspace),
        subject,
        eventType: `Microsoft.MachineLearningServices.${type}`,
        eventTime: iso(at).replace('Z', '0000Z'),
        id,
        data,
        dataVersion: '',
        metadataVersion: '1',
      },
    ],
  };
}

export interface RunEvent {
  id: string;
  at: number;
  workspace: string;
  experiment: string;
  runId: string;
  runType: string;
  status: 'Completed' | 'Failed';
  tags: Readonly<Record<string, string>>;
  properties?: Readonly<Record<string, string>>;
}

export const experimentIdOf = (experiment: string): string => uuidOf('experiment', experiment);

export function runEvent(run: RunEvent): Webhook {
  const type = run.status === 'Failed' ? 'RunStatusChanged' : 'RunCompleted';
  const experimentId = experimentIdOf(run.experiment);
  return eventGrid(run.workspace, run.id, run.at, type, `experiments/${experimentId}/runs/${run.runId}`, {
    experimentId,
    experimentName: run.experiment,
    runId: run.runId,
    runType: run.runType,
    runTags: run.tags,
    runProperties: run.properties ?? {},
    ...(run.status === 'Failed' ? { runStatus: 'Failed' } : {}),
  });
}

/**
 * The tags a breached monitor puts on its run (azureml-assets `event_utils.py`). The event carries no numbers: they are
 * read from the monitor's metric runs.
 */
export function breachTags(signal: string, breached: readonly FeatureDrift[]): Record<string, string> {
  if (breached.length === 0) return {};
  return {
    azureml_modelmonitor_threshold_breached: `The signal named '${signal}' has failed due to one or more features violating metric thresholds.`,
    [`azureml.modelmonitor.threshold.breached.${signal}`]: `Signal '${signal}' breached for: ${breached.map((each) => each.feature).join(', ')}.`,
  };
}

export const modelRegistered = (
  id: string,
  at: number,
  model: { workspace: string; name: string; version: string },
): Webhook =>
  eventGrid(model.workspace, id, at, 'ModelRegistered', `models/${model.name}:${model.version}`, {
    ModelName: model.name,
    ModelVersion: model.version,
    ModelTags: {},
    ModelProperties: {},
  });

export interface MetricAlert {
  /** The same for Fired and Resolved of one episode. */
  episode: string;
  rule: string;
  severity: 'Sev0' | 'Sev1' | 'Sev2' | 'Sev3' | 'Sev4';
  description: string;
  target: string;
  targetName: string;
  targetType: string;
  resourceGroup: string;
  metric: string;
  namespace: string;
  threshold: number;
  aggregation: 'Average' | 'Maximum';
  dimensions: readonly { name: string; value: string }[];
  value: number;
  firedAt: number;
  resolvedAt?: number;
}

/** A static-threshold metric alert in the common alert schema (platform.md 4.2). `threshold` is text, the value is not. */
export function metricAlert(alert: MetricAlert): Webhook {
  const at = alert.resolvedAt ?? alert.firedAt;
  const episode = uuidOf('alert', alert.episode);
  return {
    id: `${episode}-${alert.resolvedAt === undefined ? 'fired' : 'resolved'}`,
    hook: 'azure-monitor',
    at,
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'IcMBroadcaster/1.0' },
    body: {
      schemaId: 'azureMonitorCommonAlertSchema',
      data: {
        essentials: {
          alertId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts/${episode}`,
          alertRule: alert.rule,
          targetResourceType: alert.targetType,
          targetResourceGroup: alert.resourceGroup,
          severity: alert.severity,
          signalType: 'Metric',
          monitorCondition: alert.resolvedAt === undefined ? 'Fired' : 'Resolved',
          monitoringService: 'Platform',
          alertTargetIDs: [alert.target.toLowerCase()],
          configurationItems: [alert.targetName],
          originAlertId: `${SUBSCRIPTION}_${alert.resourceGroup}_microsoft.insights_metricAlerts_${alert.rule}_${uuidOf(alert.rule).slice(0, 8)}`,
          firedDateTime: iso(alert.firedAt),
          ...(alert.resolvedAt === undefined ? {} : { resolvedDateTime: iso(alert.resolvedAt) }),
          description: alert.description,
          essentialsVersion: '1.0',
          alertContextVersion: '1.0',
        },
        alertContext: {
          properties: null,
          conditionType: 'SingleResourceMultipleMetricCriteria',
          condition: {
            windowSize: 'PT5M',
            allOf: [
              {
                metricName: alert.metric,
                metricNamespace: alert.namespace,
                operator: 'GreaterThan',
                threshold: String(alert.threshold),
                timeAggregation: alert.aggregation,
                dimensions: alert.dimensions,
                metricValue: Math.round(alert.value * 1000) / 1000,
                webTestName: null,
              },
            ],
            windowStartTime: iso(at - 5 * 60_000),
            windowEndTime: iso(at),
          },
        },
        customProperties: null,
      },
    },
  };
}

/** A budget notification: most essentials are null and money is formatted text (platform.md 4.2). */
export function budgetAlert(id: string, at: number, budget: { name: string; limit: number; spent: number }): Webhook {
  const money = (amount: number) => `€${amount.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',')}`;
  const scope = `/subscriptions/${SUBSCRIPTION}`;
  return {
    id,
    hook: 'azure-monitor',
    at,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: {
      schemaId: 'azureMonitorCommonAlertSchema',
      data: {
        essentials: {
          monitoringService: 'CostAlerts',
          firedDateTime: iso(at),
          description: `Your spend for budget ${budget.name} is now ${money(budget.spent)} exceeding your specified threshold ${money(budget.limit)}.`,
          essentialsVersion: '1.0',
          alertContextVersion: '1.0',
          alertId: `${scope}/providers/Microsoft.CostManagement/alerts/${uuidOf('budget', id)}`,
          alertRule: null,
          severity: null,
          signalType: null,
          monitorCondition: 'Fired',
          alertTargetIDs: null,
          configurationItems: ['budgets'],
          originAlertId: null,
        },
        alertContext: {
          AlertCategory: 'budgets',
          AlertData: {
            Scope: `${scope}/`,
            ThresholdType: 'Actual',
            BudgetType: 'Cost',
            BudgetThreshold: money(budget.limit),
            NotificationThresholdAmount: money(budget.limit),
            BudgetName: budget.name,
            BudgetId: `${scope}/providers/Microsoft.Consumption/budgets/${budget.name}`,
            BudgetStartDate: `${iso(at).slice(0, 4)}-01-01`,
            BudgetCreator: 'finn.ohara@northwind.example',
            Unit: 'EUR',
            SpentAmount: money(budget.spent),
          },
        },
      },
    },
  };
}
