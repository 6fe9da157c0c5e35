import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { experimentLine, experimentListCard, experimentListWords } from '../../cards/approvals/experiment-list.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { experimentView } from './ab-view.ts';

const MOST = 20;
const ORDER = ['running', 'overtaken', 'asked', 'planned', 'stopped', 'refused'];

export const abList = capability({
  id: 'approvals.ab-list',
  summary: 'List the A/B tests: running, planned, and what the last ones said',
  phrases: ['tests [on {endpoint}]', 'a/b tests [on {endpoint}]', 'ab tests [on {endpoint}]'],
  examples: ['a/b tests', 'tests on ep-fraud'],
  input: z.object({ endpoint: endpointRef.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
    const rows = await rooms.experiments.list(rooms.db, MOST, endpoint);
    const all = await Promise.all(
      rows.map(async (row) => {
        const view = await experimentView(rooms, row, now);
        const at = view.stopped?.at ?? view.since ?? Temporal.Instant.from(row.created_at);
        return { ...view, at, ...(view.reading?.verdict ? { verdict: view.reading.verdict } : {}) };
      }),
    );
    const tests = all.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    const view = { now, source: 'Wardroom', tests };
    const lines = tests.map(experimentLine);
    return {
      text: [experimentListWords(view), ...lines].join('\n'),
      card: experimentListCard(view),
      data: tests.map(({ id, state, endpoint: on, candidate, current, measured, verdict, at }) => ({
        ...{ id, state, endpoint: on, candidate, current, measured, verdict },
        at: at.toString(),
      })),
    };
  },
});
