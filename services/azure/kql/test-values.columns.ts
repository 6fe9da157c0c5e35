import { kqlQuery } from './query.ts';

/** What two deployments are compared by, each as running sums of single values: enough for every test of rates and means. */
const columns = {
  TimeGenerated: 'datetime',
  DeploymentName: 'string',
  N: 'long',
  Total: 'real',
  Squares: 'real',
} as const;
const parameters = { endpoint: 'string', current: 'string', candidate: 'string', step: 'timespan' } as const;

export const requestValues = kqlQuery({ name: 'request-values', parameters, columns });
/** From the two tables of scores and labels that a team fills itself (scored-rows). */
export const labelValues = kqlQuery({ name: 'label-values', parameters, columns });
/** From a table that a team fills itself: Azure names the deployment in the header `azureml-model-deployment` of its answer. */
export const outcomeValues = kqlQuery({
  name: 'outcome-values',
  parameters: { ...parameters, outcome: 'string' },
  columns,
});
