import { type Answer, type Asked, paged } from './answer.ts';
import { type Resource, systemData } from './resources.ts';
import { DAY, type EstateState, HOUR } from './state.ts';
import { armWorkspaceId } from './webhooks.ts';

/** The sweep of a fortnight ago, for which the GPUs cost twice as much for two days (cost-items.ts), as ARM lists it. */
export function sweepJobs(state: EstateState, asked: Asked, workspace: string): Answer {
  const type = asked.url.searchParams.get('jobType');
  const here = workspace === 'mlw-payments-weu' && (type === null || type === 'Sweep');
  return paged(asked, here ? [sweep(state)] : []);
}

function sweep(state: EstateState): Resource {
  const started = Math.floor(state.startedAt / DAY) * DAY - 13 * DAY + HOUR;
  const base = armWorkspaceId('mlw-payments-weu');
  return {
    id: `${base}/jobs/sweep-fraud-depth`,
    name: 'sweep-fraud-depth',
    type: 'Microsoft.MachineLearningServices/workspaces/jobs',
    systemData: systemData(started, 'hugo.weiss@northwind.example'),
    properties: {
      jobType: 'Sweep',
      displayName: 'fraud depth and rate',
      experimentName: 'fraud-detector',
      computeId: `${base}/computes/gpu-a100`,
      status: 'Completed',
      samplingAlgorithm: { samplingAlgorithmType: 'Bayesian' },
      objective: { goal: 'Maximize', primaryMetric: 'auc' },
      limits: { jobLimitsType: 'Sweep', maxConcurrentTrials: 4, maxTotalTrials: 60 },
    },
  };
}
