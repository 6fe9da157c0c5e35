import { Temporal } from 'temporal-polyfill';
import type { Alerts } from '../services/alerts/index.ts';
import type { ApprovedChange, CostPlan } from '../services/approvals/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { type EndpointRef, endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import { Refused } from '../services/core/errors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { type CostDeps, type CostSource, type Costs, channelOf, type MoneyChange } from '../services/cost/index.ts';
import type { Tx } from '../services/store/store.ts';
import type { TrainingDeps } from '../services/training/index.ts';

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
    async autoscale({ workspace, endpoint, deployment }, limits) {
      const ref = { ...endpointRef(workspace, endpoint), deployment };
      const { value } = await azure.ml.getEndpoint(ref, { fresh: true });
      if (!value) throw new Refused(`There is no endpoint ${endpoint} in ${workspace} any more.`);
      await azure.autoscale.setAutoscale(ref, { ...limits, region: value.region });
    },
    async fix({ workspace, endpoint, deployment }, instances) {
      const ref = { ...endpointRef(workspace, endpoint), deployment };
      // In this order: what scales would undo a number that was set before it is gone.
      await azure.autoscale.removeAutoscale(ref);
      await azure.ml.setInstances(ref, instances);
    },
    async deployments(workspace, endpoint) {
      const ref = endpointRef(workspace, endpoint);
      const [{ value: state, asOf: now }, { value: list }, { value: scaledBy }] = await Promise.all([
        azure.ml.getEndpoint(ref),
        azure.ml.listDeployments(ref),
        azure.autoscale.autoscaleOf(ref),
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
          const scaled = scaledBy.get(each.name.toLowerCase());
          return {
            name: each.name,
            state: each.provisioningState,
            traffic: state?.traffic[each.name] ?? 0,
            ...(each.model ? { model: each.model } : {}),
            ...(each.instanceType ? { instanceType: each.instanceType } : {}),
            ...(each.instances === undefined ? {} : { instances: each.instances }),
            ...(values.length > 0 ? { peakCpuPercent: Math.max(...values), hourlyCpuPercent: values } : {}),
            ...(state?.kubernetes ? { kubernetes: true } : {}),
            ...(scaled?.enabled ? { autoscaled: scaled } : {}),
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
      const ref = workspaceRef(workspace);
      const [{ value }, { value: machines }, { value: sweeps }] = await Promise.all([
        azure.ml.recentChanges(ref, since),
        azure.ml.computes(ref),
        azure.ml.sweeps(ref, since),
      ]);
      return [
        ...value.changes.map(({ at, what, by, endpoint }) => ({
          at,
          what,
          workspace,
          ...(by ? { by } : {}),
          ...(endpoint ? { endpoint } : {}),
        })),
        ...sweeps.map(({ title, trials, compute, startedAt, by }) => ({
          at: Temporal.Instant.from(startedAt),
          what: `the sweep “${title}”${trials ? ` of ${trials} trials` : ''} ran`,
          workspace,
          ...(compute ? { compute } : {}),
          ...(by ? { by } : {}),
        })),
        ...machines.flatMap(({ name, kind, nodes, createdAt, createdBy, since: started, owner }) => {
          const made = createdAt && Date.parse(createdAt) >= since.epochMilliseconds ? createdAt : undefined;
          const ran = kind === 'instance' && nodes > 0 && started && Date.parse(started) >= since.epochMilliseconds;
          const at = made ?? (ran ? started : undefined);
          if (at === undefined) return [];
          const by = made ? createdBy : owner;
          const word = kind === 'cluster' ? 'cluster' : 'machine';
          return [
            {
              at: Temporal.Instant.from(at),
              what: `the ${word} ${name} was ${made ? 'made' : 'started and runs since'}`,
              workspace,
              compute: name,
              ...(made ? { made: true } : {}),
              ...(by ? { by } : {}),
            },
          ];
        }),
      ];
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
    async computes(workspace) {
      const { value } = await azure.ml.computes(workspaceRef(workspace), { fresh: true });
      return value;
    },
    async stopCompute(workspace, name) {
      const ref = workspaceRef(workspace);
      const { value } = await azure.ml.computes(ref, { fresh: true });
      const found = value.find((each) => each.name === name);
      if (!found) throw new Refused(`There is no compute ${name} in ${workspace} any more.`);
      if (found.kind === 'instance') {
        if (found.nodes > 0) await azure.ml.stopInstance(ref, name);
      } else if (found.leastNodes > 0) await azure.ml.keepNodes(ref, name, { least: 0, most: found.mostNodes });
    },
    scale: ({ workspace, endpoint, deployment }, instances) =>
      azure.ml.setInstances({ ...endpointRef(workspace, endpoint), deployment }, instances),
  };
}

/** A plan that was voted on, as the costs carry it out. */
export const moneyChange = ({ what, change }: CostPlan, { request, requester }: Omit<ApprovedChange, 'plan'>) => ({
  request,
  change: change as unknown as MoneyChange,
  what,
  askedBy: requester,
});

/** A run that nobody asked for does not break a budget: it is left, and the owners are told with the button that runs it. */
export const retrainingBudget =
  (
    money: () => Costs,
    { organisation, outbox, clock }: Pick<CostDeps, 'organisation' | 'outbox' | 'clock'>,
  ): NonNullable<TrainingDeps['budget']> =>
  async (tx, rule) => {
    const endpoint = organisation.endpoints.find(({ id }) => id === rule.endpoint);
    const once = rule.estimate?.amount;
    if (!endpoint || once === undefined) return { allowed: true, reason: 'nobody knows what it costs' };
    const check = await money().budgets.check({ team: endpoint.owner, project: 'training', once }, tx);
    if (!check.needsSecondPerson) return { allowed: true, reason: check.reason };
    const day = clock.now().toString().slice(0, 10);
    if (tx.isTransaction)
      await outbox.say(tx as Tx, {
        key: `cost-held:${rule.id}:${day}`,
        kind: 'cost.held',
        ids: { rule: rule.id, model: rule.model, why: check.reason },
        conversation: channelOf(organisation, endpoint.owner),
      });
    return { allowed: false, reason: `it would break a budget: ${check.reason}` };
  };

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
