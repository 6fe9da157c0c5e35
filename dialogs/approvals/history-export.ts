import { z } from 'zod/v4';
import { historyCard, historySummary } from '../../cards/approvals/history.ts';
import { modelName } from '../arguments.ts';
import { capability } from '../capability.ts';
import { modelHistory } from './history-view.ts';

const HEADER = ['At', 'What', 'Version', 'About', 'In words'];

export const historyExport = capability({
  id: 'approvals.history-export',
  summary: 'Everything that happened to a model as a CSV file',
  phrases: ['export history of {model}', 'export history {model}'],
  examples: ['export history of fraud-detector'],
  input: z.object({ model: modelName }),
  roles: ['viewer'],
  // It makes a file, which is ours.
  effect: 'write',
  prepare: (turn, { model }) => modelHistory(turn, model),
  run: async ({ rooms, actor, tx }, _, { view, happenings }) => {
    const { model } = view;
    const token = await rooms.files.table(tx, {
      name: `history-${model}.csv`,
      header: HEADER,
      rows: happenings.map(({ at, kind, version = '', object = '', what }) => [at, kind, version, object, what]),
      madeFor: actor.id,
    });
    const file = rooms.fileUrl(token);
    return {
      text: `${historySummary(view)}. The file: ${file}`,
      card: historyCard({ ...view, file }),
      data: { model, url: file, entries: happenings.length },
    };
  },
});
