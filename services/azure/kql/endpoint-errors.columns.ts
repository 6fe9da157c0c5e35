import { kqlQuery } from './query.ts';

export const endpointErrors = kqlQuery({
  name: 'endpoint-errors',
  parameters: { endpoint: 'string' },
  columns: {
    DeploymentName: 'string',
    ResponseCode: 'int',
    ResponseCodeReason: 'string',
    ModelStatusCode: 'int',
    ModelStatusReason: 'string',
    Requests: 'long',
    FirstSeen: 'datetime',
    LastSeen: 'datetime',
  },
});
