import { z } from 'zod/v4';
import { historyCard, historySummary } from '../../cards/approvals/history.ts';
import { modelName } from '../arguments.ts';
import { capability } from '../capability.ts';
import { modelHistory } from './history-view.ts';

export const history = capability({
  id: 'approvals.history',
  summary: 'Show everything that happened to a model: versions, requests, votes, promotions, ways back',
  phrases: ['history of {model}', 'history {model}'],
  examples: ['history of fraud-detector'],
  input: z.object({ model: modelName }),
  roles: ['viewer'],
  effect: 'read',
  run: async (turn, { model }) => {
    const { view, versions, happenings } = await modelHistory(turn, model);
    return { text: historySummary(view), card: historyCard(view), data: { model: view.model, versions, happenings } };
  },
});
