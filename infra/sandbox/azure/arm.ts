import { z } from 'zod/v4';
import { type Answer, type Asked, armError, notFound, ok, paged } from './answer.ts';
import { assets } from './arm-assets.ts';
import { putDeployment } from './arm-deployments.ts';
import {
  environmentVersionResource,
  modelResource,
  modelVersionResource,
  monitorResource,
  versionsOf,
} from './assets.ts';
import { computes } from './computes.ts';
import type { Estate } from './estate.ts';
import { jobResource, submittedJobs, submittedResource } from './jobs.ts';
import { monitored } from './monitors.ts';
import {
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
import { quotaApi } from './quota.ts';
import { uuidOf } from './random.ts';
import {
  deploymentResource,
  endpointResource,
  environmentName,
  type Resource,
  rewritten,
  systemData,
  TYPE,
  workspaceResource,
} from './resources.ts';
import { runsOf } from './runs.ts';
import { instancesAt } from './scaling.ts';
import { deploymentsAt, endpointAt, MINUTE } from './state.ts';
import { sweepJobs } from './sweeps.ts';
import { armWorkspaceId } from './webhooks.ts';
import { written } from './written.ts';

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
  const quota = quotaApi(estate, asked);
  if (quota) return quota;
  const list = /\/providers\/microsoft\.machinelearningservices\/workspaces\/?$/.test(asked.path);
  if (list) return paged(asked, listedWorkspaces(estate, asked));
  const [, , group = '', name = '', rest = ''] = WORKSPACE.exec(asked.path) ?? [];
  const workspace = workspaceSeed(name);
  if (!workspace || !same(workspace.resourceGroup, group)) return notFound(asked.path);
  const parts = rest
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (parts[0] === 'computes') return computes(estate, asked, workspace, parts);
  if (asked.method === 'PUT' && parts[0] === 'onlineendpoints' && parts.length === 2)
    return putEndpoint(estate, asked, workspace, parts[1] ?? '', options.operationFails);
  if (asked.method === 'PUT' && parts[0] === 'onlineendpoints' && parts[2] === 'deployments' && parts.length === 4) {
    const made = putDeployment(estate, asked, workspace, options.operationFails);
    if (made) return made;
  }
  const write = writeOf(estate, asked, workspace, parts);
  if (write) return write;
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
    const here = ENDPOINTS.filter(
      (each) => each.kind === wanted && each.workspace === workspace.name && endpointAt(state, each.name, now),
    );
    const drawn = (seed: (typeof here)[number]) => {
      const current = endpointAt(state, seed.name, now);
      return current && endpointResource(state, seed, current, workspace.region);
    };
    if (name === undefined) return paged(asked, here.map(drawn));
    const seed = here.find((each) => same(each.name, name));
    if (!seed) return notFound(asked.path);
    if (sub === undefined) return ok(drawn(seed));
    if (sub !== 'deployments') return notFound(asked.path);
    const changed = written(state, 'deployment', workspace.name, now);
    const deployments = deploymentsAt(state, seed, now).map((each) => {
      const write = changed.get(`${seed.name}/${each.name}`.toLowerCase());
      const drawnOne = deploymentResource(state, seed, each, workspace.region);
      const whole = write && write.at > (each.changedAt ?? 0) ? rewritten(drawnOne, write) : drawnOne;
      // What it was told to have, or what its autoscale setting has made of it since.
      return seed.kind === 'online'
        ? { ...whole, sku: { name: 'Default', capacity: instancesAt(state, seed, each, now) } }
        : whole;
    });
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
    const drawn = schedulesOf(estate, workspace);
    if (name === undefined) return paged(asked, drawn);
    const schedule = drawn.find((each) => same(each.name, name));
    return schedule ? ok(schedule) : notFound(asked.path);
  }
  if (kind === 'jobs' && name === undefined) return sweepJobs(state, asked, workspace.name);
  if (kind === 'jobs' && name !== undefined) {
    const submitted = submittedJobs(state, workspace.name, now).find((each) => same(each.name, name));
    if (submitted) return ok(submittedResource(submitted, now));
    const run = runsOf(state, workspace.name, now).find((each) => same(each.id, name));
    return run ? ok(jobResource(run)) : notFound(asked.path);
  }
  if (kind === 'data' || kind === 'datastores') return assets(estate, asked, workspace, parts);
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
  const standing = endpointAt(estate.state(), name, estate.now());
  if (!seed || !standing || seed.workspace !== workspace.name) return notFound(asked.path);
  const parsed = endpointBody.safeParse(asked.body);
  if (!parsed.success) return armError(400, 'BadRequest', `The request is invalid: ${parsed.error.issues[0]?.message}`);
  const { properties, tags, location } = parsed.data;
  const traffic = properties.traffic ?? {};
  const mirrorTraffic = properties.mirrorTraffic ?? {};
  const names = deploymentsAt(estate.state(), seed, estate.now()).filter(
    ({ provisioningState }) => provisioningState !== 'Failed',
  );
  const problem = wrongTraffic(seed, names, traffic, mirrorTraffic);
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
  deployments: readonly { name: string }[],
  traffic: Readonly<Record<string, number>>,
  mirror: Readonly<Record<string, number>>,
): string | undefined {
  const known = (name: string) => deployments.some((each) => same(each.name, name));
  const stranger = [...Object.keys(traffic), ...Object.keys(mirror)].find((name) => !known(name));
  if (stranger !== undefined) return `The deployment ${stranger} does not exist under endpoint ${seed.name}.`;
  const sum = Object.values(traffic).reduce((total, each) => total + each, 0);
  if (sum !== 0 && sum !== 100) return `Traffic values must sum to 0 or 100; they sum to ${sum}.`;
  const mirrored = Object.entries(mirror).filter(([, percent]) => percent > 0);
  if (seed.kubernetes && mirrored.length > 0) return 'Mirror traffic is not supported for Kubernetes online endpoints.';
  if (mirrored.length > 1 || (mirrored[0]?.[1] ?? 0) > 50)
    return 'Mirror traffic may go to one deployment and be at most 50 percent.';
  if (mirrored.some(([name]) => (traffic[name] ?? 0) > 0))
    return 'A deployment cannot have live and mirror traffic at once.';
  return undefined;
}

function operationStatus(estate: Estate, operation: string): Answer {
  const { changes, deployments } = estate.state();
  const change = [...changes, ...deployments].find((each) => each.operation === operation);
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
      error: {
        code: 'ResourceOperationFailure',
        message:
          change.type === 'deployment'
            ? `The deployment ${change.deployment} could not be made: the container did not become ready.`
            : `The endpoint ${change.endpoint} could not be updated.`,
      },
    });
  return ok({ ...ended, status: 'Succeeded', percentComplete: 100 });
}

/** Schedules as the seed has them and as they were written since. */
function schedulesOf(estate: Estate, workspace: WorkspaceSeed): Resource[] {
  const state = estate.state();
  const changed = written(state, 'schedule', workspace.name, estate.now());
  const seeded = monitored
    .filter((each) => each.workspace === workspace.name)
    .map((each) => monitorResource(state, each));
  const known = new Set(seeded.map((each) => each.name.toLowerCase()));
  const made = [...changed.values()].filter((each) => each.body !== null && !known.has(each.name.toLowerCase()));
  return [
    ...seeded.flatMap((each) => {
      const write = changed.get(each.name.toLowerCase());
      return write && write.body === null ? [] : [rewritten(each, write)];
    }),
    ...made.map(({ name, at, body }) => ({
      ...body,
      id: `${armWorkspaceId(workspace.name)}/schedules/${name}`,
      name,
      type: `${TYPE}/schedules`,
      systemData: systemData(at, 'wardroom'),
      properties: { ...(body?.['properties'] as Record<string, unknown>), provisioningState: 'Succeeded' },
    })),
  ];
}

const resourceBody = z.looseObject({ properties: z.looseObject({}) });

/** PUT and DELETE of what takes effect at once; `undefined` for everything else. */
function writeOf(estate: Estate, asked: Asked, workspace: WorkspaceSeed, parts: readonly string[]): Answer | undefined {
  const [collection, name, sub, subName] = parts;
  const kind = collection === 'schedules' ? 'schedule' : collection === 'jobs' ? 'job' : 'deployment';
  const deep = collection === 'onlineendpoints' && sub === 'deployments' && subName !== undefined;
  const flat = (collection === 'schedules' || collection === 'jobs') && name !== undefined && sub === undefined;
  if (name === undefined || !(deep || flat)) return undefined;
  const own = asked.url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const named = deep ? `${own.at(-3)}/${own.at(-1)}` : (own.at(-1) ?? name);
  const record = (body: Record<string, unknown> | null) =>
    estate.record({ type: 'arm', at: estate.now(), kind, workspace: workspace.name, name: named, body });
  if (asked.method === 'DELETE' && kind === 'schedule') {
    const there = schedulesOf(estate, workspace).some((each) => same(each.name, named));
    if (there) record(null);
    return { status: there ? 202 : 204 };
  }
  if (asked.method !== 'PUT') return undefined;
  const parsed = resourceBody.safeParse(asked.body);
  if (!parsed.success) return armError(400, 'BadRequest', 'The request needs properties.');
  const before = get(estate, asked, workspace, parts);
  if (kind === 'deployment' && before.status !== 200) return notFound(asked.path);
  // A job's definition is final: ARM answers a second PUT of the same name with what it has.
  if (kind === 'job' && before.status === 200) return before;
  record(parsed.data);
  return { ...get(estate, asked, workspace, parts), status: before.status === 200 ? 200 : 201 };
}
