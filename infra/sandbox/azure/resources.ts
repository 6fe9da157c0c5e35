import { monitorName, SIGNAL } from './monitors.ts';
import {
  type ComputeSeed,
  type DeploymentSeed,
  ENDPOINTS,
  type EndpointSeed,
  type ModelSeed,
  SUBSCRIPTION,
  same,
  TENANT,
  type WorkspaceSeed,
} from './northwind.ts';
import { uuidOf } from './random.ts';
import { type EndpointNow, type EstateState, HOUR } from './state.ts';
import { armEndpointId, armWorkspaceId } from './webhooks.ts';

/**
 * The estate's resources as ARM writes them (api-version 2026-05-01). The writable part of each is checked against
 * Microsoft's JSON Schemas; `systemData`, ids and provisioning states are what ARM adds.
 */
export interface Resource {
  id: string;
  name: string;
  type: string;
  systemData: SystemData;
  properties: Record<string, unknown>;
  [more: string]: unknown;
}

interface SystemData {
  createdAt: string;
  createdBy: string;
  createdByType: string;
  lastModifiedAt: string;
  lastModifiedBy: string;
  lastModifiedByType: string;
}

const TYPE = 'Microsoft.MachineLearningServices/workspaces';
const iso = (at: number) => new Date(at).toISOString();

export const systemData = (createdAt: number, author: string, modifiedAt = createdAt, editor = author): SystemData => ({
  createdAt: iso(createdAt),
  createdBy: author,
  createdByType: 'User',
  lastModifiedAt: iso(modifiedAt),
  lastModifiedBy: editor,
  lastModifiedByType: editor === 'wardroom' ? 'Application' : 'User',
});

export function workspaceResource(state: EstateState, seed: WorkspaceSeed): Resource {
  const id = armWorkspaceId(seed.name);
  const base = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${seed.resourceGroup}/providers`;
  const key = seed.name.replaceAll('-', '');
  return {
    id,
    name: seed.name,
    type: TYPE,
    location: seed.region,
    kind: 'Default',
    tags: { env: 'prod', costCentre: `ml-${seed.resourceGroup.replace('rg-ml-', '')}` },
    sku: { name: 'Basic', tier: 'Basic' },
    identity: { type: 'SystemAssigned', principalId: uuidOf('principal', seed.name), tenantId: TENANT },
    systemData: systemData(state.startedAt - 450 * 24 * HOUR, 'finn.ohara@northwind.example'),
    properties: {
      friendlyName: seed.name,
      description: '',
      workspaceId: uuidOf('workspace', seed.name),
      storageAccount: `${base}/Microsoft.Storage/storageAccounts/${key}st`,
      keyVault: `${base}/Microsoft.KeyVault/vaults/${key}kv`,
      applicationInsights: `${base}/Microsoft.Insights/components/${seed.name}-ai`,
      hbiWorkspace: false,
      publicNetworkAccess: 'Enabled',
      discoveryUrl: `https://${seed.region}.api.azureml.ms/discovery`,
      mlFlowTrackingUri: `azureml://${seed.region}.api.azureml.ms/mlflow/v1.0${id}`,
      provisioningState: 'Succeeded',
    },
  };
}

export function endpointResource(state: EstateState, seed: EndpointSeed, now: EndpointNow, region: string): Resource {
  const online = seed.kind === 'online';
  const kind = online ? 'onlineEndpoints' : 'batchEndpoints';
  const author = seed.deployments[0]?.author ?? '';
  return {
    id: armEndpointId(seed),
    name: seed.name,
    type: `${TYPE}/${kind}`,
    location: region,
    kind: online ? 'Managed' : 'Batch',
    tags: now.tags,
    identity: { type: 'SystemAssigned', principalId: uuidOf('principal', seed.name), tenantId: TENANT },
    systemData: systemData(state.startedAt - seed.ageHours * HOUR, author, now.modifiedAt),
    properties: {
      authMode: online ? 'Key' : 'AADToken',
      description: now.description,
      properties: { 'azureml.onlineendpointid': armEndpointId(seed) },
      scoringUri: `https://${seed.name}.${region}.inference.ml.azure.com/${online ? 'score' : 'jobs'}`,
      provisioningState: now.provisioningState,
      ...(online
        ? {
            traffic: now.traffic,
            mirrorTraffic: now.mirrorTraffic,
            publicNetworkAccess: 'Enabled',
            swaggerUri: `https://${seed.name}.${region}.inference.ml.azure.com/swagger.json`,
          }
        : { defaults: { deploymentName: seed.deployments[0]?.name ?? '' } }),
    },
  };
}

export const modelVersionId = (workspace: string, model: string, version: string): string =>
  `${armWorkspaceId(workspace)}/models/${model}/versions/${version}`;

export const environmentName = (model: string): string => `env-${model}`;

export function deploymentResource(
  state: EstateState,
  endpoint: EndpointSeed,
  seed: DeploymentSeed,
  region: string,
): Resource {
  const online = endpoint.kind === 'online';
  const workspace = armWorkspaceId(endpoint.workspace);
  const model = modelVersionId(endpoint.workspace, seed.model, seed.version);
  const shared = {
    description: `${seed.model}:${seed.version}`,
    environmentId: `${workspace}/environments/${environmentName(seed.model)}/versions/${seed.version}`,
    properties: {},
    provisioningState: 'Succeeded',
  };
  return {
    id: `${armEndpointId(endpoint)}/deployments/${seed.name}`,
    name: seed.name,
    type: `${TYPE}/${online ? 'onlineEndpoints' : 'batchEndpoints'}/deployments`,
    location: region,
    kind: online ? 'Managed' : 'Batch',
    tags: { 'wardroom.version': seed.version },
    ...(online ? { sku: { name: 'Default', capacity: seed.instances } } : {}),
    systemData: systemData(state.startedAt - seed.ageHours * HOUR, seed.author),
    properties: online
      ? {
          ...shared,
          endpointComputeType: 'Managed',
          model,
          instanceType: seed.instanceType,
          appInsightsEnabled: true,
          egressPublicNetworkAccess: 'Enabled',
          scaleSettings: { scaleType: 'Default' },
          requestSettings: { requestTimeout: 'PT5S', maxConcurrentRequestsPerInstance: 10 },
          environmentVariables: {},
        }
      : {
          ...shared,
          model: { referenceType: 'Id', assetId: model },
          compute: `${workspace}/computes/cpu-${endpoint.workspace === 'mlw-risk-neu' ? 'risk' : 'retail'}`,
          miniBatchSize: 1000,
          maxConcurrencyPerInstance: 2,
          resources: { instanceCount: seed.instances },
        },
  };
}

/** Versions the seed knows and those that were registered since. */
export function versionsOf(state: EstateState, seed: ModelSeed, now: number): { version: string; at: number }[] {
  const before = seed.versions.map((ageHours, index) => ({
    version: String(index + 1),
    at: state.startedAt - ageHours * HOUR,
  }));
  const since = state.happened
    .filter(
      (each) => each.scenario === 'model-registered' && each.at <= now && same(String(each.params.model), seed.name),
    )
    .map((each) => ({ version: String(each.params.version), at: each.at }));
  return [...before, ...since];
}

export function modelResource(state: EstateState, seed: ModelSeed, now: number): Resource {
  const versions = versionsOf(state, seed, now);
  const latest = versions.at(-1);
  return {
    id: `${armWorkspaceId(seed.workspace)}/models/${seed.name}`,
    name: seed.name,
    type: `${TYPE}/models`,
    systemData: systemData(versions[0]?.at ?? now, seed.author, latest?.at ?? now),
    properties: {
      description: seed.description,
      isArchived: false,
      tags: {},
      properties: {},
      latestVersion: latest?.version ?? '1',
      nextVersion: String(versions.length + 1),
      provisioningState: 'Succeeded',
    },
  };
}

export function modelVersionResource(seed: ModelSeed, version: { version: string; at: number }): Resource {
  const auc = seed.auc[Number(version.version) - 1] ?? seed.auc.at(-1) ?? 0;
  const jobName = trainingRun(seed.name, version.version);
  return {
    id: modelVersionId(seed.workspace, seed.name, version.version),
    name: version.version,
    type: `${TYPE}/models/versions`,
    systemData: systemData(version.at, seed.author),
    properties: {
      description: `${seed.description} (version ${version.version})`,
      isArchived: false,
      isAnonymous: false,
      jobName,
      modelType: 'mlflow_model',
      modelUri: `azureml://jobs/${jobName}/outputs/artifacts/paths/model`,
      stage: inUse(seed.name, version.version) ? 'Production' : 'None',
      tags: { auc: auc.toFixed(3) },
      properties: { 'azureml.trainedBy': seed.author },
      provisioningState: 'Succeeded',
    },
  };
}

export const trainingRun = (model: string, version: string): string => `train-${model}-${version}`;

const inUse = (model: string, version: string): boolean =>
  ENDPOINTS.some((each) => each.deployments.some((one) => one.model === model && one.version === version));

/** One environment per model; a version of it for every version of the model, built an hour before. */
export function environmentVersionResource(seed: ModelSeed, version: { version: string; at: number }): Resource {
  const name = environmentName(seed.name);
  return {
    id: `${armWorkspaceId(seed.workspace)}/environments/${name}/versions/${version.version}`,
    name: version.version,
    type: `${TYPE}/environments/versions`,
    systemData: systemData(version.at - HOUR, seed.author),
    properties: {
      description: `Serving environment of ${seed.name}`,
      image: `northwind.azurecr.io/${name}:${version.version}`,
      osType: 'Linux',
      isArchived: false,
      isAnonymous: false,
      tags: {},
      properties: {},
      provisioningState: 'Succeeded',
    },
  };
}

export function computeResource(state: EstateState, seed: ComputeSeed, region: string): Resource {
  return {
    id: `${armWorkspaceId(seed.workspace)}/computes/${seed.name}`,
    name: seed.name,
    type: `${TYPE}/computes`,
    location: region,
    tags: {},
    systemData: systemData(state.startedAt - 400 * 24 * HOUR, 'finn.ohara@northwind.example'),
    properties: {
      computeType: 'AmlCompute',
      computeLocation: region,
      description: '',
      provisioningState: 'Succeeded',
      properties: {
        vmSize: seed.vmSize,
        vmPriority: seed.priority,
        osType: 'Linux',
        scaleSettings: { minNodeCount: 0, maxNodeCount: seed.maxNodes, nodeIdleTimeBeforeScaleDown: 'PT120S' },
        remoteLoginPortPublicAccess: 'Disabled',
      },
    },
  };
}

/** A model monitor as a schedule: a data-drift signal on the endpoint's inputs, nightly (platform.md, section 5). */
export function monitorResource(state: EstateState, endpoint: EndpointSeed): Resource {
  const inputs = (context: string) => ({
    jobInputType: 'mltable',
    uri: `azureml:${endpoint.name}-${context}:1`,
    dataContext: context,
  });
  const types = [...new Set(endpoint.features.map((each) => each.type))];
  const serving = endpoint.deployments.at(-1)?.name ?? '';
  return {
    id: `${armWorkspaceId(endpoint.workspace)}/schedules/${monitorName(endpoint)}`,
    name: monitorName(endpoint),
    type: `${TYPE}/schedules`,
    systemData: systemData(state.startedAt - 200 * 24 * HOUR, endpoint.deployments[0]?.author ?? ''),
    properties: {
      displayName: `${endpoint.description}: data drift`,
      isEnabled: true,
      provisioningState: 'Succeeded',
      trigger: {
        triggerType: 'Recurrence',
        frequency: 'Day',
        interval: 1,
        timeZone: 'UTC',
        schedule: { hours: [2], minutes: [10] },
      },
      action: {
        actionType: 'CreateMonitor',
        monitorDefinition: {
          alertNotificationSettings: { emailNotificationSettings: { emails: ['ml-alerts@northwind.example'] } },
          computeConfiguration: {
            computeType: 'ServerlessSpark',
            computeIdentity: { computeIdentityType: 'AmlToken' },
            instanceType: 'standard_e4s_v3',
            runtimeVersion: '3.4',
          },
          monitoringTarget: { taskType: 'Classification', deploymentId: `azureml:${endpoint.name}:${serving}` },
          signals: {
            [SIGNAL]: {
              signalType: 'DataDrift',
              notificationTypes: ['AmlNotification'],
              features: { filterType: 'FeatureSubset', features: endpoint.features.map((each) => each.name) },
              productionData: {
                ...inputs('model_inputs'),
                inputDataType: 'Rolling',
                windowSize: 'P1D',
                windowOffset: 'P0D',
              },
              referenceData: { ...inputs('training'), inputDataType: 'Fixed' },
              metricThresholds: types.map((dataType) => ({
                dataType,
                metric: 'PopulationStabilityIndex',
                threshold: { value: endpoint.features.find((each) => each.type === dataType)?.limit ?? 0.2 },
              })),
            },
          },
        },
      },
    },
  };
}
