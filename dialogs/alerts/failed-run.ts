import { z } from 'zod/v4';
import { failedRunCard } from '../../cards/alerts/failed-runs.ts';
import { retryOf } from '../../services/training/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { failedLine, neededFailure } from './training-view.ts';

export const failedRun = capability({
  id: 'alerts.failed-run',
  summary: 'Show why a run failed, with what its log says',
  phrases: ['failed run {run}', 'why did {run} fail'],
  examples: ['failed run train-fraud-detector_1f2e3d4c'],
  input: z.object({ run: freeText(255) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { run }) => {
    const row = await neededFailure(rooms, run);
    const line = { ...failedLine(row), excerpt: row.excerpt, ...(row.endpoint ? { endpoint: row.endpoint } : {}) };
    return {
      text: `${row.run} failed. ${row.said}.\n${row.excerpt}`,
      card: failedRunCard({ now, run: line, retry: retryOf(row.cause) }),
      data: row,
    };
  },
});
