import { kqlQuery } from './query.ts';

export const modelEvents = kqlQuery({
  name: 'model-events',
  parameters: {},
  columns: {
    TimeGenerated: 'datetime',
    AmlModelName: 'string',
    OperationName: 'string',
    ResultType: 'string',
    UserName: 'string',
    CorrelationId: 'string',
  },
});
