import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { read } from './border.ts';
import { everyItem } from './pages.ts';
import { deploymentId, type EndpointRef, endpointId, ML_API_VERSION } from './refs.ts';
import { refusing } from './refuse.ts';
import type { Fresh, Guard } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';
const query = { 'api-version': ML_API_VERSION };

export interface CollectedBy {
  deployment: string;
  /** Collections that are switched on, with the share of requests written (0 to 1) and the asset they go to. */
  on: readonly { name: string; sampling: number; asset?: string }[];
  /** Declared, but disabled. */
  off: readonly string[];
  model?: string;
}

export interface Collecting {
  collectionOf(ref: EndpointRef): Promise<Fresh<readonly CollectedBy[]>>;
  /** Switches collections on; rolls the deployment's instances (ARM PUT of the whole deployment). */
  startCollection(ref: EndpointRef, deployment: string, names: readonly string[]): Promise<{ operationUrl: string }>;
}

const collector = z.object({
  collections: z.record(
    z.string(),
    z.object({
      dataCollectionMode: z.string().nullish(),
      dataId: z.string().nullish(),
      samplingRate: z.number().nullish(),
    }),
  ),
});
const deployment = z.looseObject({
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  kind: z.string().nullish(),
  sku: z.looseObject({}).nullish(),
  identity: z.looseObject({ type: z.string() }).nullish(),
  properties: z.looseObject({
    endpointComputeType: z.string().nullish(),
    model: z.string().nullish(),
    dataCollector: collector.nullish(),
  }),
});

const deployments = z.object({ value: z.array(deployment), nextLink: z.string().nullish() });

const READ_ONLY = ['provisioningState'];

export function collecting({ rest, guard }: { rest: Rest; guard: Guard }): Collecting {
  return {
    collectionOf: (ref) =>
      guard.read(`collection:${endpointId(ref)}`, async (signal) => {
        const list = { path: `${endpointId(ref)}/deployments`, query, schema: deployments };
        return (await everyItem({ rest, service: SERVICE }, list, signal)).map(collectedBy);
      }),
    async startCollection(ref, name, names) {
      const path = deploymentId({ ...ref, deployment: name });
      const { value } = await guard.read(
        `raw:${path}`,
        async (signal) => rest({ method: 'GET', path, query, signal }).catch(refusing(`${ref.endpoint}/${name}`)),
        { fresh: true },
      );
      const now = read(SERVICE, deployment, value.body);
      if (now.properties.endpointComputeType && now.properties.endpointComputeType !== 'Managed')
        throw new Refused(
          `${ref.endpoint}/${name} runs on ${now.properties.endpointComputeType}, where Azure ML collects no data.`,
          'Only managed online deployments can collect.',
        );
      const answer = await guard.write((signal) =>
        rest({ method: 'PUT', path, query, body: bodyOf(now, names), signal }).catch(
          refusing(`${ref.endpoint}/${name}`),
        ),
      );
      return { operationUrl: answer.header('azure-asyncoperation') ?? `${path}?api-version=${ML_API_VERSION}` };
    },
  };
}

function collectedBy(each: z.output<typeof deployment>): CollectedBy {
  const all = Object.entries(each.properties.dataCollector?.collections ?? {});
  const on = all.filter(([, { dataCollectionMode }]) => dataCollectionMode === 'Enabled');
  return {
    deployment: each.name,
    on: on.map(([name, { samplingRate, dataId }]) => ({
      name,
      sampling: samplingRate ?? 1,
      ...(dataId ? { asset: dataId } : {}),
    })),
    off: all.filter(([, { dataCollectionMode }]) => dataCollectionMode !== 'Enabled').map(([name]) => name),
    ...(each.properties.model ? { model: each.properties.model } : {}),
  };
}

/** The whole deployment as it is, with these collections on; others stay as they are. */
function bodyOf(now: z.output<typeof deployment>, names: readonly string[]): Record<string, unknown> {
  const { location, tags, kind, sku, identity } = now;
  const kept = Object.entries(now.properties).filter(([key, held]) => !READ_ONLY.includes(key) && held !== null);
  const before = now.properties.dataCollector?.collections ?? {};
  const collections = {
    ...before,
    ...Object.fromEntries(
      names.map((name) => [name, { ...before[name], dataCollectionMode: 'Enabled', samplingRate: 1 }]),
    ),
  };
  return {
    location,
    ...(tags ? { tags } : {}),
    ...(kind ? { kind } : {}),
    ...(sku ? { sku } : {}),
    ...(identity ? { identity: { type: identity.type } } : {}),
    properties: { ...Object.fromEntries(kept), dataCollector: { rollingRate: 'Hour', collections } },
  };
}
