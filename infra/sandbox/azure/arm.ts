import { z } from 'zod/v4';
import { type Answer, type Asked, armError, notFound, ok, paged } from './answer.ts';
import {
  environmentVersionResource,
  modelResource,
  modelVersionResource,
  monitorResource,
  versionsOf,
} from './assets.ts';
import type { Estate } from './estate.ts';
import { monitored } from './monitors.ts';
import {
  COMPUTES,
  ENDPOINTS,
  endpointSeed,
  MODELS,
  modelSeed,
  SUBSCRIPTION,
  same,
  WORKSPACES,
  type WorkspaceSeed,
  workspaceSeed,
} from './northwind.ts';
import { uuidOf } from './random.ts';
import {
  computeResource,
  deploymentResource,
  endpointResource,
  environmentName,
  workspaceResource,
} from './resources.ts';
import { endpointAt, MINUTE } from './state.ts';

/** Azure Resource Manager's Machine Learning provider. */

const WORKSPACE =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.machinelearningservices\/workspaces\/([^/]+)\/?(.*)$/;
const OPERATION =
  /^\/subscriptions\/[^/]+\/providers\/microsoft\.machinelearningservices\/locations\/[^/]+\/mfeoperationsstatus\/([^/]+)$/;

/** A change of an endpoint takes this long. */
export const OPERATION_MS = 1.5 * MINUTE;

export function armMl(estate: Estate, asked: Asked, options: { operationFails: boolean }): Answer {
  const operation = OPERATION.exec(asked.path)?.[1];
  if (operation !== undefined) return operationStatus(estate, operation);
  if (!asked.path.startsWith(`/subscriptions/${SUBSCRIPTION}/`))
    return armError(404, 'SubscriptionNotFound', 'The subscription could not be found.');
  const list = /\/providers\/microsoft\.machinelearningservices\/workspaces\/?$/.test(asked.path);
  if (list) return paged(asked, listedWorkspaces(estate, asked));
  const [, , group = '', name = '', rest = ''] = WORKSPACE.exec(asked.path) ?? [];
  const workspace = workspaceSeed(name);
  if (!workspace || !same(workspace.resourceGroup, group)) return notFound(asked.path);
  const parts = rest
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (asked.method === 'PUT' && parts[0] === 'onlineendpoints' && parts.length === 2)
    return putEndpoint(estate, asked, workspace, parts[1] ?? '', options.operationFails);
  if (asked.method !== 'GET') return armError(405, 'MethodNotAllowed', `The estate cannot ${asked.method} this yet.`);
  return get(estate, asked, workspace, parts);
}

const listedWorkspaces = (estate: Estate, asked: Asked) => {
  const group = /\/resourcegroups\/([^/]+)\//.exec(asked.path)?.[1];
  return WORKSPACES.filter((each) => group === undefined || same(each.resourceGroup, group)).map((each) =>
    workspaceResource(estate.state(), each),
  );
};

function get(estate: Estate, asked: Asked, workspace: WorkspaceSeed, parts: readonly string[]): Answer {
  const state = estate.state();
  const now = estate.now();
  const [kind = '', name, sub, subName] = parts;
  if (kind === '') return ok(workspaceResource(state, workspace));
  if (kind === 'onlineendpoints' || kind === 'batchendpoints') {
    const wanted = kind === 'onlineendpoints' ? 'online' : 'batch';
    const here = ENDPOINTS.filter((each) => each.kind === wanted && each.workspace === workspace.name);
    const drawn = (seed: (typeof here)[number]) => {
      const current = endpointAt(state, seed.name, now);
      return current && endpointResource(state, seed, current, workspace.region);
    };
    if (name === undefined) return paged(asked, here.map(drawn));
    const seed = here.find((each) => same(each.name, name));
    if (!seed) return notFound(asked.path);
    if (sub === undefined) return ok(drawn(seed));
    if (sub !== 'deployments') return notFound(asked.path);
    const deployments = seed.deployments.map((each) => deploymentResource(state, seed, each, workspace.region));
    if (subName === undefined) return paged(asked, deployments);
    const deployment = deployments.find((each) => same(each.name, subName));
    return deployment ? ok(deployment) : notFound(asked.path);
  }
  if (kind === 'models' || kind === 'environments') {
    const here = MODELS.filter((each) => each.workspace === workspace.name);
    if (name === undefined)
      return kind === 'models'
        ? paged(
            asked,
            here.map((each) => modelResource(state, each, now)),
          )
        : paged(
            asked,
            here.map((each) => ({
              ...modelResource(state, each, now),
              id: modelResource(state, each, now).id.replace(
                /\/models\/.*/,
                `/environments/${environmentName(each.name)}`,
              ),
              name: environmentName(each.name),
              type: 'Microsoft.MachineLearningServices/workspaces/environments',
            })),
          );
    const seed = kind === 'models' ? modelSeed(name) : here.find((each) => same(environmentName(each.name), name));
    if (!seed || seed.workspace !== workspace.name) return notFound(asked.path);
    const versions = versionsOf(state, seed, now).toReversed();
    const drawn = (each: { version: string; at: number }) =>
      kind === 'models' ? modelVersionResource(seed, each) : environmentVersionResource(seed, each);
    if (sub === undefined) return ok(modelResource(state, seed, now));
    if (subName === undefined) return paged(asked, versions.map(drawn));
    const version = versions.find((each) => same(each.version, subName));
    return version ? ok(drawn(version)) : notFound(asked.path);
  }
  if (kind === 'schedules') {
    const here = monitored.filter((each) => each.workspace === workspace.name);
    const drawn = here.map((each) => monitorResource(state, each));
    if (name === undefined) return paged(asked, drawn);
    const schedule = drawn.find((each) => same(each.name, name));
    return schedule ? ok(schedule) : notFound(asked.path);
  }
  if (kind === 'computes') {
    const here = COMPUTES.filter((each) => each.workspace === workspace.name).map((each) =>
      computeResource(state, each, workspace.region),
    );
    if (name === undefined) return paged(asked, here);
    const compute = here.find((each) => same(each.name, name));
    return compute ? ok(compute) : notFound(asked.path);
  }
  return notFound(asked.path);
}

const share = z.record(z.string(), z.number().int().min(0).max(100));
const endpointBody = z.object({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.object({
    authMode: z.string(),
    description: z.string().nullish(),
    traffic: share.nullish(),
    mirrorTraffic: share.nullish(),
  }),
});

/** A PUT replaces the resource: what the body leaves out is gone (so an absent mirrorTraffic ends the mirroring). */
function putEndpoint(estate: Estate, asked: Asked, workspace: WorkspaceSeed, name: string, fails: boolean): Answer {
  const seed = endpointSeed(name);
  if (!seed || seed.workspace !== workspace.name) return notFound(asked.path);
  const parsed = endpointBody.safeParse(asked.body);
  if (!parsed.success) return armError(400, 'BadRequest', `The request is invalid: ${parsed.error.issues[0]?.message}`);
  const { properties, tags, location } = parsed.data;
  const traffic = properties.traffic ?? {};
  const mirrorTraffic = properties.mirrorTraffic ?? {};
  const problem = wrongTraffic(seed, traffic, mirrorTraffic);
  if (problem !== undefined) return armError(400, 'InferencingClientCallFailed', problem);
  if (!same(location, workspace.region))
    return armError(
      409,
      'InvalidResourceLocation',
      `The resource '${seed.name}' already exists in '${workspace.region}'.`,
    );
  const at = estate.now();
  const state = estate.state();
  if (endpointAt(state, seed.name, at)?.provisioningState === 'Updating')
    return armError(409, 'Conflict', `There is another operation in progress on endpoint ${seed.name}.`);

  const operation = uuidOf(state.seed, 'operation', seed.name, at, state.changes.length);
  estate.record({
    type: 'endpoint',
    at,
    doneAt: at + OPERATION_MS,
    operation,
    endpoint: seed.name,
    fails,
    resource: { traffic, mirrorTraffic, tags: tags ?? {}, description: properties.description ?? '' },
  });
  const now = endpointAt(state, seed.name, at);
  return {
    status: 200,
    headers: {
      'azure-asyncoperation': `https://management.azure.com/subscriptions/${SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/locations/${workspace.region}/mfeOperationsStatus/${operation}?api-version=2026-05-01`,
      'x-ms-async-operation-timeout': 'PT1H',
    },
    body: now && endpointResource(state, seed, now, workspace.region),
  };
}

function wrongTraffic(
  seed: (typeof ENDPOINTS)[number],
  traffic: Readonly<Record<string, number>>,
  mirror: Readonly<Record<string, number>>,
): string | undefined {
  const known = (name: string) => seed.deployments.some((each) => same(each.name, name));
  const stranger = [...Object.keys(traffic), ...Object.keys(mirror)].find((name) => !known(name));
  if (stranger !== undefined) return `The deployment ${stranger} does not exist under endpoint ${seed.name}.`;
  const sum = Object.values(traffic).reduce((total, each) => total + each, 0);
  if (sum !== 0 && sum !== 100) return `Traffic values must sum to 0 or 100; they sum to ${sum}.`;
  const mirrored = Object.entries(mirror).filter(([, percent]) => percent > 0);
  if (mirrored.length > 1 || (mirrored[0]?.[1] ?? 0) > 50)
    return 'Mirror traffic may go to one deployment and be at most 50 percent.';
  if (mirrored.some(([name]) => (traffic[name] ?? 0) > 0))
    return 'A deployment cannot have live and mirror traffic at once.';
  return undefined;
}

function operationStatus(estate: Estate, operation: string): Answer {
  const change = estate.state().changes.find((each) => each.operation === operation);
  if (!change) return notFound(operation);
  const at = estate.now();
  const base = {
    id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/operationsStatus/${operation}`,
    name: operation,
    startTime: new Date(change.at).toISOString(),
  };
  if (at < change.doneAt)
    return {
      status: 200,
      headers: { 'retry-after': '5' },
      body: {
        ...base,
        status: 'InProgress',
        percentComplete: Math.floor(((at - change.at) / (change.doneAt - change.at)) * 100),
      },
    };
  const ended = { ...base, endTime: new Date(change.doneAt).toISOString() };
  if (change.fails)
    return ok({
      ...ended,
      status: 'Failed',
      error: { code: 'ResourceOperationFailure', message: `The endpoint ${change.endpoint} could not be updated.` },
    });
  return ok({ ...ended, status: 'Succeeded', percentComplete: 100 });
}
