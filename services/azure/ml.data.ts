import { z } from 'zod/v4';
import { isoTime, read } from './border.ts';
import { ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import { type Fresh, type Guard, orMissing } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';
const query = { 'api-version': ML_API_VERSION };

/** A place in the workspace's Blob storage. */
export interface BlobPlace {
  /** `https://….blob.core.windows.net` */
  account: string;
  container: string;
  /** A blob, or the beginning of several. */
  path: string;
}

export interface DataAsset {
  name: string;
  version: string;
  /** uri_file, uri_folder, mltable */
  type: string;
  uri: string;
  createdAt?: string;
  createdBy?: string;
}

export interface Data {
  /** A version of a data asset, the newest when none is named; `undefined` when there is none. */
  dataAsset(ref: WorkspaceRef, name: string, version?: string): Promise<Fresh<DataAsset | undefined>>;
  /** Every version of a data asset, newest first; none when there is no such asset. */
  dataVersions(ref: WorkspaceRef, name: string): Promise<Fresh<readonly DataAsset[]>>;
  /** Where a datastore path is: `azureml://…/datastores/workspaceblobstore/paths/x/y`. `undefined` for other storage. */
  placeOf(ref: WorkspaceRef, uri: string): Promise<BlobPlace | undefined>;
}

const asset = z.object({
  name: z.string(),
  systemData: z.object({ createdAt: isoTime.optional(), createdBy: z.string().optional() }).default({}),
  properties: z.object({ dataType: z.string(), dataUri: z.string() }),
});
const assets = z.object({ value: z.array(asset), nextLink: z.string().nullish() });
const datastore = z.object({
  properties: z.object({
    datastoreType: z.string(),
    accountName: z.string().nullish(),
    containerName: z.string().nullish(),
    endpoint: z.string().nullish(),
    protocol: z.string().nullish(),
  }),
});

export function dataReads({ rest, guard }: { rest: Rest; guard: Guard }): Data {
  const get = <T extends z.ZodType>(path: string, schema: T) =>
    guard.read(`data:${path}`, async (signal): Promise<z.output<T> | undefined> => {
      const answer = await orMissing(rest({ method: 'GET', path, query, signal }));
      return answer && read(SERVICE, schema, answer.body);
    });

  async function dataVersions(ref: WorkspaceRef, name: string): Promise<Fresh<readonly DataAsset[]>> {
    const found = await get(`${workspaceId(ref)}/data/${encodeURIComponent(name)}/versions`, assets);
    const newest = [...(found.value?.value ?? [])].sort((a, b) =>
      (b.systemData.createdAt ?? '').localeCompare(a.systemData.createdAt ?? ''),
    );
    return { ...found, value: newest.map((each) => assetOf(name, each)) };
  }

  return {
    dataVersions,
    async dataAsset(ref, name, version) {
      if (version !== undefined) {
        const base = `${workspaceId(ref)}/data/${encodeURIComponent(name)}/versions`;
        const found = await get(`${base}/${encodeURIComponent(version)}`, asset);
        return { ...found, value: found.value && assetOf(name, found.value) };
      }
      const found = await dataVersions(ref, name);
      return { ...found, value: found.value[0] };
    },
    async placeOf(ref, uri) {
      const [, store = '', path = ''] = /^azureml:\/\/(?:.*\/)?datastores\/([^/]+)\/paths\/(.+)$/.exec(uri) ?? [];
      if (store === '') return undefined;
      const { value } = await get(`${workspaceId(ref)}/datastores/${encodeURIComponent(store)}`, datastore);
      if (!value) return undefined;
      const { datastoreType, accountName, containerName, endpoint, protocol } = value.properties;
      if (datastoreType !== 'AzureBlob' || !accountName || !containerName) return undefined;
      const account = `${protocol ?? 'https'}://${accountName}.blob.${endpoint ?? 'core.windows.net'}`;
      return { account, container: containerName, path };
    },
  };
}

const assetOf = (name: string, { name: version, systemData, properties }: z.output<typeof asset>): DataAsset => ({
  name,
  version,
  type: properties.dataType,
  uri: properties.dataUri,
  ...(systemData.createdAt ? { createdAt: systemData.createdAt } : {}),
  ...(systemData.createdBy ? { createdBy: systemData.createdBy } : {}),
});
