import { z } from 'zod/v4';
import { checkId, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { drawCheck, neededCheck } from './check-view.ts';

export const check = capability({
  id: 'alerts.check',
  summary: 'Show what a check of collected data found',
  phrases: ['check {check}', 'check {check} explain', 'explain check {check} {detail=explain}'],
  examples: ['check CHK-101', 'check CHK-101 explain'],
  input: z.object({ check: checkId, detail: oneOf(['explain']).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { check: id, detail }) => {
    const row = await neededCheck(rooms, id);
    const { card, summary } = drawCheck(rooms, row, now, detail === 'explain');
    return { text: summary, card, data: { check: id, state: row.state, note: row.note, result: row.result } };
  },
});
