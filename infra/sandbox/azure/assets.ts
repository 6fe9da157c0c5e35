import { trainedVersions } from './jobs.ts';
import { monitorName, SIGNAL } from './monitors.ts';
import { ENDPOINTS, type EndpointSeed, type ModelSeed, same } from './northwind.ts';
import { environmentName, modelVersionId, type Resource, systemData, TYPE } from './resources.ts';
import { type EstateState, HOUR } from './state.ts';
import { armWorkspaceId } from './webhooks.ts';

/** Models, environments and monitors as ARM writes them. */

/** Versions the seed knows and those that were registered since. */
export function versionsOf(
  state: EstateState,
  seed: ModelSeed,
  now: number,
): { version: string; at: number; job?: string }[] {
  const before = seed.versions.map((ageHours, index) => ({
    version: String(index + 1),
    at: state.startedAt - ageHours * HOUR,
  }));
  const since = state.happened
    .filter(
      (each) => each.scenario === 'model-registered' && each.at <= now && same(String(each.params.model), seed.name),
    )
    .map((each) => ({ version: String(each.params.version), at: each.at }));
  const gone = (version: string) =>
    state.happened.some(
      ({ scenario, at, params }) =>
        scenario === 'model-deleted' &&
        at <= now &&
        same(String(params.model), seed.name) &&
        params.version === version,
    );
  return [...before, ...since, ...trainedVersions(state, seed, now)]
    .sort((a, b) => a.at - b.at)
    .filter((each) => !gone(each.version));
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

export function modelVersionResource(
  seed: ModelSeed,
  version: { version: string; at: number; job?: string },
): Resource {
  const auc = seed.auc[Number(version.version) - 1] ?? seed.auc.at(-1) ?? 0;
  const jobName = version.job ?? trainingRun(seed.name, version.version);
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

const CONDA = `name: serving
channels:
  - conda-forge
dependencies:
  - python=3.11.9
  - pip=24.2
  - pip:
      - lightgbm==4.5.0
      - mlflow-skinny==2.17.2
      - azureml-inference-server-http==1.3.4
`;

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
      condaFile: CONDA,
      osType: 'Linux',
      isArchived: false,
      isAnonymous: false,
      tags: {},
      properties: {},
      provisioningState: 'Succeeded',
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
