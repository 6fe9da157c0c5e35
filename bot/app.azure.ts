import type { Investigator } from '../services/alerts/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { isServerError, ONLINE_ENDPOINT_NAMESPACE } from '../services/azure/metrics.ts';
import { type EndpointRef, endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import type { Clock } from '../services/core/clock.ts';
import { Refused } from '../services/core/errors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { Estate } from '../services/fleet/index.ts';
import { approvalSources } from './app.approvals.ts';
import { catalogue } from './app.catalogue.ts';
import { latestDrift } from './app.drift.ts';
import { quotaOn, volumeOn } from './app.pressure.ts';
import { rolloutWatcher } from './app.rollout.ts';
import type { ReadBack } from './send.ts';

/** Part of the composition root: what the domains ask of Azure, by the names of wardroom.yaml. */
export function azureFor(azure: AzureClients, organisation: Organisation, clock: Clock, botAppId: string | undefined) {
  const workspaceRef = (id: string): WorkspaceRef => {
    const found = organisation.workspaces.find((entry) => entry.id === id);
    if (!found) throw new Refused(`The workspace ${id} is not in wardroom.yaml.`, 'Ask an administrator to add it.');
    return { subscription: found.subscription, resourceGroup: found.resourceGroup, workspace: found.id };
  };
  const endpointRef = (workspace: string, endpoint: string): EndpointRef => ({ ...workspaceRef(workspace), endpoint });

  const deployments = async (ref: EndpointRef) => {
    const { value } = await azure.ml.listDeployments(ref);
    return value.map(({ name, model, provisioningState, createdAt }) => ({
      name,
      state: provisioningState,
      ...(model ? { model: `${model.name}:${model.version}` } : {}),
      ...(createdAt ? { createdAt } : {}),
    }));
  };

  const investigator: Investigator = {
    async driftOf(workspace, runId) {
      const { value } = await azure.ml.monitorResults(workspaceRef(workspace), runId);
      const psi = (value?.rows ?? []).filter(
        ({ metric, feature }) => feature && /psi|population_stability/i.test(metric),
      );
      return psi.flatMap(({ feature, value: found, threshold }) =>
        feature
          ? [
              {
                feature,
                metric: 'psi',
                value: found,
                threshold: threshold ?? limitOf(organisation, workspace, feature),
              },
            ]
          : [],
      );
    },
    latestDrift: (workspace, endpoint) => latestDrift(azure, workspaceRef(workspace), endpoint),
    async endpoint(workspace, endpoint) {
      const ref = endpointRef(workspace, endpoint);
      const [{ value, stale, asOf }, list] = await Promise.all([azure.ml.getEndpoint(ref), deployments(ref)]);
      return value && { traffic: value.traffic, deployments: list, ...(stale ? { lastSaid: asOf.toString() } : {}) };
    },
    async changesSince(workspace, since) {
      const { value } = await azure.ml.recentChanges(workspaceRef(workspace), since);
      // Why it could not be asked is in the log; the card says what it lacks.
      return { changes: value.changes, missing: value.missing.map((each) => each.replace(/ \(.*$/s, '')) };
    },
    volume: volumeOn(azure, workspaceRef),
    quota: quotaOn(azure, workspaceRef, (id) => organisation.workspaces.find((each) => each.id === id)?.region ?? ''),
  };

  const estate: Estate = {
    async traffic(workspace, endpoint) {
      const { value } = await azure.ml.getEndpoint(endpointRef(workspace, endpoint), { fresh: true });
      if (!value) return undefined;
      return {
        traffic: value.traffic,
        mirror: value.mirrorTraffic,
        updating: !['Succeeded', 'Failed', 'Canceled'].includes(value.provisioningState),
      };
    },
    startTraffic: (workspace, endpoint, { traffic, mirror }) =>
      azure.ml.startTraffic(endpointRef(workspace, endpoint), traffic, mirror ? { mirror } : {}),
    async deployment(workspace, endpoint, name) {
      const ref = endpointRef(workspace, endpoint);
      const [{ value: all }, { value: itself }] = await Promise.all([
        azure.ml.listDeployments(ref, { fresh: true }),
        azure.ml.getEndpoint(ref, { fresh: true }),
      ]);
      const found = all.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (!found) return undefined;
      const used = (itself?.traffic[found.name] ?? 0) > 0 || (itself?.mirrorTraffic[found.name] ?? 0) > 0;
      const ended = { Succeeded: 'ready', Failed: 'failed', Canceled: 'failed' } as const;
      return {
        ...(found.model ? { model: `${found.model.name}:${found.model.version}` } : {}),
        used,
        state: ended[found.provisioningState as keyof typeof ended] ?? 'updating',
      };
    },
    async startDeployment(endpoint, { workspace, deployment, model, like }) {
      const ref = { ...endpointRef(workspace, endpoint), deployment };
      const { value } = await azure.autoscale.autoscaleOf(ref, { fresh: true });
      const scaled = value.get(deployment.toLowerCase())?.enabled === true;
      return azure.ml.startDeployment(ref, { model, like, scaled });
    },
    scaleAlike: (endpoint, { workspace, deployment, like }) =>
      azure.autoscale.scaleAlike({ ...endpointRef(workspace, endpoint), deployment }, like),
    poll: (operationUrl) => azure.ml.pollOperation(operationUrl),
    async look(workspace, endpoint) {
      const ref = endpointRef(workspace, endpoint);
      const [state, list, measured] = await Promise.all([azure.ml.getEndpoint(ref), deployments(ref), measure(ref)]);
      if (!state.value) return undefined;
      return {
        traffic: state.value.traffic,
        mirror: state.value.mirrorTraffic,
        kubernetes: state.value.kubernetes,
        provisioningState: state.value.provisioningState,
        deployments: list,
        ...measured,
        asOf: state.asOf.toString(),
        stale: state.stale,
      };
    },
  };

  /** The last quarter of an hour; what Azure Monitor does not tell now is left out. */
  async function measure(ref: EndpointRef) {
    const question = {
      resource: endpointId(ref),
      from: clock.now().subtract({ minutes: 15 }),
      to: clock.now(),
      granularity: 'PT1M',
      namespace: ONLINE_ENDPOINT_NAMESPACE,
    };
    const last = async (metric: string, filter?: string) => {
      const aggregation = 'Average' as const;
      const { value } = await azure.metrics.query({
        ...question,
        metrics: [metric],
        aggregation,
        ...(filter ? { filter } : {}),
      });
      return value;
    };
    try {
      const [latency, requests] = await Promise.all([
        last('RequestLatency_P95'),
        last('RequestsPerMinute', "statusCodeClass eq '*'"),
      ]);
      const p95 = latency[0]?.points.at(-1)?.value;
      const counts = requests.map(({ dimensions, points }) => ({ dimensions, value: points.at(-1)?.value ?? 0 }));
      const total = counts.reduce((sum, { value }) => sum + value, 0);
      const failed = counts.filter(isServerError).reduce((sum, { value }) => sum + value, 0);
      return {
        ...(p95 === undefined ? {} : { latencyP95Ms: p95 }),
        ...(total > 0 ? { requestsPerMinute: total, errorPercent: (failed / total) * 100 } : {}),
      };
    } catch {
      // The guard has logged why; what Azure Monitor does not tell now is left out.
      return {};
    }
  }

  /** Graph can read channels and chats where the app was granted it. */
  const readBack: ReadBack = async (place, marker, thread) => {
    const [id = ''] = place.conversation_id.split(';');
    const where =
      place.kind === 'channel' && place.team_id
        ? { teamId: place.team_id, channelId: id, ...(thread ? { rootId: thread } : {}) }
        : { chatId: place.kind === 'personal' ? personalChat(place.key, id) : id };
    const found = await azure.graph.findMessage(where, marker);
    return found === 'forbidden' ? 'cannot' : found;
  };

  /** Graph names a person's chat with a bot by both ids; the connector's `a:…` means nothing to it. */
  function personalChat(key: string, id: string): string {
    const person = organisation.people.find((entry) => key === `person:${entry.id}`);
    return botAppId && person ? `19:${person.entraId}_${botAppId}@unq.gbl.spaces` : id;
  }

  return {
    sources: approvalSources(azure, organisation, clock, workspaceRef),
    investigator,
    estate,
    readBack,
    azure,
    ref: workspaceRef,
    rolloutWatcher: rolloutWatcher(azure, organisation, clock, workspaceRef),
    catalogue: catalogue(azure, organisation, clock, workspaceRef),
  };
}

const limitOf = (organisation: Organisation, workspace: string, feature: string): number => {
  const endpoint = organisation.endpoints.find((entry) => entry.workspace === workspace);
  return endpoint?.psiLimits[feature] ?? endpoint?.psiLimits['default'] ?? 0.2;
};
