import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { Unavailable } from '../core/errors.ts';
import type { Blobs } from './blobs.ts';
import { read } from './border.ts';
import { type Changes, changes } from './ml.changes.ts';
import { type Collecting, collecting } from './ml.collection.ts';
import { type Computes, computeCalls } from './ml.computes.ts';
import { type Data, dataReads } from './ml.data.ts';
import { dataChanges } from './ml.data-changes.ts';
import { type Deployments, deployments } from './ml.deployments.ts';
import { type Details, runDetails } from './ml.details.ts';
import { type Jobs, jobCalls } from './ml.jobs.ts';
import { type Monitors, monitors } from './ml.monitors.ts';
import { type Quota, quota } from './ml.quota.ts';
import { type ReleaseReads, releaseReads } from './ml.releases.ts';
import { type Runs, runs } from './ml.runs.ts';
import { type Scale, scale } from './ml.scale.ts';
import { type Schedules, scheduleReads } from './ml.schedules.ts';
import { type ScheduleWrites, scheduleWrites } from './ml.schedules-write.ts';
import { modelContainer, modelVersion, onlineDeployment, onlineEndpoint, workspace } from './ml.shapes.ts';
import {
  type OperationState,
  pollOperation,
  type StartedOperation,
  type StartTrafficOptions,
  startTraffic,
  type Traffic,
} from './ml.traffic.ts';
import {
  type DeploymentState,
  deploymentState,
  type EndpointState,
  endpointState,
  type ModelInfo,
  type ModelVersionInfo,
  modelInfo,
  modelVersionInfo,
  type WorkspaceInfo,
  workspaceInfo,
} from './ml.views.ts';
import { type EndpointRef, ML_API_VERSION, type WorkspaceRef } from './refs.ts';
import { type Fresh, type Guard, orMissing, type ReadOptions } from './resilience.ts';
import type { Rest } from './rest.ts';
import type { HttpClient, TokenCredential } from './wire.ts';

const SERVICE = 'Azure Machine Learning';

/** Azure ML: its resources, its run history, and the changes we make. */
export interface Ml
  extends Resources,
    Deployments,
    Schedules,
    ScheduleWrites,
    Runs,
    Details,
    Monitors,
    Changes,
    Jobs,
    Collecting,
    Data,
    Scale,
    Quota,
    Computes,
    ReleaseReads {}

export interface Resources {
  listWorkspaces(subscription: string): Promise<Fresh<readonly WorkspaceInfo[]>>;
  listEndpoints(ref: WorkspaceRef): Promise<Fresh<readonly EndpointState[]>>;
  /** `undefined` when there is none of that name. `{ fresh: true }` when a decision hangs on it. */
  getEndpoint(ref: EndpointRef, options?: ReadOptions): Promise<Fresh<EndpointState | undefined>>;
  listDeployments(ref: EndpointRef, options?: ReadOptions): Promise<Fresh<readonly DeploymentState[]>>;
  listModels(ref: WorkspaceRef): Promise<Fresh<readonly ModelInfo[]>>;
  /** Newest first. */
  listModelVersions(ref: WorkspaceRef, model: string): Promise<Fresh<readonly ModelVersionInfo[]>>;
  startTraffic(ref: EndpointRef, traffic: Traffic, options?: StartTrafficOptions): Promise<StartedOperation>;
  pollOperation(operationUrl: string): Promise<OperationState>;
}

export interface MlDeps {
  credential: TokenCredential;
  httpClient?: HttpClient | undefined;
  endpoint: string;
  guard: Guard;
  rest: Rest;
  /** Run history lives on other hosts and has its own breaker. */
  runsGuard: Guard;
  restAt(origin: string): Rest;
  /** The first bytes of data assets are looked at. */
  blobs: Pick<Blobs, 'beginning' | 'ending' | 'list'>;
}

export function ml({ credential, httpClient, endpoint, guard, rest, runsGuard, restAt, blobs }: MlDeps): Ml {
  const clients = new Map<string, AzureMachineLearningWorkspaces>();
  /** The SDK's default api-version (2022-10-01) hides mirrorTraffic; with the newer one its answers keep it. */
  const sdk = (subscription: string): AzureMachineLearningWorkspaces => {
    const known = clients.get(subscription);
    if (known) return known;
    const made = new AzureMachineLearningWorkspaces(credential, subscription, {
      endpoint,
      $host: endpoint,
      apiVersion: ML_API_VERSION,
      retryOptions: { maxRetries: 0 },
      ...(httpClient ? { httpClient } : {}),
    });
    clients.set(subscription, made);
    return made;
  };
  const key = (what: string, ref: object) => `${what}:${Object.values(ref).join('/')}`;

  const workspaceOf = async (ref: WorkspaceRef) => {
    const { value } = await guard.read(key('workspace', ref), async (abortSignal) =>
      read(
        SERVICE,
        workspace,
        await sdk(ref.subscription).workspaces.get(ref.resourceGroup, ref.workspace, { abortSignal }),
      ),
    );
    return value;
  };
  const trackingUri = async (ref: WorkspaceRef) => {
    const value = await workspaceOf(ref);
    if (!value.mlFlowTrackingUri) throw new Unavailable(SERVICE, `${ref.workspace} has no tracking address`);
    return value.mlFlowTrackingUri;
  };
  const history = runs({ guard: runsGuard, trackingUri, restAt });

  const resources: Resources = {
    listWorkspaces: (subscription) =>
      guard.read(`workspaces:${subscription}`, async (abortSignal) =>
        (await all(sdk(subscription).workspaces.listBySubscription({ abortSignal }))).map((item) =>
          workspaceInfo(read(SERVICE, workspace, item)),
        ),
      ),
    listEndpoints: (ref) =>
      guard.read(key('endpoints', ref), async (abortSignal) =>
        (await all(sdk(ref.subscription).onlineEndpoints.list(ref.resourceGroup, ref.workspace, { abortSignal }))).map(
          (item) => endpointState(ref, read(SERVICE, onlineEndpoint, item)),
        ),
      ),
    getEndpoint: (ref, options) =>
      guard.read(
        key('endpoint', ref),
        async (abortSignal) => {
          const { onlineEndpoints } = sdk(ref.subscription);
          const found = await orMissing(
            onlineEndpoints.get(ref.resourceGroup, ref.workspace, ref.endpoint, { abortSignal }),
          );
          return found && endpointState(ref, read(SERVICE, onlineEndpoint, found));
        },
        options,
      ),
    listDeployments: (ref, options) =>
      guard.read(
        key('deployments', ref),
        async (abortSignal) => {
          const { onlineDeployments } = sdk(ref.subscription);
          // An endpoint that is not there has none.
          const items = await orMissing(
            all(onlineDeployments.list(ref.resourceGroup, ref.workspace, ref.endpoint, { abortSignal })),
          );
          return (items ?? []).map((item) => deploymentState(read(SERVICE, onlineDeployment, item)));
        },
        options,
      ),
    listModels: (ref) =>
      guard.read(key('models', ref), async (abortSignal) =>
        (await all(sdk(ref.subscription).modelContainers.list(ref.resourceGroup, ref.workspace, { abortSignal }))).map(
          (item) => modelInfo(read(SERVICE, modelContainer, item)),
        ),
      ),
    listModelVersions: (ref, model) =>
      guard.read(key('versions', { ...ref, model }), async (abortSignal) => {
        const { modelVersions } = sdk(ref.subscription);
        const items = await all(modelVersions.list(ref.resourceGroup, ref.workspace, model, { abortSignal }));
        return items
          .map((item) => modelVersionInfo(model, read(SERVICE, modelVersion, item)))
          .sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
      }),
    startTraffic: (ref, traffic, options) => startTraffic({ rest, guard }, ref, traffic, options),
    pollOperation: (operationUrl) => pollOperation({ rest, guard }, operationUrl),
  };
  const { listEndpoints, getEndpoint, listDeployments, listModelVersions } = resources;
  const data = dataReads({ rest, guard });
  return {
    ...resources,
    ...deployments({ rest, guard }),
    ...scale({ rest, guard }),
    ...quota({ rest, guard }),
    ...computeCalls({ rest, guard }),
    ...scheduleReads({ rest, guard }),
    ...scheduleWrites({ rest, guard }),
    ...jobCalls({ rest, guard }),
    ...collecting({ rest, guard }),
    ...data,
    ...releaseReads({ rest, guard }),
    ...runDetails({ guard: runsGuard, region: async (ref) => (await workspaceOf(ref)).location, restAt }),
    ...history,
    ...monitors(history),
    ...changes({
      endpoints: listEndpoints,
      endpoint: getEndpoint,
      deployments: listDeployments,
      versions: listModelVersions,
      data: dataChanges({ ...data, rest, guard, blobs }),
      rest,
      guard,
    }),
  };
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}
