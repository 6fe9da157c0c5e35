import { Temporal } from 'temporal-polyfill';
import type { Alerts } from '../services/alerts/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { type EndpointRef, endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { CostDeps, CostSource } from '../services/cost/index.ts';

/** Everything that is not usage; a query groups by two things only, so these come without their meter. */
const OTHER_CHARGES = ['Purchase', 'Refund', 'RoundingAdjustment', 'Tax'];

/** What the costs need of Azure, from its clients. Part of the composition root. */
export function costSource(azure: AzureClients, organisation: Organisation): CostSource {
  const workspaceRef = (name: string): WorkspaceRef => {
    const found = organisation.workspaces.find(({ id }) => id === name);
    return { subscription: found?.subscription ?? '', resourceGroup: found?.resourceGroup ?? '', workspace: name };
  };
  const endpointRef = (workspace: string, endpoint: string): EndpointRef => ({ ...workspaceRef(workspace), endpoint });
  const place = (path: string) => ({
    account: organisation.cost.export?.account ?? '',
    container: organisation.cost.export?.container ?? '',
    path,
  });
  const measured = async (
    resource: string,
    metric: string,
    from: Temporal.Instant,
    to: Temporal.Instant,
    filter?: string,
  ) => {
    const { value } = await azure.metrics.query({
      resource,
      metrics: [metric],
      from,
      to,
      granularity: 'PT1H',
      aggregation: 'Average',
      ...(filter ? { filter } : {}),
    });
    return value;
  };

  return {
    async read({ scope, from, to, basis, kind }) {
      const usage = kind === 'usage';
      const { value } = await azure.cost.daily(
        {
          scope,
          from,
          to,
          basis,
          groupBy: [{ dimension: 'ResourceId' }, { dimension: usage ? 'MeterCategory' : 'ChargeType' }],
          only: { dimension: 'ChargeType', values: usage ? ['Usage'] : OTHER_CHARGES },
        },
        { fresh: true },
      );
      return value.map(({ day, amount, currency, by }) => ({
        day,
        amount,
        currency,
        resource: by['ResourceId'] ?? '',
        meter: by['MeterCategory'] ?? '',
        charge: by['ChargeType'] ?? 'Usage',
      }));
    },
    async tags({ scope, from, to, tag }) {
      const groupBy = [{ dimension: 'ResourceId' }, { tag }];
      const { value } = await azure.cost.daily({ scope, from, to, groupBy, by: 'whole' }, { fresh: true });
      return new Map(value.map(({ by }) => [by['ResourceId'] ?? '', by[tag] ?? '']));
    },
    list: (path) => azure.blobs.list(place(path), 100_000, { fresh: true }),
    download: (path, to, most) => azure.blobs.download(place(path), to, most),
    commitments: (scope) => azure.cost.commitments(scope),
    async price(sku, region, currency) {
      const { value } = await azure.cost.retail(sku, region, currency);
      const of = (kind: string) => value.find((each) => each.kind === kind && each.unit === '1 Hour')?.price;
      const onDemand = of('on-demand');
      if (onDemand === undefined) return undefined;
      const plans = value.find(({ savingsPlans }) => savingsPlans.length > 0)?.savingsPlans ?? [];
      const spot = of('spot') ?? of('low-priority');
      const plan = plans.find(({ term }) => term === '1 Year')?.price;
      return { onDemand, ...(spot ? { spot } : {}), ...(plan ? { savingsPlanYear: plan } : {}) };
    },
    async deployments(workspace, endpoint) {
      const ref = endpointRef(workspace, endpoint);
      const now = Temporal.Instant.from((await azure.ml.getEndpoint(ref)).asOf.toString());
      const [{ value: state }, { value: list }] = await Promise.all([
        azure.ml.getEndpoint(ref),
        azure.ml.listDeployments(ref),
      ]);
      return Promise.all(
        list.map(async (each) => {
          const series = await measured(
            `${endpointId(ref)}/deployments/${each.name}`,
            'CpuUtilizationPercentage',
            now.subtract({ hours: 168 }),
            now,
          );
          const values = series.flatMap(({ points }) => points.map(({ value }) => value));
          return {
            name: each.name,
            state: each.provisioningState,
            traffic: state?.traffic[each.name] ?? 0,
            ...(each.model ? { model: each.model } : {}),
            ...(each.instanceType ? { instanceType: each.instanceType } : {}),
            ...(each.instances === undefined ? {} : { instances: each.instances }),
            ...(values.length > 0 ? { peakCpuPercent: Math.max(...values) } : {}),
            ...(each.createdAt ? { createdAt: each.createdAt } : {}),
          };
        }),
      );
    },
    async requests(workspace, endpoint, from, to) {
      const series = await measured(endpointId(endpointRef(workspace, endpoint)), 'RequestsPerMinute', from, to);
      if (series.length === 0) return undefined;
      // An hour's mean by the minute, sixty of them.
      return series.flatMap(({ points }) => points).reduce((sum, { value }) => sum + value * 60, 0);
    },
    async causes(workspace, since) {
      const { value } = await azure.ml.recentChanges(workspaceRef(workspace), since);
      return value.changes.map(({ at, what, by, endpoint }) => ({
        at,
        what,
        workspace,
        ...(by ? { by } : {}),
        ...(endpoint ? { endpoint } : {}),
      }));
    },
    async quality(workspace, model, version) {
      const ref = workspaceRef(workspace);
      const { value } = await azure.ml.listModelVersions(ref, model);
      const found = value.find((each) => each.version === version);
      if (!found?.jobName) return undefined;
      const { value: run } = await azure.ml.getRun(ref, found.jobName);
      const [metric, measurement] =
        Object.entries(run?.metrics ?? {}).find(([name]) => /auc|accuracy|f1/i.test(name)) ?? [];
      return metric && measurement ? { metric, value: measurement.value } : undefined;
    },
    scale: (workspace, endpoint, deployment, instances) =>
      azure.ml.setInstances({ ...endpointRef(workspace, endpoint), deployment }, instances),
  };
}

/** A cost that is out of the ordinary, as an alert: routed, grouped and called like every other one. */
export const costAlarm = (anomaly: Parameters<CostDeps['raiseIncident']>[1]): Parameters<Alerts['raise']>[1] => ({
  key: `cost|${anomaly.id}`,
  dedupKey: `cost:${anomaly.id}`,
  kind: 'budget',
  rule: anomaly.id,
  ...(anomaly.endpoint ? { endpoint: anomaly.endpoint } : {}),
  ...(anomaly.team ? { team: anomaly.team } : {}),
  severity: 3,
  at: Temporal.PlainDate.from(anomaly.day).toZonedDateTime('UTC').toInstant().toString(),
  headline: anomaly.headline,
  description: `Somebody made an incident of ${anomaly.id}.`,
});
