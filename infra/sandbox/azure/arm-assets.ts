import { type Answer, type Asked, notFound, ok, paged } from './answer.ts';
import { CONTAINER, LOG_CONTAINER, storageAccount } from './blob.ts';
import { trainingPath } from './collected.ts';
import { type DataVersion, dataVersions } from './data-versions.ts';
import type { Estate } from './estate.ts';
import { ENDPOINTS, type EndpointSeed, SUBSCRIPTION, same, type WorkspaceSeed } from './northwind.ts';
import { systemData, TYPE } from './resources.ts';
import { DAY } from './state.ts';
import { armWorkspaceId } from './webhooks.ts';

/** The datastores that every workspace has, with their containers. */
const CONTAINERS: Readonly<Record<string, string>> = {
  workspaceblobstore: CONTAINER,
  workspaceartifactstore: LOG_CONTAINER,
};

/** Data assets (training data of each endpoint, labels of ep-fraud) and the workspace's own datastores. */
export function assets(estate: Estate, asked: Asked, workspace: WorkspaceSeed, parts: readonly string[]): Answer {
  const [kind, name, sub, version] = parts;
  if (kind === 'datastores') return datastore(estate, asked, workspace, name ?? '');
  const known = assetsOf(workspace);
  const drawn = (each: Asset) => {
    const versions = versionsOf(estate, workspace, each);
    const newest = versions.at(-1);
    const id = `${armWorkspaceId(workspace.name)}/data/${each.name}`;
    const { systemData: written } = newest ?? {};
    const properties = {
      dataType: each.type,
      isArchived: false,
      latestVersion: newest?.name,
      tags: {},
      properties: {},
    };
    return { id, name: each.name, type: `${TYPE}/data`, systemData: written, properties };
  };
  if (name === undefined) return paged(asked, known.map(drawn));
  const found = known.find((each) => same(each.name, name));
  if (!found) return notFound(asked.path);
  if (sub !== 'versions') return ok(drawn(found));
  const versions = versionsOf(estate, workspace, found);
  if (version === undefined) return paged(asked, versions);
  const one = versions.find((each) => each.name === version);
  return one ? ok(one) : notFound(asked.path);
}

interface Asset {
  name: string;
  type: 'uri_file' | 'uri_folder';
  endpoint: EndpointSeed;
  path: string;
}

const assetsOf = (workspace: WorkspaceSeed): Asset[] =>
  ENDPOINTS.filter((each) => each.workspace === workspace.name && each.features.length > 0).flatMap((endpoint) => [
    { name: `${endpoint.name}-training`, type: 'uri_file' as const, endpoint, path: trainingPath(endpoint.name) },
    ...(endpoint.name === 'ep-fraud'
      ? [{ name: `${endpoint.name}-labels`, type: 'uri_folder' as const, endpoint, path: `labels/${endpoint.name}/` }]
      : []),
  ]);

/** Oldest first. */
function versionsOf(estate: Estate, workspace: WorkspaceSeed, { name, type, endpoint, path }: Asset) {
  const author = endpoint.deployments[0]?.author ?? '';
  const first: DataVersion = { version: '1', at: estate.state().startedAt - 60 * DAY, by: author, path };
  const later = type === 'uri_file' ? dataVersions(estate.state(), endpoint.name, estate.now()) : [];
  return [first, ...later].map((each) => ({
    id: `${armWorkspaceId(workspace.name)}/data/${name}/versions/${each.version}`,
    name: each.version,
    type: `${TYPE}/data/versions`,
    systemData: systemData(each.at, each.by),
    properties: {
      dataType: type,
      dataUri: `azureml://subscriptions/${SUBSCRIPTION}/resourcegroups/${workspace.resourceGroup}/workspaces/${workspace.name}/datastores/workspaceblobstore/paths/${each.path}`,
      isAnonymous: false,
      isArchived: false,
      tags: {},
      properties: {},
    },
  }));
}

function datastore(estate: Estate, asked: Asked, workspace: WorkspaceSeed, name: string): Answer {
  const store = Object.keys(CONTAINERS).find((each) => same(each, name));
  if (!store) return notFound(asked.path);
  return ok({
    id: `${armWorkspaceId(workspace.name)}/datastores/${store}`,
    name: store,
    type: `${TYPE}/datastores`,
    systemData: systemData(estate.state().startedAt - 60 * DAY, 'finn.ohara@northwind.example'),
    properties: {
      datastoreType: 'AzureBlob',
      credentials: { credentialsType: 'None' },
      accountName: storageAccount(workspace.name),
      containerName: CONTAINERS[store],
      endpoint: 'core.windows.net',
      protocol: 'https',
    },
  });
}
