import { kqlQuery } from './query.ts';

export const failedRuns = kqlQuery({
  name: 'failed-runs',
  parameters: {},
  columns: {
    TimeGenerated: 'datetime',
    RunId: 'string',
    Status: 'string',
    Message: 'string',
    JobErrorMessage: 'string',
    ExperimentName: 'string',
    ClusterName: 'string',
  },
});
