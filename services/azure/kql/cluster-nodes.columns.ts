import { kqlQuery } from './query.ts';

export const clusterNodes = kqlQuery({
  name: 'cluster-nodes',
  parameters: {},
  columns: {
    TimeGenerated: 'datetime',
    ClusterName: 'string',
    VmSize: 'string',
    VmPriority: 'string',
    Target: 'int',
    Running: 'int',
    Idle: 'int',
    Unusable: 'int',
    Preempted: 'int',
  },
});
