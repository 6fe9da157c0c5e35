import { z } from 'zod/v4';
import { experimentCard, experimentSummary } from '../../cards/approvals/experiment.ts';
import { experimentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { experimentView } from './ab-view.ts';

export const abRead = capability({
  id: 'approvals.ab-read',
  summary: 'Read an A/B test: valid however often somebody looks',
  phrases: ['read test {test}', 'test {test}'],
  examples: ['read test AB-103'],
  input: z.object({ test: experimentId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { test }) => {
    const row = await rooms.experiments.needed(rooms.db, test);
    const reading = await rooms.experiments.read(row);
    const view = await experimentView(rooms, row, now, reading);
    return {
      text: experimentSummary(view),
      card: experimentCard(view),
      data: { id: test, state: view.state, plan: row.plan, reading: view.reading },
    };
  },
});
