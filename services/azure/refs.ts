/** Names of Azure Machine Learning things, and their ARM resource ids. */
export interface WorkspaceRef {
  subscription: string;
  resourceGroup: string;
  workspace: string;
}

export interface EndpointRef extends WorkspaceRef {
  endpoint: string;
}

export interface DeploymentRef extends EndpointRef {
  deployment: string;
}

/** The api-version of every raw ARM call; its JSON Schemas are what bodies are checked against. */
export const ML_API_VERSION = '2026-05-01';

const part = encodeURIComponent;

export const workspaceId = (ref: WorkspaceRef): string =>
  `/subscriptions/${part(ref.subscription)}/resourceGroups/${part(ref.resourceGroup)}` +
  `/providers/Microsoft.MachineLearningServices/workspaces/${part(ref.workspace)}`;

export const endpointId = (ref: EndpointRef): string => `${workspaceId(ref)}/onlineEndpoints/${part(ref.endpoint)}`;

export const deploymentId = (ref: DeploymentRef): string => `${endpointId(ref)}/deployments/${part(ref.deployment)}`;

/**
 * Reads an ARM id (case-insensitively, as ARM compares them) back into a reference: the workspace, and the endpoint and
 * deployment when the id goes that deep. `undefined` for anything that is not inside a Machine Learning workspace.
 */
export function parseMlId(id: string): (WorkspaceRef & { endpoint?: string; deployment?: string }) | undefined {
  const found =
    /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.machinelearningservices\/workspaces\/([^/]+)(?:\/(?:online|batch)endpoints\/([^/]+)(?:\/deployments\/([^/]+))?)?/i.exec(
      id,
    );
  if (!found) return undefined;
  const [, subscription = '', resourceGroup = '', workspace = '', endpoint, deployment] = found;
  return {
    subscription,
    resourceGroup,
    workspace,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(deployment === undefined ? {} : { deployment }),
  };
}

/**
 * The name and version inside a model reference. Azure writes it as an ARM id (`…/models/fraud-detector/versions/7`), as
 * `azureml:fraud-detector:7`, or as a registry id (`azureml://registries/…/models/x/versions/1`).
 */
export function parseModelId(id: string): { name: string; version: string } | undefined {
  const long = /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(id);
  const short = /^azureml:([^:/]+):([^:/]+)$/i.exec(id);
  const [, name, version] = long ?? short ?? [];
  return name !== undefined && version !== undefined ? { name, version } : undefined;
}
