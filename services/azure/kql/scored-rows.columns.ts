import { kqlQuery } from './query.ts';

/** From two custom tables that a team fills itself (Logs Ingestion API): Azure keeps neither scores nor labels in its logs. */
export const scoredRows = kqlQuery({
  name: 'scored-rows',
  parameters: { endpoint: 'string', current: 'string', candidate: 'string' },
  columns: {
    TimeGenerated: 'datetime',
    CorrelationId: 'string',
    Label: 'int',
    CurrentScore: 'real',
    CandidateScore: 'real',
  },
});
