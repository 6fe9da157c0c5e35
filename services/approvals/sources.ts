import type { Temporal } from 'temporal-polyfill';

/**
 * What a promotion asks of the outside: Azure ML, Monitor, Cost Management, and where the code is reviewed. The
 * composition root wires it (bot/app.approvals.ts). Every call may throw Unavailable; `undefined` means there is none.
 */
export interface Sources {
  /** Fresh: a decision hangs on it. */
  version(workspace: string, model: string, version: string): Promise<VersionFacts | undefined>;
  run(workspace: string, runId: string): Promise<RunFacts | undefined>;
  /** A text file among the run's outputs. Refused when it has more than `mostBytes`. */
  output(workspace: string, runId: string, path: string, mostBytes: number): Promise<string | undefined>;
  target(workspace: string, endpoint: string): Promise<TargetFacts | undefined>;
  drift(workspace: string, endpoint: string): Promise<DriftFacts | undefined>;
  environment(workspace: string, model: string, version: string): Promise<EnvironmentFacts | undefined>;
  /** What the endpoint cost in the last 30 days. */
  cost(workspace: string, endpoint: string): Promise<CostFacts | undefined>;
  /**
   * What is known about a commit of the model's code; `since` is the commit of the serving version. `undefined` when
   * wardroom.yaml names no repository of the model; without `facts` the repository does not show the commit.
   */
  code(model: string, commit: string, since: string | undefined): Promise<CodeAnswer | undefined>;
  /** A file by its signed address in Azure Blob storage. Refused for any other place, and when it is larger. */
  attachment(url: string, mostBytes: number): Promise<string>;
}

export interface VersionFacts {
  name: string;
  version: string;
  createdAt: Temporal.Instant | undefined;
  /** An account name or address. */
  createdBy: string | undefined;
  jobName: string | undefined;
  uri: string | undefined;
  archived: boolean;
  tags: Readonly<Record<string, string>>;
  properties: Readonly<Record<string, string>>;
}

export interface RunFacts {
  id: string;
  endedAt: Temporal.Instant | undefined;
  metrics: Readonly<Record<string, number>>;
  params: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
}

export interface TargetFacts {
  kubernetes: boolean;
  traffic: Readonly<Record<string, number>>;
  deployments: readonly { name: string; model?: string; instanceType?: string; instances?: number }[];
  /** ARM's word: SystemAssigned, UserAssigned, None. */
  identity: string;
  publicAccess: boolean;
  /** Of the workspace. */
  privateEndpoints: readonly { name: string; state: string }[];
  workspacePublicAccess: boolean;
  asOf: Temporal.Instant;
}

export interface DriftFacts {
  readings: readonly { feature: string; metric: string; value: number; limit?: number; breached: boolean }[];
  at: Temporal.Instant;
}

export interface EnvironmentFacts {
  name: string;
  version: string;
  image: string | undefined;
  conda: string | undefined;
}

export interface CostFacts {
  /** Decimal text, in `currency`. */
  amount: string;
  currency: string;
  days: number;
  asOf: Temporal.Instant;
}

export interface CodeAnswer {
  /** "GitHub", "Azure DevOps" */
  host: string;
  repository: string;
  /** What would have to be set for private repositories to be seen; undefined when it is. */
  hidden: string | undefined;
  facts: CodeFacts | undefined;
}

export interface CodeFacts {
  checks: readonly { name: string; passed: boolean; at: Temporal.Instant | undefined }[];
  /** The pull request that brought the commit in; undefined when it was pushed directly. */
  pull: { number: number; author: string; approvedBy: readonly string[]; at: Temporal.Instant | undefined } | undefined;
  /** Names or addresses of everybody who wrote between the serving version and this one. */
  committers: readonly string[];
}
