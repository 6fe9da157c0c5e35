import { z } from 'zod/v4';
import { failedRunsCard, failedRunsHeadline } from '../../cards/alerts/failed-runs.ts';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { failedLine } from './training-view.ts';

const MOST = 60;

export const failedRuns = capability({
  id: 'alerts.failed-runs',
  summary: 'List the runs and pipelines that failed, with the cause from their logs',
  phrases: ['failed runs', 'failed runs of {days} days', 'failed pipelines'],
  examples: ['failed runs', 'failed runs of 30 days'],
  input: z.object({ days: wholeNumber(1, 90).default(7) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { days }) => {
    const since = now.subtract({ hours: 24 * days }).toString();
    const rows = await rooms.training.failed.list(rooms.db, { since, most: MOST });
    const runs = rows.map(failedLine);
    const lines = runs.map(
      ({ run, cause, retriedAs }) => `${run}  ${cause}${retriedAs ? `  tried again as ${retriedAs}` : ''}`,
    );
    return {
      text: [failedRunsHeadline({ days, runs }), ...lines].join('\n'),
      card: failedRunsCard({ now, days, runs }),
      data: rows,
    };
  },
});
