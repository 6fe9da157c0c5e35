import type { z } from 'zod/v4';
import type { modelContainer, modelVersion, onlineDeployment, onlineEndpoint, workspace } from './ml.shapes.ts';
import { isKubernetes, type Traffic, versionOf } from './ml.traffic.ts';
import { type EndpointRef, parseMlId, parseModelId, type WorkspaceRef } from './refs.ts';

/** Azure ML's resources as Wardroom speaks of them, made from what ARM sends. */

export interface WorkspaceInfo extends WorkspaceRef {
  id: string;
  region: string;
  mlflowTrackingUri?: string;
}

export interface EndpointState {
  ref: EndpointRef;
  id: string;
  region: string;
  /** Bound to an attached cluster: Azure mirrors no traffic there. */
  kubernetes: boolean;
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
  modifiedBy?: string;
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

/** Drops what Azure left out or sent as null. */
const said = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [Name in keyof T]?: NonNullable<T[Name]>;
  };

export function workspaceInfo(item: z.output<typeof workspace>): WorkspaceInfo {
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

export function endpointState(ref: WorkspaceRef, item: z.output<typeof onlineEndpoint>): EndpointState {
  const { subscription, resourceGroup, workspace: inWorkspace } = ref;
  return {
    ref: { subscription, resourceGroup, workspace: inWorkspace, endpoint: item.name },
    id: item.id,
    region: item.location,
    kubernetes: isKubernetes(item),
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

export function deploymentState(item: z.output<typeof onlineDeployment>): DeploymentState {
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
      modifiedBy: item.systemData.lastModifiedBy,
    }),
  };
}

export function modelInfo(item: z.output<typeof modelContainer>): ModelInfo {
  const { latestVersion, description } = item.properties;
  return { name: item.name, ...said({ latestVersion, description }) };
}

export function modelVersionInfo(model: string, item: z.output<typeof modelVersion>): ModelVersionInfo {
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
