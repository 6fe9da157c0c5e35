import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import type { z } from 'zod/v4';
import { Unavailable } from '../core/errors.ts';
import { read } from './border.ts';
import { type Changes, changes } from './ml.changes.ts';
import { type Monitors, monitors } from './ml.monitors.ts';
import { type Runs, runs } from './ml.runs.ts';
import { type Schedules, scheduleReads } from './ml.schedules.ts';
import { modelContainer, modelVersion, onlineDeployment, onlineEndpoint, workspace } from './ml.shapes.ts';
import {
  type OperationState,
  pollOperation,
  type StartedOperation,
  type StartTrafficOptions,
  startTraffic,
  type Traffic,
  versionOf,
} from './ml.traffic.ts';
import { type EndpointRef, ML_API_VERSION, parseMlId, parseModelId, type WorkspaceRef } from './refs.ts';
import { type Fresh, type Guard, type ReadOptions, statusOf } from './resilience.ts';
import type { Rest } from './rest.ts';
import type { HttpClient, TokenCredential } from './wire.ts';

const SERVICE = 'Azure Machine Learning';

export interface WorkspaceInfo extends WorkspaceRef {
  id: string;
  region: string;
  mlflowTrackingUri?: string;
}

export interface EndpointState {
  ref: EndpointRef;
  id: string;
  region: string;
  /** ARM's word: Succeeded, Updating, Creating, Deleting, Failed, Canceled. */
  provisioningState: string;
  traffic: Traffic;
  mirrorTraffic: Traffic;
  scoringUri?: string;
  tags: Readonly<Record<string, string>>;
  createdAt?: string;
  modifiedAt?: string;
  modifiedBy?: string;
  /** For `startTraffic(…, { ifMatch })`. */
  version: string;
}

export interface DeploymentState {
  id: string;
  name: string;
  provisioningState: string;
  model?: { name: string; version: string };
  environmentId?: string;
  instanceType?: string;
  instances?: number;
  createdAt?: string;
  createdBy?: string;
  modifiedAt?: string;
}

export interface ModelInfo {
  name: string;
  latestVersion?: string;
  description?: string;
}

export interface ModelVersionInfo {
  id: string;
  name: string;
  version: string;
  description?: string;
  stage?: string;
  jobName?: string;
  modelType?: string;
  tags: Readonly<Record<string, string>>;
  properties: Readonly<Record<string, string>>;
  createdAt?: string;
  createdBy?: string;
}

/** Azure ML: its resources, its run history, and the one change we make. */
export interface Ml extends Resources, Schedules, Runs, Monitors, Changes {}

export interface Resources {
  listWorkspaces(subscription: string): Promise<Fresh<readonly WorkspaceInfo[]>>;
  listEndpoints(ref: WorkspaceRef): Promise<Fresh<readonly EndpointState[]>>;
  /** `undefined` when there is none of that name. `{ fresh: true }` when a decision hangs on it. */
  getEndpoint(ref: EndpointRef, options?: ReadOptions): Promise<Fresh<EndpointState | undefined>>;
  listDeployments(ref: EndpointRef): Promise<Fresh<readonly DeploymentState[]>>;
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
}

export function ml({ credential, httpClient, endpoint, guard, rest, runsGuard, restAt }: MlDeps): Ml {
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

  const trackingUri = async (ref: WorkspaceRef) => {
    const { value } = await guard.read(key('workspace', ref), async (abortSignal) =>
      read(
        SERVICE,
        workspace,
        await sdk(ref.subscription).workspaces.get(ref.resourceGroup, ref.workspace, { abortSignal }),
      ),
    );
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
          const found = await absent(
            onlineEndpoints.get(ref.resourceGroup, ref.workspace, ref.endpoint, { abortSignal }),
          );
          return found && endpointState(ref, read(SERVICE, onlineEndpoint, found));
        },
        options,
      ),
    listDeployments: (ref) =>
      guard.read(key('deployments', ref), async (abortSignal) => {
        const { onlineDeployments } = sdk(ref.subscription);
        const items = await all(
          onlineDeployments.list(ref.resourceGroup, ref.workspace, ref.endpoint, { abortSignal }),
        );
        return items.map((item) => deploymentState(read(SERVICE, onlineDeployment, item)));
      }),
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
  return {
    ...resources,
    ...scheduleReads({ rest, guard }),
    ...history,
    ...monitors(history),
    ...changes({
      endpoints: listEndpoints,
      endpoint: getEndpoint,
      deployments: listDeployments,
      versions: listModelVersions,
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

/** 404 is an answer. */
async function absent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Drops what Azure left out or sent as null. */
const said = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [Name in keyof T]?: NonNullable<T[Name]>;
  };

function workspaceInfo(item: z.output<typeof workspace>): WorkspaceInfo {
  const ref = parseMlId(item.id) ?? { subscription: '', resourceGroup: '', workspace: item.name };
  const { subscription, resourceGroup } = ref;
  return {
    id: item.id,
    subscription,
    resourceGroup,
    workspace: item.name,
    region: item.location,
    ...said({ mlflowTrackingUri: item.mlFlowTrackingUri }),
  };
}

function endpointState(ref: WorkspaceRef, item: z.output<typeof onlineEndpoint>): EndpointState {
  const { subscription, resourceGroup, workspace: inWorkspace } = ref;
  return {
    ref: { subscription, resourceGroup, workspace: inWorkspace, endpoint: item.name },
    id: item.id,
    region: item.location,
    provisioningState: item.properties.provisioningState ?? 'Succeeded',
    traffic: item.properties.traffic ?? {},
    mirrorTraffic: item.properties.mirrorTraffic ?? {},
    tags: item.tags ?? {},
    version: versionOf(item),
    ...said({
      scoringUri: item.properties.scoringUri,
      createdAt: item.systemData.createdAt,
      modifiedAt: item.systemData.lastModifiedAt,
      modifiedBy: item.systemData.lastModifiedBy,
    }),
  };
}

function deploymentState(item: z.output<typeof onlineDeployment>): DeploymentState {
  return {
    id: item.id,
    name: item.name,
    provisioningState: item.properties.provisioningState ?? 'Succeeded',
    ...said({
      model: parseModelId(item.properties.model ?? ''),
      environmentId: item.properties.environmentId,
      instanceType: item.properties.instanceType,
      instances: item.sku?.capacity,
      createdAt: item.systemData.createdAt,
      createdBy: item.systemData.createdBy,
      modifiedAt: item.systemData.lastModifiedAt,
    }),
  };
}

function modelInfo(item: z.output<typeof modelContainer>): ModelInfo {
  const { latestVersion, description } = item.properties;
  return { name: item.name, ...said({ latestVersion, description }) };
}

function modelVersionInfo(model: string, item: z.output<typeof modelVersion>): ModelVersionInfo {
  const { description, stage, jobName, modelType } = item.properties;
  return {
    id: item.id,
    name: model,
    version: item.name,
    tags: item.properties.tags ?? {},
    properties: item.properties.properties ?? {},
    ...said({
      description,
      stage,
      jobName,
      modelType,
      createdAt: item.systemData.createdAt,
      createdBy: item.systemData.createdBy,
    }),
  };
}
