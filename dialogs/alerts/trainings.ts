import { z } from 'zod/v4';
import { trainingsCard } from '../../cards/alerts/training.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { trainingView } from './training-view.ts';

const MOST = 30;

export const trainings = capability({
  id: 'alerts.trainings',
  summary: 'List what was trained or tried again, by whom and how it ended',
  phrases: ['training runs', 'training runs of {rule}'],
  examples: ['training runs', 'training runs of fraud-drift'],
  input: z.object({ rule: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { rule }) => {
    const known = rule === undefined ? undefined : rooms.training.rules.needed(rule).id;
    const rows = await rooms.training.runs.list(rooms.db, { most: MOST, rule: known });
    const runs = rows.map((row) => trainingView(rooms, row, now));
    const lines = runs.map((each) => `${each.id}  ${each.state}  ${each.subject}  ${each.note}`);
    return {
      text: lines.join('\n') || 'Nothing was trained yet.',
      card: trainingsCard({ now, runs, ...(known ? { rule: known } : {}) }),
      data: rows,
    };
  },
});
