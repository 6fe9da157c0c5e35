import { type Answer, type Asked, armError, notFound, ok, paged } from './answer.ts';
import type { Estate } from './estate.ts';
import { COMPUTES, type ComputeSeed, INSTANCES, type InstanceSeed, same, type WorkspaceSeed } from './northwind.ts';
import { type Resource, systemData } from './resources.ts';
import { type EstateState, HOUR } from './state.ts';
import { armWorkspaceId } from './webhooks.ts';
import { written } from './written.ts';

/** Computes of a workspace: clusters, whose nodes come and go, and people's own machines, which run until somebody stops them. */

const TYPE = 'Microsoft.MachineLearningServices/workspaces/computes';

export function computes(estate: Estate, asked: Asked, workspace: WorkspaceSeed, parts: readonly string[]): Answer {
  const [, name, action] = parts;
  const state = estate.state();
  const now = estate.now();
  const clusters = clustersAt(state, now).filter((each) => each.workspace === workspace.name);
  const machines = INSTANCES.filter((each) => each.workspace === workspace.name);
  const drawn = () => [
    ...clusters.map((each) => clusterResource(state, each, workspace.region, now)),
    ...machines.map((each) => instanceResource(state, each, workspace.region, now)),
  ];
  if (asked.method === 'GET' && name === undefined) return paged(asked, drawn());
  const found = drawn().find((each) => same(each.name, name ?? ''));
  if (!found) return notFound(asked.path);
  if (asked.method === 'GET' && action === undefined) return ok(found);
  const own = machines.find((each) => same(each.name, found.name));
  const record = (body: Record<string, unknown>) =>
    estate.record({ type: 'arm', at: now, kind: 'compute', workspace: workspace.name, name: found.name, body });
  if (asked.method === 'POST' && (action === 'stop' || action === 'start')) {
    if (!own) return armError(400, 'BadRequest', `${found.name} is no compute instance: it cannot be ${action}ped.`);
    record({ action });
    return { status: 202 };
  }
  if (asked.method === 'PATCH' && action === undefined) {
    if (own) return armError(400, 'BadRequest', `${found.name} is no AmlCompute.`);
    const limits = scaleOf(asked.body);
    if (!limits) return armError(400, 'BadRequest', 'properties.properties.scaleSettings.maxNodeCount is needed.');
    record({ scaleSettings: limits });
    return ok(drawn().find((each) => same(each.name, found.name)));
  }
  return armError(405, 'MethodNotAllowed', `The estate cannot ${asked.method} this yet.`);
}

/** A cluster, and who made it when if that was in the story. */
export interface Cluster extends ComputeSeed {
  madeAt?: number;
  madeBy?: string;
}

const MADE_SIZE = 'Standard_NC24ads_A100_v4';

/** Every cluster at an instant: those of the seed, then those that somebody made. */
export const clustersAt = (state: EstateState, at: number): Cluster[] => [
  ...COMPUTES,
  ...state.happened.flatMap(({ scenario, params, at: told }): Cluster[] => {
    const madeAt = told - Number(params.daysAgo) * 24 * HOUR;
    if (scenario !== 'cluster-made' || told > at) return [];
    const nodes = Number(params.nodes);
    return [
      {
        name: String(params.compute),
        workspace: String(params.workspace),
        vmSize: MADE_SIZE,
        maxNodes: nodes,
        minNodes: nodes,
        priority: 'Dedicated',
        madeAt,
        madeBy: String(params.by),
      },
    ];
  }),
];

/** Whether a workspace has a compute of that name. */
export const computeAt = (state: EstateState, workspace: string, name: string, at: number): boolean =>
  [...clustersAt(state, at), ...INSTANCES].some((each) => each.workspace === workspace && same(each.name, name));

function scaleOf(body: unknown): { minNodeCount: number; maxNodeCount: number } | undefined {
  const settings = (body as { properties?: { properties?: { scaleSettings?: Record<string, unknown> } } } | undefined)
    ?.properties?.properties?.scaleSettings;
  const { minNodeCount = 0, maxNodeCount } = settings ?? {};
  return typeof minNodeCount === 'number' && typeof maxNodeCount === 'number'
    ? { minNodeCount, maxNodeCount }
    : undefined;
}

/** What was written into a compute last, at an instant. */
const writtenInto = (state: EstateState, seed: { workspace: string; name: string }, at: number) =>
  written(state, 'compute', seed.workspace, at).get(seed.name.toLowerCase());

const leastNodes = (state: EstateState, seed: ComputeSeed, at: number): number =>
  (writtenInto(state, seed, at)?.body as { scaleSettings?: { minNodeCount: number } } | undefined)?.scaleSettings
    ?.minNodeCount ??
  seed.minNodes ??
  0;

/** Whether a person's machine runs at an instant; before the story's start it does since it was started. */
export function runsAt(state: EstateState, seed: InstanceSeed, at: number): boolean {
  const last = writtenInto(state, seed, at)?.body;
  if (last) return last['action'] === 'start';
  return at >= state.startedAt - seed.startedHoursAgo * HOUR;
}

function clusterResource(state: EstateState, seed: Cluster, region: string, now: number): Resource {
  const kept = leastNodes(state, seed, now);
  return {
    id: `${armWorkspaceId(seed.workspace)}/computes/${seed.name}`,
    name: seed.name,
    type: TYPE,
    location: region,
    tags: {},
    systemData: systemData(
      seed.madeAt ?? state.startedAt - 400 * 24 * HOUR,
      seed.madeBy ?? 'finn.ohara@northwind.example',
    ),
    properties: {
      computeType: 'AmlCompute',
      computeLocation: region,
      description: '',
      provisioningState: 'Succeeded',
      properties: {
        vmSize: seed.vmSize,
        vmPriority: seed.priority,
        osType: 'Linux',
        scaleSettings: {
          minNodeCount: kept,
          maxNodeCount: seed.maxNodes,
          nodeIdleTimeBeforeScaleDown: 'PT120S',
        },
        allocationState: 'Steady',
        currentNodeCount: kept,
        targetNodeCount: kept,
        nodeStateCounts: {
          idleNodeCount: kept,
          runningNodeCount: 0,
          preparingNodeCount: 0,
          unusableNodeCount: 0,
          leavingNodeCount: 0,
          preemptedNodeCount: 0,
        },
        remoteLoginPortPublicAccess: 'Disabled',
      },
    },
  };
}

function instanceResource(state: EstateState, seed: InstanceSeed, region: string, now: number): Resource {
  const started = state.startedAt - seed.startedHoursAgo * HOUR;
  const last = writtenInto(state, seed, now);
  const runs = runsAt(state, seed, now);
  return {
    id: `${armWorkspaceId(seed.workspace)}/computes/${seed.name}`,
    name: seed.name,
    type: TYPE,
    location: region,
    tags: {},
    systemData: systemData(started - 60 * 24 * HOUR, seed.owner),
    properties: {
      computeType: 'ComputeInstance',
      computeLocation: region,
      description: '',
      provisioningState: 'Succeeded',
      properties: {
        vmSize: seed.vmSize,
        state: runs ? 'Running' : 'Stopped',
        ...(seed.idleShutdown ? { idleTimeBeforeShutdown: seed.idleShutdown } : {}),
        lastOperation: {
          operationName: runs ? 'Start' : 'Stop',
          operationTime: new Date(last?.at ?? started).toISOString(),
          operationStatus: 'Succeeded',
          operationTrigger: 'User',
        },
        createdBy: { userName: seed.owner },
      },
    },
  };
}
