import { kqlQuery } from './query.ts';

export const deploymentEvents = kqlQuery({
  name: 'deployment-events',
  /** `deployments`: names joined by commas. */
  parameters: { deployments: 'string' },
  columns: {
    DeploymentName: 'string',
    Name: 'string',
    InstanceId: 'string',
    Times: 'long',
    LastSeen: 'datetime',
    Message: 'string',
  },
});
