import type { Temporal } from 'temporal-polyfill';
import { quotaChange, type UpstreamChange, volumeChange } from '../services/alerts/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { endpointId, type WorkspaceRef, workspaceId } from '../services/azure/refs.ts';

/** Azure Monitor's name of it (supported metrics of Microsoft.MachineLearningServices/workspaces). */
const QUOTA_METRIC = 'Quota Utilization Percentage';
type RefOf = (workspace: string) => WorkspaceRef;

const measured =
  (azure: Pick<AzureClients, 'metrics'>) =>
  async (resource: string, metric: string, hours: number, to: Temporal.Instant) => {
    const { value } = await azure.metrics.query({
      resource,
      metrics: [metric],
      from: to.subtract({ hours }),
      to,
      granularity: 'PT15M',
      aggregation: 'Average',
    });
    return value[0]?.points ?? [];
  };

/** Part of the composition root: how much an endpoint is asked, by Azure Monitor. */
export const volumeOn =
  (azure: Pick<AzureClients, 'metrics'>, refOf: RefOf) =>
  async (workspace: string, endpoint: string, startedAt: Temporal.Instant): Promise<UpstreamChange[]> => {
    const resource = endpointId({ ...refOf(workspace), endpoint });
    const points = await measured(azure)(resource, 'RequestsPerMinute', 48, startedAt);
    return [volumeChange({ workspace, endpoint }, points, startedAt)].flatMap((change) => change ?? []);
  };

/** How full a workspace's quota is, by Azure Monitor over time and by the usages of its region now. */
export const quotaOn =
  (
    azure: Pick<AzureClients, 'metrics'> & { ml: Pick<AzureClients['ml'], 'coreUsages'> },
    refOf: RefOf,
    regionOf: (workspace: string) => string,
  ) =>
  async (workspace: string, startedAt: Temporal.Instant): Promise<UpstreamChange[]> => {
    const ref = refOf(workspace);
    const [points, usages] = await Promise.all([
      measured(azure)(workspaceId(ref), QUOTA_METRIC, 24, startedAt),
      azure.ml.coreUsages(ref.subscription, regionOf(workspace), { fresh: true }),
    ]);
    return [quotaChange(workspace, points, startedAt, usages.value)].flatMap((change) => change ?? []);
  };
