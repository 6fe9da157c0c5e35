import { z } from 'zod/v4';
import { isoTime, read } from './border.ts';
import { type EndpointRef, endpointId, ML_API_VERSION, type WorkspaceRef, workspaceId } from './refs.ts';
import { type Fresh, type Guard, orMissing, type ReadOptions } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure Machine Learning';
const query = { 'api-version': ML_API_VERSION };

export interface RegisteredVersion {
  name: string;
  version: string;
  createdAt?: string;
  createdBy?: string;
  jobName?: string;
  uri?: string;
  archived: boolean;
  tags: Readonly<Record<string, string>>;
  properties: Readonly<Record<string, string>>;
}

export interface EndpointAccess {
  /** ARM's word: SystemAssigned, UserAssigned, …; None when there is no identity. */
  identity: string;
  publicAccess: boolean;
  /** Served by an attached Kubernetes cluster: no mirror traffic. */
  kubernetes: boolean;
}

export interface WorkspaceAccess {
  publicAccess: boolean;
  privateEndpoints: readonly { name: string; state: string }[];
}

/** What a decision about a version needs beyond what the SDK shows; raw ARM reads. */
export interface ReleaseReads {
  /** `undefined` when the version was deleted, or never was. */
  registeredVersion(
    ref: WorkspaceRef,
    model: string,
    version: string,
    options?: ReadOptions,
  ): Promise<Fresh<RegisteredVersion | undefined>>;
  endpointAccess(ref: EndpointRef): Promise<Fresh<EndpointAccess | undefined>>;
  workspaceAccess(ref: WorkspaceRef): Promise<Fresh<WorkspaceAccess | undefined>>;
  environmentVersion(
    ref: WorkspaceRef,
    name: string,
    version: string,
  ): Promise<Fresh<{ image?: string; conda?: string } | undefined>>;
}

const systemData = z.object({ createdAt: isoTime.optional(), createdBy: z.string().optional() }).default({});
const map = z.record(z.string(), z.string()).nullish();
const modelVersion = z.object({
  name: z.string(),
  systemData,
  properties: z.object({
    jobName: z.string().nullish(),
    modelUri: z.string().nullish(),
    isArchived: z.boolean().nullish(),
    tags: map,
    properties: map,
  }),
});
const endpoint = z.object({
  identity: z.object({ type: z.string() }).nullish(),
  properties: z.object({ publicNetworkAccess: z.string().nullish(), compute: z.string().nullish() }),
});
const workspace = z.object({
  properties: z.object({
    publicNetworkAccess: z.string().nullish(),
    privateEndpointConnections: z
      .array(
        z.object({
          name: z.string().nullish(),
          properties: z.object({
            privateLinkServiceConnectionState: z.object({ status: z.string().nullish() }).nullish(),
          }),
        }),
      )
      .nullish(),
  }),
});
const environment = z.object({
  properties: z.object({ image: z.string().nullish(), condaFile: z.string().nullish() }),
});

export function releaseReads({ rest, guard }: { rest: Rest; guard: Guard }): ReleaseReads {
  const get = <Schema extends z.ZodType>(path: string, schema: Schema, options?: ReadOptions) =>
    guard.read(
      `release:${path}`,
      async (signal): Promise<z.output<Schema> | undefined> => {
        const answer = await orMissing(rest({ method: 'GET', path, query, signal }));
        return answer && read(SERVICE, schema, answer.body);
      },
      options,
    );
  const part = encodeURIComponent;
  return {
    async registeredVersion(ref, model, version, options) {
      const path = `${workspaceId(ref)}/models/${part(model)}/versions/${part(version)}`;
      const found = await get(path, modelVersion, options);
      if (!found.value) return { ...found, value: undefined };
      const { systemData: made, properties: said } = found.value;
      return {
        ...found,
        value: {
          name: model,
          version: found.value.name,
          archived: said.isArchived ?? false,
          tags: said.tags ?? {},
          properties: said.properties ?? {},
          ...(made.createdAt ? { createdAt: made.createdAt } : {}),
          ...(made.createdBy ? { createdBy: made.createdBy } : {}),
          ...(said.jobName ? { jobName: said.jobName } : {}),
          ...(said.modelUri ? { uri: said.modelUri } : {}),
        },
      };
    },
    async endpointAccess(ref) {
      const found = await get(endpointId(ref), endpoint);
      const { identity, properties } = found.value ?? {};
      if (!properties) return { ...found, value: undefined };
      const kubernetes = Boolean(properties.compute);
      const publicAccess = properties.publicNetworkAccess !== 'Disabled';
      return { ...found, value: { identity: identity?.type ?? 'None', publicAccess, kubernetes } };
    },
    async workspaceAccess(ref) {
      const found = await get(workspaceId(ref), workspace);
      const said = found.value?.properties;
      if (!said) return { ...found, value: undefined };
      const privateEndpoints = (said.privateEndpointConnections ?? []).map(({ name, properties }) => ({
        name: name ?? 'private endpoint',
        state: properties.privateLinkServiceConnectionState?.status ?? 'unknown',
      }));
      return { ...found, value: { publicAccess: said.publicNetworkAccess !== 'Disabled', privateEndpoints } };
    },
    async environmentVersion(ref, name, version) {
      const path = `${workspaceId(ref)}/environments/${part(name)}/versions/${part(version)}`;
      const found = await get(path, environment);
      const { image, condaFile } = found.value?.properties ?? {};
      if (!found.value) return { ...found, value: undefined };
      return { ...found, value: { ...(image ? { image } : {}), ...(condaFile ? { conda: condaFile } : {}) } };
    },
  };
}
