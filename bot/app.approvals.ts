import { Temporal } from 'temporal-polyfill';
import type { Sources } from '../services/approvals/index.ts';
import type { AzureClients, AzureDeps } from '../services/azure/client.ts';
import type { EndpointRef, WorkspaceRef } from '../services/azure/refs.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Config } from '../services/core/config.ts';
import { Refused } from '../services/core/errors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { latestDrift } from './app.drift.ts';
import { endpointCost } from './app.spend.ts';

/** Azure ML keeps what a run wrote in this datastore, below its run id (azureml-mlflow). */
const ARTIFACTS = 'azureml://datastores/workspaceartifactstore/paths/ExperimentRun';
const COST_DAYS = 30;
/** The name that the training pipeline gives the serving environment of a model. */
const environmentOf = (model: string): string => `env-${model}`;

/** As whom the code hosts are asked. The simulated ones take anything, and nothing that is real. */
export const codeHosts = ({
  mode,
  outbound,
}: Pick<Config, 'mode' | 'outbound'>): Pick<AzureDeps, 'github' | 'azureDevOpsToken'> =>
  mode === 'sandbox'
    ? { github: 'sandbox' }
    : { github: outbound.githubApp ?? outbound.githubToken, azureDevOpsToken: outbound.azureDevOpsToken };

/** Part of the composition root: what a promotion asks of Azure and of the code hosts. */
export function approvalSources(
  azure: AzureClients,
  organisation: Organisation,
  clock: Clock,
  ref: (workspace: string) => WorkspaceRef,
): Sources {
  const instant = (text: string | undefined) => (text ? Temporal.Instant.from(text) : undefined);

  return {
    async version(workspace, model, version) {
      const { value } = await azure.ml.registeredVersion(ref(workspace), model, version, { fresh: true });
      if (!value) return undefined;
      const { createdAt, createdBy, jobName, uri, ...rest } = value;
      return { ...rest, createdAt: instant(createdAt), createdBy, jobName, uri };
    },

    async run(workspace, runId) {
      const { value } = await azure.ml.getRun(ref(workspace), runId);
      if (!value) return undefined;
      const metrics = Object.fromEntries(Object.entries(value.metrics).map(([name, { value: said }]) => [name, said]));
      return { id: value.id, endedAt: value.endedAt, metrics, params: value.params, tags: value.tags };
    },

    async output(workspace, runId, path, mostBytes) {
      const place = await azure.ml.placeOf(ref(workspace), `${ARTIFACTS}/dcid.${runId}/${path}`);
      return place && azure.blobs.text(place, mostBytes);
    },

    async target(workspace, endpoint) {
      const at: EndpointRef = { ...ref(workspace), endpoint };
      const [state, deployments, access, network] = await Promise.all([
        azure.ml.getEndpoint(at),
        azure.ml.listDeployments(at),
        azure.ml.endpointAccess(at),
        azure.ml.workspaceAccess(ref(workspace)),
      ]);
      if (!state.value || !access.value) return undefined;
      return {
        kubernetes: access.value.kubernetes,
        traffic: state.value.traffic,
        deployments: deployments.value.map(({ name, model, instanceType, instances }) => ({
          name,
          ...(model ? { model: `${model.name}:${model.version}` } : {}),
          ...(instanceType ? { instanceType } : {}),
          ...(instances === undefined ? {} : { instances }),
        })),
        identity: access.value.identity,
        publicAccess: access.value.publicAccess,
        privateEndpoints: network.value?.privateEndpoints ?? [],
        workspacePublicAccess: network.value?.publicAccess ?? true,
        asOf: state.asOf,
      };
    },

    async drift(workspace, endpoint) {
      const look = await latestDrift(azure, ref(workspace), endpoint);
      if (!look) return undefined;
      const readings = look.readings.map(({ feature, metric, value, limit, breached }) => ({
        feature,
        metric,
        value,
        breached,
        ...(limit === undefined ? {} : { limit }),
      }));
      const last = look.readings
        .map(({ at }) => at)
        .sort()
        .at(-1);
      return { readings, at: instant(last) ?? clock.now() };
    },

    async environment(workspace, model, version) {
      const name = environmentOf(model);
      const { value } = await azure.ml.environmentVersion(ref(workspace), name, version);
      return value && { name, version, image: value.image, conda: value.conda };
    },

    cost: (workspace, endpoint) => endpointCost(azure, { ...ref(workspace), endpoint }, clock, COST_DAYS),

    async code(model, commit, since) {
      const settings = organisation.repositories.find(({ id }) => id === model);
      if (!settings) return undefined;
      const host = settings.host === 'github' ? azure.github : azure.devops;
      const facts = await host.commit(settings.repository, commit, since);
      return { host: host.name, repository: settings.repository, hidden: host.hidden, facts };
    },

    async attachment(url, mostBytes) {
      const place = URL.canParse(url) ? new URL(url) : undefined;
      // Wardroom stands inside the network: it fetches for people from storage only, and only what was signed for it.
      if (place?.protocol !== 'https:' || !place.hostname.endsWith('.blob.core.windows.net'))
        throw new Refused(
          'I read files from Azure Blob storage only.',
          'Give a signed address there, or paste the JSON.',
        );
      const text = await azure.blobs.signedText(place.href, mostBytes);
      if (text === undefined)
        throw new Refused('There is no file at that address.', 'Check the address and its signature.');
      return text;
    },
  };
}
