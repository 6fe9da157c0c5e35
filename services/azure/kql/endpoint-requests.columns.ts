import { kqlQuery } from './query.ts';

export const endpointRequests = kqlQuery({
  name: 'endpoint-requests',
  parameters: { endpoint: 'string', step: 'timespan' },
  columns: {
    TimeGenerated: 'datetime',
    DeploymentName: 'string',
    Requests: 'long',
    ServerErrors: 'long',
    P50Ms: 'real',
    P95Ms: 'real',
  },
});
