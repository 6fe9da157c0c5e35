/** Azure Monitor's common alert schema (platform: a metric alert that fired), for an online endpoint of Northwind. */
export const alert = (id: string, endpoint = 'ep-fraud', workspace = 'mlw-payments-weu', group = 'rg-ml-payments') => ({
  schemaId: 'azureMonitorCommonAlertSchema',
  data: {
    essentials: {
      alertId: `/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001/providers/Microsoft.AlertsManagement/alerts/${id}`,
      alertRule: `${endpoint} latency ${id}`,
      severity: 'Sev1',
      signalType: 'Metric',
      monitorCondition: 'Fired',
      monitoringService: 'Platform',
      alertTargetIDs: [
        `/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001/resourcegroups/${group}/providers/microsoft.machinelearningservices/workspaces/${workspace}/onlineendpoints/${endpoint}`,
      ],
      configurationItems: [endpoint],
      firedDateTime: '2026-11-23T14:05:00Z',
    },
    alertContext: {
      properties: null,
      conditionType: 'SingleResourceMultipleMetricCriteria',
      condition: {
        windowSize: 'PT5M',
        allOf: [
          {
            metricName: 'RequestLatency_P95',
            operator: 'GreaterThan',
            threshold: '300',
            timeAggregation: 'Average',
            dimensions: [],
            metricValue: 812.4,
          },
        ],
      },
    },
  },
});
