import { seededCollector } from './collected.ts';
import { type EndpointSeed, SUBSCRIPTION, TENANT, type WorkspaceSeed } from './northwind.ts';
import { uuidOf } from './random.ts';
import { type DeploymentNow, type EndpointNow, type EstateState, HOUR } from './state.ts';
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

export const TYPE = 'Microsoft.MachineLearningServices/workspaces';
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
      publicNetworkAccess: isPrivate(seed.name) ? 'Disabled' : 'Enabled',
      privateEndpointConnections: isPrivate(seed.name) ? [privateEndpoint(id, base)] : [],
      discoveryUrl: `https://${seed.region}.api.azureml.ms/discovery`,
      mlFlowTrackingUri: `azureml://${seed.region}.api.azureml.ms/mlflow/v1.0${id}`,
      provisioningState: 'Succeeded',
    },
  };
}

/** Payments are reached by private link only; the others still can be from the internet. */
const isPrivate = (workspace: string): boolean => workspace === 'mlw-payments-weu';

const privateEndpoint = (id: string, base: string) => ({
  id: `${id}/privateEndpointConnections/pe-payments`,
  name: 'pe-payments',
  type: `${TYPE}/privateEndpointConnections`,
  properties: {
    privateEndpoint: { id: `${base}/Microsoft.Network/privateEndpoints/pe-payments` },
    privateLinkServiceConnectionState: { status: 'Approved', description: 'Auto-approved', actionsRequired: 'None' },
    provisioningState: 'Succeeded',
  },
});

export function endpointResource(state: EstateState, seed: EndpointSeed, now: EndpointNow, region: string): Resource {
  const online = seed.kind === 'online';
  const kind = online ? 'onlineEndpoints' : 'batchEndpoints';
  const author = seed.deployments[0]?.author ?? '';
  return {
    id: armEndpointId(seed),
    name: seed.name,
    type: `${TYPE}/${kind}`,
    location: region,
    kind: online ? (seed.kubernetes ? 'Kubernetes' : 'Managed') : 'Batch',
    tags: now.tags,
    identity: { type: 'SystemAssigned', principalId: uuidOf('principal', seed.name), tenantId: TENANT },
    systemData: systemData(state.startedAt - seed.ageHours * HOUR, author, now.modifiedAt, now.modifiedBy ?? author),
    properties: {
      authMode: online ? 'Key' : 'AADToken',
      description: now.description,
      properties: { 'azureml.onlineendpointid': armEndpointId(seed) },
      scoringUri: `https://${seed.name}.${region}.inference.ml.azure.com/${online ? 'score' : 'jobs'}`,
      provisioningState: now.provisioningState,
      ...(online
        ? {
            ...(seed.kubernetes ? { compute: `${armWorkspaceId(seed.workspace)}/computes/${seed.kubernetes}` } : {}),
            traffic: now.traffic,
            mirrorTraffic: now.mirrorTraffic,
            publicNetworkAccess: isPrivate(seed.workspace) ? 'Disabled' : 'Enabled',
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
  seed: DeploymentNow,
  region: string,
): Resource {
  const online = endpoint.kind === 'online';
  const workspace = armWorkspaceId(endpoint.workspace);
  const model = modelVersionId(endpoint.workspace, seed.model, seed.version);
  const shared = {
    description: `${seed.model}:${seed.version}`,
    environmentId: `${workspace}/environments/${environmentName(seed.model)}/versions/${seed.version}`,
    properties: {},
    provisioningState: seed.provisioningState,
  };
  const said = (seed.body ?? {}) as { properties?: object; tags?: object };
  return {
    id: `${armEndpointId(endpoint)}/deployments/${seed.name}`,
    name: seed.name,
    type: `${TYPE}/${online ? 'onlineEndpoints' : 'batchEndpoints'}/deployments`,
    location: region,
    kind: online ? (endpoint.kubernetes ? 'Kubernetes' : 'Managed') : 'Batch',
    tags: said.tags ?? { 'wardroom.version': seed.version },
    ...(online ? { sku: { name: 'Default', capacity: seed.instances } } : {}),
    systemData: systemData(
      state.startedAt - seed.ageHours * HOUR,
      seed.author,
      seed.changedAt ?? state.startedAt - seed.ageHours * HOUR,
      seed.changedBy ?? seed.author,
    ),
    properties: online
      ? {
          ...shared,
          endpointComputeType: endpoint.kubernetes ? 'Kubernetes' : 'Managed',
          model,
          instanceType: seed.instanceType,
          appInsightsEnabled: true,
          egressPublicNetworkAccess: 'Enabled',
          scaleSettings: { scaleType: 'Default' },
          requestSettings: { requestTimeout: 'PT5S', maxConcurrentRequestsPerInstance: 10 },
          environmentVariables: {},
          ...(seededCollector(endpoint.name) ? { dataCollector: seededCollector(endpoint.name) } : {}),
          ...said.properties,
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

/** A deployment as somebody wrote it last; what it was made of stays what it was. */
export const rewritten = (
  seeded: Resource,
  write: { at: number; body: Readonly<Record<string, unknown>> | null } | undefined,
): Resource =>
  write?.body
    ? {
        ...seeded,
        ...write.body,
        systemData: systemData(
          Date.parse(seeded.systemData.createdAt),
          seeded.systemData.createdBy,
          write.at,
          'wardroom',
        ),
        properties: { ...(write.body['properties'] as Record<string, unknown>), provisioningState: 'Succeeded' },
      }
    : seeded;
