import { type Cluster, clustersAt, runsAt } from './computes.ts';
import { COMPUTES, ENDPOINTS, INSTANCES, SUBSCRIPTION, WORKSPACES, workspaceSeed } from './northwind.ts';
import { noise } from './random.ts';
import { instancesAt } from './scaling.ts';
import { DAY, deploymentsAt, type EstateState, HOUR } from './state.ts';
import { armEndpointId, armWorkspaceId } from './webhooks.ts';

/** What Northwind pays for, in euros a day: the ground of the query API, of the exports and of the recommendations. */
export interface Priced {
  id: string;
  resourceGroup: string;
  meterCategory: string;
  charge: 'Usage' | 'Purchase' | 'Refund';
  tags: Readonly<Record<string, string>>;
  /** Euros of one day (UTC); `amortised` spreads what was bought over its term. */
  on(state: EstateState, day: number, amortised: boolean): number;
}

export const EUROS_PER_INSTANCE_DAY: Readonly<Record<string, number>> = {
  Standard_F8s_v2: 9.12,
  Standard_DS3_v2: 6.6,
};
const EUROS_PER_NODE_DAY: Readonly<Record<string, number>> = {
  Standard_D16s_v5: 21.4,
  Standard_NC24ads_A100_v4: 88.3,
  Standard_D8s_v5: 4.3,
  Standard_E8s_v5: 13.1,
};
const DEPARTMENTS: Readonly<Record<string, string>> = {
  'mlw-payments-weu': 'payments',
  'mlw-retail-weu': 'retail',
  'mlw-risk-neu': 'Risk ',
};

const groupOf = (workspace: string): string => workspaceSeed(workspace)?.resourceGroup ?? '';
const weekend = (day: number): boolean => [0, 6].includes(new Date(day).getUTCDay());
const jitter = (state: EstateState, id: string, day: number, size = 0.08): number =>
  1 + size * noise(state.seed, id, 'cost', day / DAY);
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

/** Serving: each instance by the day; before its latest deployment product-recommender ran on one instance. */
const serving: readonly Priced[] = ENDPOINTS.map((each) => {
  const id = armEndpointId(each);
  const priced = (one: { instanceType: string }, instances: number) =>
    instances * (EUROS_PER_INSTANCE_DAY[one.instanceType] ?? 8);
  const daily = each.deployments.reduce((sum, one) => sum + priced(one, one.instances), 0);
  /** A day's price: by the hour once somebody told a deployment to have more or fewer instances. */
  const paid = (state: EstateState, at: number): number => {
    const told = state.writes.some(
      (write) => write.at < at + DAY && (write.kind === 'autoscale' || write.name.startsWith(`${each.name}/`)),
    );
    if (!told) return daily;
    const hours = Array.from({ length: 24 }, (_, hour) => at + hour * HOUR);
    return hours
      .flatMap((hour) =>
        deploymentsAt(state, each, hour)
          .filter(({ name }) => each.deployments.some((one) => one.name === name))
          .map((one) => priced(one, instancesAt(state, each, one, hour)) / hours.length),
      )
      .reduce((sum, price) => sum + price, 0);
  };
  return {
    id,
    resourceGroup: groupOf(each.workspace),
    meterCategory: 'Virtual Machines',
    charge: 'Usage',
    tags: {
      project: each.name.replace(/^(ep|be)-/, ''),
      env: 'prod',
      department: DEPARTMENTS[each.workspace] ?? '',
    },
    on(state, at) {
      const latest = each.deployments.at(-1);
      const young = each.name === 'ep-recommend' && at < state.startedAt - (latest?.ageHours ?? 0) * HOUR;
      return paid(state, at) * (young ? 0.5 : 1) * jitter(state, id, at);
    },
  };
});

/** Training: less at weekends, a sweep for two days a fortnight before the story, and what a spike does. */
const SWEEP_DAYS_AGO = [12, 13];
function trained(each: Cluster): Priced {
  const id = `${armWorkspaceId(each.workspace)}/computes/${each.name}`;
  // A cluster of the seed is used a third of the day; one that was made in the story keeps its nodes.
  const kept = each.madeAt !== undefined;
  const daily = (EUROS_PER_NODE_DAY[each.vmSize] ?? 10) * each.maxNodes * (kept ? 1 : 0.35);
  return {
    id,
    resourceGroup: groupOf(each.workspace),
    meterCategory: 'Virtual Machines',
    charge: 'Usage',
    tags: { project: 'training', env: 'dev', department: 'platform', purpose: 'training' },
    on(state, at) {
      const spike = state.happened.some(
        (one) => one.scenario === 'cost-spike' && at <= one.at && at > one.at - 3 * DAY,
      );
      const ago = Math.floor(state.startedAt / DAY) - at / DAY;
      const sweep = each.name === 'gpu-a100' && SWEEP_DAYS_AGO.includes(ago);
      if (each.madeAt !== undefined && at + DAY <= each.madeAt) return 0;
      return daily * (weekend(at) && !kept ? 0.4 : 1) * (spike ? 4 : 1) * (sweep ? 2 : 1) * jitter(state, id, at);
    },
  };
}
const training: readonly Priced[] = COMPUTES.map(trained);

/** People's own machines: by the day while they run. */
const machines: readonly Priced[] = INSTANCES.map((each) => {
  const id = `${armWorkspaceId(each.workspace)}/computes/${each.name}`;
  return {
    id,
    resourceGroup: groupOf(each.workspace),
    meterCategory: 'Virtual Machines',
    charge: 'Usage',
    tags: { project: 'notebooks', env: 'dev', department: 'platform', purpose: 'experiment' },
    on: (state, at) => (runsAt(state, each, at + DAY / 2) ? (EUROS_PER_NODE_DAY[each.vmSize] ?? 10) : 0),
  };
});

const storageId = (workspace: string, group: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${workspace.replaceAll('-', '')}st`;

/** Storage nobody has tagged: there always is some. It grows with the data. */
const storage: readonly Priced[] = WORKSPACES.map((each) => {
  const id = storageId(each.name, each.resourceGroup);
  return {
    id,
    resourceGroup: each.resourceGroup,
    meterCategory: 'Storage',
    charge: 'Usage',
    tags: {},
    on: (state, at) => 3.4 * (1 + Math.min(0, at - state.startedAt) / (1500 * DAY)) * jitter(state, id, at, 0.02),
  };
});

/** Answers leave the region by the gigabyte; the same resource as the instances, another meter. */
const transfer: readonly Priced[] = ENDPOINTS.filter(({ peakRpm }) => peakRpm > 1000).map((each) => ({
  id: armEndpointId(each),
  resourceGroup: groupOf(each.workspace),
  meterCategory: 'Bandwidth',
  charge: 'Usage',
  tags: { project: each.name.replace(/^ep-/, ''), env: 'prod', department: DEPARTMENTS[each.workspace] ?? '' },
  on: (state, at) => (each.peakRpm / 1000) * (weekend(at) ? 0.7 : 1) * jitter(state, each.name, at, 0.05),
}));

const RESERVED = { price: 3650, from: day('2026-03-01'), days: 365 };

/** Bought once for a year, billed on one day, used every day; and a credit for an outage of the storage. */
const others: readonly Priced[] = [
  {
    id: '',
    resourceGroup: '',
    meterCategory: 'Virtual Machines',
    charge: 'Purchase',
    tags: {},
    on(_state, at, amortised) {
      if (!amortised) return at === RESERVED.from ? RESERVED.price : 0;
      const inTerm = at >= RESERVED.from && at < RESERVED.from + RESERVED.days * DAY;
      return inTerm ? RESERVED.price / RESERVED.days : 0;
    },
  },
  {
    id: storageId('mlw-retail-weu', 'rg-ml-retail'),
    resourceGroup: 'rg-ml-retail',
    meterCategory: 'Storage',
    charge: 'Refund',
    tags: {},
    on: (_state, at) => (at === day('2026-11-05') ? -18.4 : 0),
  },
];

const PRICED: readonly Priced[] = [...serving, ...training, ...machines, ...storage, ...transfer, ...others];

/** All that is paid for, with the clusters that somebody made in the story. */
export const pricedAt = (state: EstateState, at: number): readonly Priced[] => [
  ...PRICED,
  ...clustersAt(state, at)
    .filter(({ madeAt }) => madeAt !== undefined)
    .map(trained),
];
