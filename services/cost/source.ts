import type { Temporal } from 'temporal-polyfill';
import type { AutoscaleLimits } from '../azure/autoscale.ts';
import type { Commitment } from '../azure/cost-offers.ts';
import type { Compute } from '../azure/ml.computes.ts';
import type { Fresh } from '../azure/resilience.ts';

/** What the costs need of Azure; scopes are ARM ids. bot/app.cost.ts wires it. */
export interface CostSource {
  /**
   * Costs by day and resource, with their meter for usage and their kind of charge for all others (purchases, refunds).
   * Fresh: throws when Azure does not answer now.
   */
  read(of: {
    scope: string;
    from: Temporal.PlainDate;
    to: Temporal.PlainDate;
    basis: 'actual' | 'amortised';
    kind: 'usage' | 'others';
  }): Promise<readonly SourceRow[]>;
  /** The value of one tag by resource, for resources that cost something in that time. */
  tags(of: {
    scope: string;
    from: Temporal.PlainDate;
    to: Temporal.PlainDate;
    tag: string;
  }): Promise<ReadonlyMap<string, string>>;
  /** What a Blob path holds; names and sizes. */
  list(path: string): Promise<readonly { name: string; bytes: number; modifiedAt?: string }[]>;
  download(path: string, to: string, mostBytes: number): Promise<number>;
  commitments(scope: string): Promise<Fresh<readonly Commitment[]>>;
  /** Prices of a VM size an hour; what is not sold is left out. */
  price(sku: string, region: string, currency: string): Promise<SkuPrice | undefined>;
  /** Deployments of an endpoint, with what they run on. */
  deployments(workspace: string, endpoint: string): Promise<readonly DeploymentUse[]>;
  /** Requests that an endpoint answered between two instants; undefined when Azure Monitor does not say. */
  requests(
    workspace: string,
    endpoint: string,
    from: Temporal.Instant,
    to: Temporal.Instant,
  ): Promise<number | undefined>;
  /** What people did around a workspace since: the causes of what changed. */
  causes(workspace: string, since: Temporal.Instant): Promise<readonly Cause[]>;
  /** Measured quality of a model version, higher is better. */
  quality(workspace: string, model: string, version: string): Promise<{ metric: string; value: number } | undefined>;
  /** Clusters and people's machines of a workspace, as they are now. */
  computes(workspace: string): Promise<readonly Compute[]>;
  /** Stops a person's machine, or lets a cluster keep no node; what is so already stays so. */
  stopCompute(workspace: string, name: string): Promise<void>;
  /** Changes how many instances a deployment has. */
  scale(of: DeploymentName, instances: number): Promise<void>;
  /** Lets Azure scale a deployment by the use of its processors; what is so already stays so. */
  autoscale(of: DeploymentName, limits: AutoscaleLimits): Promise<void>;
  /** Takes the scaling off a deployment and gives it a fixed number of instances. */
  fix(of: DeploymentName, instances: number): Promise<void>;
}

export interface DeploymentName {
  workspace: string;
  endpoint: string;
  deployment: string;
}

export interface SourceRow {
  resource: string;
  day: Temporal.PlainDate;
  meter: string;
  /** FOCUS's charge category: Usage, Purchase, Refund, … */
  charge: string;
  amount: string;
  currency: string;
}

export interface SkuPrice {
  onDemand: string;
  spot?: string;
  /** An hour, of the whole term's price. */
  reservedYear?: string;
  savingsPlanYear?: string;
}

export interface DeploymentUse {
  name: string;
  state: string;
  model?: { name: string; version: string };
  instanceType?: string;
  instances?: number;
  /** Percent of the endpoint's traffic. */
  traffic: number;
  /** Busiest hour of the last week, percent of its processors; left out when it is not measured. */
  peakCpuPercent?: number;
  /** Each hour of the last week, percent of its processors. */
  hourlyCpuPercent?: readonly number[];
  /** Runs on a Kubernetes cluster of one's own: Azure Monitor does not scale it. */
  kubernetes?: boolean;
  /** Azure changes its instances between these by itself; `name` is that of the setting. */
  autoscaled?: { name: string; least: number; most: number };
  createdAt?: string;
}

export interface Cause {
  at: Temporal.Instant;
  what: string;
  by?: string;
  workspace: string;
  endpoint?: string;
  compute?: string;
  /** Something was made that was not there before: a cluster, a machine. */
  made?: boolean;
}
