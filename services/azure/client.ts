import type { Clock } from '../core/clock.ts';
import { type Traced, untraced } from '../core/traces.ts';
import { type Autoscale, autoscale } from './autoscale.ts';
import { azureDevops, DEVOPS_ENDPOINT, DEVOPS_SCOPE } from './azure-devops.ts';
import { type Blobs, blobs } from './blobs.ts';
import type { CodeHost } from './code-hosts.ts';
import { type Cost, cost } from './cost.ts';
import { costPace, UNPACED } from './cost-pace.ts';
import { github } from './github.ts';
import type { GithubApp } from './github-app.ts';
import { type Graph, graph } from './graph.ts';
import { type Logs, logs } from './logs.ts';
import { type Metrics, metrics } from './metrics.ts';
import { type Ml, ml } from './ml.ts';
import { type Guard, type GuardTuning, guard, type WarnLog } from './resilience.ts';
import { type Rest, restClient } from './rest.ts';
import type { HttpClient, TokenCredential } from './wire.ts';

export interface AzureEndpoints {
  arm: string;
  graph: string;
  logs: string;
  prices: string;
}

export const PUBLIC_CLOUD: AzureEndpoints = {
  arm: 'https://management.azure.com',
  graph: 'https://graph.microsoft.com',
  logs: 'https://api.loganalytics.io',
  prices: 'https://prices.azure.com',
};

export interface AzureDeps {
  credential: TokenCredential;
  /** The estate's transport in the sandbox; left out, the real network. */
  httpClient?: HttpClient;
  clock: Clock;
  /** For the jitter of retries. */
  random?: () => number;
  log?: WarnLog;
  traced?: Traced;
  endpoints?: Partial<AzureEndpoints>;
  /** Reads checks and reviews: a token or an app; without it only public repositories can be read. */
  github?: string | GithubApp | undefined;
  /** A personal access token; the identity in Azure is used without one. */
  azureDevOpsToken?: string | undefined;
  tuning?: GuardTuning;
}

export interface AzureClients {
  ml: Ml;
  metrics: Metrics;
  autoscale: Autoscale;
  logs: Logs;
  cost: Cost;
  graph: Graph;
  blobs: Blobs;
  github: CodeHost;
  devops: CodeHost;
  /** Which services answer, for /readyz. */
  health(): Readonly<Record<string, boolean>>;
}

const COST_DEADLINE_MS = 120_000;

/** Every Azure service behind its small interface, each with its own breaker. */
export function azureClients(deps: AzureDeps): AzureClients {
  const { credential, httpClient, clock, random, log, tuning, traced = untraced } = deps;
  const endpoints = { ...PUBLIC_CLOUD, ...deps.endpoints };
  const guards: Guard[] = [];
  const guarded = (service: string, own: GuardTuning = {}): Guard => {
    const made = guard({
      service,
      clock,
      ...(random ? { random } : {}),
      ...(log ? { log } : {}),
      tuning: { ...own, ...tuning },
    });
    guards.push(made);
    return watched(made, traced);
  };
  const restAt = (service: string, endpoint: string, scope: string): Rest =>
    restClient({ service, endpoint, scope, credential, httpClient });
  const armScope = `${endpoints.arm}/.default`;
  const armRest = restAt('Azure Resource Manager', endpoints.arm, armScope);
  const storage = blobs({ credential, httpClient, guard: guarded('Azure Storage') });
  return {
    ml: ml({
      blobs: storage,
      credential,
      httpClient,
      endpoint: endpoints.arm,
      guard: guarded('Azure Machine Learning'),
      rest: armRest,
      runsGuard: guarded('Azure ML run history'),
      restAt: (origin) => restAt('Azure ML run history', origin, armScope),
    }),
    metrics: metrics({ credential, httpClient, endpoint: endpoints.arm, guard: guarded('Azure Monitor metrics') }),
    autoscale: autoscale({ rest: armRest, guard: guarded('Azure Monitor autoscale') }),
    logs: logs({ credential, httpClient, endpoint: endpoints.logs, guard: guarded('Log Analytics') }),
    cost: cost({
      rest: restAt('Cost Management', endpoints.arm, armScope),
      // A month of a large subscription comes in many pages, and nobody waits for it.
      guard: guarded('Cost Management', { deadlineMs: COST_DEADLINE_MS }),
      // Units are counted by tenant: a transport of the caller's own (the estate) has none to spare or to share.
      pace: httpClient ? UNPACED : costPace(clock),
      prices: restClient({ service: 'Retail Prices', endpoint: endpoints.prices, scope: '', httpClient }),
    }),
    graph: graph({
      rest: restAt('Microsoft Graph', `${endpoints.graph}/v1.0`, `${endpoints.graph}/.default`),
      guard: guarded('Microsoft Graph'),
    }),
    blobs: storage,
    github: github({ auth: deps.github, httpClient, clock, guard: guarded('GitHub') }),
    devops: azureDevops({
      rest: deps.azureDevOpsToken
        ? restClient({
            service: 'Azure DevOps',
            endpoint: DEVOPS_ENDPOINT,
            scope: '',
            authorization: basic(deps.azureDevOpsToken),
            httpClient,
          })
        : restAt('Azure DevOps', DEVOPS_ENDPOINT, DEVOPS_SCOPE),
      guard: guarded('Azure DevOps'),
    }),
    health: () => Object.fromEntries(guards.map((each) => [each.service, each.healthy()])),
  };
}

/** How Azure DevOps takes a personal access token: as the password of nobody. */
const basic = (token: string): string => `Basic ${Buffer.from(`:${token}`).toString('base64')}`;

/** One span for a call with all its tries; `stale` when the answer is an old one. */
const watched = (made: Guard, traced: Traced): Guard => ({
  ...made,
  read: (key, call, options) =>
    traced(`${made.service} read`, { 'azure.key': key }, async (span) => {
      const answer = await made.read(key, call, options);
      span.note({ 'azure.stale': answer.stale });
      return answer;
    }),
  write: (call) => traced(`${made.service} write`, {}, () => made.write(call)),
});
