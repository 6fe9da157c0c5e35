import type { Temporal } from 'temporal-polyfill';
import { quotaChange, type UpstreamChange, volumeChange } from '../services/alerts/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { endpointId, type WorkspaceRef, workspaceId } from '../services/azure/refs.ts';

/** Azure Monitor's name of it (supported metrics of Microsoft.MachineLearningServices/workspaces). */
const QUOTA_METRIC = 'Quota Utilization Percentage';

/** Part of the composition root: how much an endpoint is asked and how full its workspace's quota is, by Azure Monitor. */
export const pressureOn =
  (azure: Pick<AzureClients, 'metrics'>, refOf: (workspace: string) => WorkspaceRef) =>
  async (workspace: string, endpoint: string | undefined, startedAt: Temporal.Instant): Promise<UpstreamChange[]> => {
    const ref = refOf(workspace);
    const ask = async (resource: string, metric: string, hours: number) => {
      const { value } = await azure.metrics.query({
        resource,
        metrics: [metric],
        from: startedAt.subtract({ hours }),
        to: startedAt,
        granularity: 'PT15M',
        aggregation: 'Average',
      });
      return value[0]?.points ?? [];
    };
    const [volume, quota] = await Promise.all([
      endpoint ? ask(endpointId({ ...ref, endpoint }), 'RequestsPerMinute', 48) : [],
      ask(workspaceId(ref), QUOTA_METRIC, 24),
    ]);
    return [
      ...(endpoint ? [volumeChange({ workspace, endpoint }, volume, startedAt)] : []),
      quotaChange(workspace, quota, startedAt),
    ].flatMap((change) => change ?? []);
  };
