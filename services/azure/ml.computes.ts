import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { isoTime, read } from './border.ts';
import { everyItem } from './pages.ts';
import { ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import { type Fresh, type Guard, type ReadOptions, statusOf } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';

/** A compute of a workspace: a cluster whose nodes come and go, or one person's machine. */
export interface Compute {
  name: string;
  kind: 'cluster' | 'instance';
  size: string;
  /** Of a cluster: dedicated or low priority. */
  spot: boolean;
  /** Nodes that are paid for now, and how many of them do nothing. */
  nodes: number;
  idleNodes: number;
  /** Nodes that are kept although nothing runs; of a machine 0. */
  leastNodes: number;
  mostNodes: number;
  /** When a machine was started, whether Azure stops it by itself when it is idle, and whose it is. */
  since?: string;
  stopsWhenIdle: boolean;
  owner?: string;
  createdAt?: string;
  createdBy?: string;
}

export interface Computes {
  computes(ref: WorkspaceRef, options?: ReadOptions): Promise<Fresh<readonly Compute[]>>;
  /** Sweeps that were started since: many runs at once, which cost accordingly. */
  sweeps(ref: WorkspaceRef, since: Temporal.Instant): Promise<Fresh<readonly Sweep[]>>;
  /** Stops a person's machine; one that is stopped stays so. */
  stopInstance(ref: WorkspaceRef, name: string): Promise<void>;
  /** A cluster keeps so many nodes at least; Azure takes away those that are idle. */
  keepNodes(ref: WorkspaceRef, name: string, limits: { least: number; most: number }): Promise<void>;
}

export interface Sweep {
  name: string;
  title: string;
  /** Name of the compute; left out for serverless ones. */
  compute?: string;
  startedAt: string;
  by?: string;
  trials?: number;
}

const sweepJob = z.object({
  name: z.string(),
  systemData: z.object({ createdAt: isoTime, createdBy: z.string().optional() }),
  properties: z.object({
    jobType: z.string(),
    displayName: z.string().nullish(),
    computeId: z.string().nullish(),
    limits: z.object({ maxTotalTrials: z.number().nullish() }).nullish(),
  }),
});
const jobsPage = z.object({ value: z.array(sweepJob), nextLink: z.string().nullish() });
/** ARM lists the newest first; a workspace has few sweeps. */
const MOST_PAGES = 5;

const resource = z.object({
  name: z.string(),
  systemData: z.object({ createdAt: isoTime.optional(), createdBy: z.string().optional() }).nullish(),
  properties: z.object({
    computeType: z.string(),
    properties: z
      .object({
        vmSize: z.string().nullish(),
        vmPriority: z.string().nullish(),
        scaleSettings: z.object({ minNodeCount: z.number().default(0), maxNodeCount: z.number() }).nullish(),
        currentNodeCount: z.number().nullish(),
        nodeStateCounts: z.object({ idleNodeCount: z.number().default(0) }).nullish(),
        state: z.string().nullish(),
        idleTimeBeforeShutdown: z.string().nullish(),
        lastOperation: z.object({ operationName: z.string(), operationTime: isoTime }).partial().nullish(),
        createdBy: z.object({ userName: z.string().nullish() }).nullish(),
      })
      .nullish(),
  }),
});
const page = z.object({ value: z.array(resource), nextLink: z.string().nullish() });

const sweepOf = ({ name, systemData, properties }: z.output<typeof sweepJob>): Sweep => {
  const compute = properties.computeId?.split('/').at(-1);
  const trials = properties.limits?.maxTotalTrials;
  return {
    name,
    title: properties.displayName ?? name,
    ...(compute ? { compute } : {}),
    startedAt: systemData.createdAt,
    ...(systemData.createdBy ? { by: systemData.createdBy } : {}),
    ...(trials ? { trials } : {}),
  };
};

/** Other kinds (attached clusters of Kubernetes, Databricks) are not billed here and left out. */
function computeOf({ name, systemData, properties }: z.output<typeof resource>): Compute[] {
  const { computeType, properties: own } = properties;
  if (!own?.vmSize) return [];
  const made = {
    ...(systemData?.createdAt ? { createdAt: systemData.createdAt } : {}),
    ...(systemData?.createdBy ? { createdBy: systemData.createdBy } : {}),
  };
  if (computeType === 'AmlCompute')
    return [
      {
        name,
        kind: 'cluster',
        size: own.vmSize,
        spot: own.vmPriority === 'LowPriority',
        nodes: own.currentNodeCount ?? 0,
        idleNodes: own.nodeStateCounts?.idleNodeCount ?? 0,
        leastNodes: own.scaleSettings?.minNodeCount ?? 0,
        mostNodes: own.scaleSettings?.maxNodeCount ?? 0,
        stopsWhenIdle: true,
        ...made,
      },
    ];
  if (computeType !== 'ComputeInstance') return [];
  const owner = own.createdBy?.userName ?? systemData?.createdBy;
  return [
    {
      name,
      kind: 'instance',
      size: own.vmSize,
      spot: false,
      nodes: own.state === 'Running' ? 1 : 0,
      idleNodes: 0,
      leastNodes: 0,
      mostNodes: 1,
      ...(own.lastOperation?.operationTime ? { since: own.lastOperation.operationTime } : {}),
      stopsWhenIdle: Boolean(own.idleTimeBeforeShutdown),
      ...(owner ? { owner } : {}),
      ...made,
    },
  ];
}

export function computeCalls({ rest, guard }: { rest: Rest; guard: Guard }): Computes {
  const query = { 'api-version': ML_API_VERSION };
  const refuse =
    (name: string) =>
    (error: unknown): never => {
      if (statusOf(error) === 404) throw new Refused(`There is no compute ${name} any more.`);
      if (statusOf(error) === 409) throw new Refused(`${name} is being changed.`, 'Try again when that is done.');
      throw error;
    };
  return {
    computes: (ref, options) =>
      guard.read(
        `computes:${workspaceId(ref)}`,
        async (signal) => {
          const list = { path: `${workspaceId(ref)}/computes`, query, schema: page };
          return (await everyItem({ rest, service: SERVICE }, list, signal)).flatMap(computeOf);
        },
        options,
      ),
    sweeps: (ref, since) =>
      guard.read(`sweeps:${workspaceId(ref)}:${since.toString().slice(0, 10)}`, async (signal) => {
        const found: Sweep[] = [];
        let next: string | undefined = `${workspaceId(ref)}/jobs`;
        for (let count = 0; next && count < MOST_PAGES; count += 1) {
          const more = count === 0 ? { query: { ...query, jobType: 'Sweep' } } : {};
          const { body } = await rest({ method: 'GET', path: next, ...more, signal });
          const { value, nextLink } = read(SERVICE, jobsPage, body);
          found.push(...value.filter(({ properties }) => properties.jobType === 'Sweep').map(sweepOf));
          next = nextLink ?? undefined;
        }
        return found.filter(({ startedAt }) => Date.parse(startedAt) >= since.epochMilliseconds);
      }),
    async stopInstance(ref, name) {
      const path = `${workspaceId(ref)}/computes/${encodeURIComponent(name)}/stop`;
      await guard.write((signal) => rest({ method: 'POST', path, query, signal }).catch(refuse(name)));
    },
    async keepNodes(ref, name, { least, most }) {
      const path = `${workspaceId(ref)}/computes/${encodeURIComponent(name)}`;
      const body = { properties: { properties: { scaleSettings: { minNodeCount: least, maxNodeCount: most } } } };
      await guard.write((signal) => rest({ method: 'PATCH', path, query, body, signal }).catch(refuse(name)));
    },
  };
}
