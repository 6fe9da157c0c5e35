import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { read } from './border.ts';
import { modelVersion } from './ml.shapes.ts';
import { refuseClientError, type StartedOperation } from './ml.traffic.ts';
import { type DeploymentRef, deploymentId, ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import { type Guard, orMissing } from './resilience.ts';
import type { Rest, RestAnswer } from './rest.ts';

const SERVICE = 'Azure Machine Learning';

export interface Deployments {
  /**
   * Makes a deployment of this model version, or puts the version into one that is there: everything else (machines,
   * probes, environment) as the deployment `like` has it. `scaled`: Azure decides how many instances one that is there has,
   * so they stay as many. Returns as soon as Azure accepted.
   */
  startDeployment(
    ref: DeploymentRef,
    plan: { model: ModelName; like: string; scaled?: boolean },
  ): Promise<StartedOperation>;
  /** The model version as the registry has it now; undefined when it is gone. Never an old answer. */
  modelVersionNow(
    ref: WorkspaceRef,
    model: ModelName,
  ): Promise<{ id: string; tags: Record<string, string> } | undefined>;
}

export interface ModelName {
  name: string;
  version: string;
}

/** What ARM accepts in a PUT (ManagedOnlineDeployment, KubernetesOnlineDeployment of 2026-05-01). */
export const WRITABLE = [
  'appInsightsEnabled',
  'codeConfiguration',
  'containerResourceRequirements',
  'dataCollector',
  'description',
  'egressPublicNetworkAccess',
  'endpointComputeType',
  'environmentId',
  'environmentVariables',
  'instanceType',
  'livenessProbe',
  'modelMountPath',
  'properties',
  'readinessProbe',
  'requestSettings',
  'scaleSettings',
  'startupProbe',
];
export const envelope = z.looseObject({
  location: z.string(),
  kind: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  sku: z.looseObject({ name: z.string().default('Default'), capacity: z.number().int().nonnegative().nullish() }),
  identity: z.looseObject({ type: z.string() }).nullish(),
  properties: z.looseObject({ endpointComputeType: z.string() }),
});

export function deployments({ rest, guard }: { rest: Rest; guard: Guard }): Deployments {
  const query = { 'api-version': ML_API_VERSION };
  const get = async (path: string): Promise<RestAnswer | undefined> => {
    const { value } = await guard.read(
      `raw:${path}`,
      (signal) => orMissing(rest({ method: 'GET', path, query, signal })),
      { fresh: true },
    );
    return value;
  };
  const modelPath = (ref: WorkspaceRef, { name, version }: ModelName) =>
    `${workspaceId(ref)}/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;

  return {
    async startDeployment(ref, { model, like, scaled = false }) {
      const pattern = await get(deploymentId({ ...ref, deployment: like }));
      const there = scaled ? await get(deploymentId(ref)) : undefined;
      if (!pattern)
        throw new Refused(
          `${ref.endpoint} has no deployment ${like} to take the settings from.`,
          'Look at the endpoint and ask again.',
          'azure-missing',
        );
      const found = await get(modelPath(ref, model));
      if (!found)
        throw new Refused(
          `${model.name}:${model.version} is not in ${ref.workspace} any more.`,
          'Register the version again, or ask for another one.',
          'model-missing',
        );
      const registered = read(SERVICE, modelVersion, found.body);
      const whole = read(SERVICE, envelope, pattern.body);
      const { capacity } = there ? read(SERVICE, envelope, there.body).sku : whole.sku;
      const body = bodyOf(whole, capacity, modelPath(ref, model), registered.properties.tags ?? {});
      const path = deploymentId(ref);
      const answer = await guard.write((signal) =>
        rest({ method: 'PUT', path, query, body, signal }).catch(refuseClientError(ref)),
      );
      return { operationUrl: answer.header('azure-asyncoperation') ?? `${path}?api-version=${ML_API_VERSION}` };
    },
    async modelVersionNow(ref, model) {
      const found = await get(modelPath(ref, model));
      if (!found) return undefined;
      const { id, properties } = read(SERVICE, modelVersion, found.body);
      return { id, tags: properties.tags ?? {} };
    },
  };
}

/** ManagedOnlineDeployment has `Default`; a KubernetesOnlineDeployment may scale between its own limits. */
export const scalesItself = ({ properties }: z.output<typeof envelope>): boolean =>
  (properties['scaleSettings'] as { scaleType?: unknown } | null | undefined)?.scaleType === 'TargetUtilization';

/** A model version may name the environment it is served in by its tag `environment` (an ARM id, or name:version). */
function bodyOf(
  whole: z.output<typeof envelope>,
  capacity: number | null | undefined,
  model: string,
  tags: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const writable = Object.entries(whole.properties).filter(([key, value]) => WRITABLE.includes(key) && value !== null);
  const [, name, version] = /^(?:azureml:)?([\w.-]+):([\w.-]+)$/.exec(tags['environment'] ?? '') ?? [];
  const workspace = model.replace(/\/models\/.*$/, '');
  const environment =
    name && version
      ? { environmentId: `${workspace}/environments/${name}/versions/${version}` }
      : tags['environment']?.startsWith('/')
        ? { environmentId: tags['environment'] }
        : {};
  const words = /\/models\/([^/]+)\/versions\/([^/]+)$/.exec(model)?.slice(1).map(decodeURIComponent).join(':') ?? '';
  return {
    location: whole.location,
    ...(whole.kind ? { kind: whole.kind } : {}),
    tags: { ...whole.tags, 'wardroom.model': words },
    // What Kubernetes scales by itself has no number of instances that would be ours to write.
    sku: { name: whole.sku.name, ...(capacity && !scalesItself(whole) ? { capacity } : {}) },
    ...(whole.identity ? { identity: { type: whole.identity.type } } : {}),
    properties: { ...Object.fromEntries(writable), ...environment, description: words, model },
  };
}
