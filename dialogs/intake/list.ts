import { z } from 'zod/v4';
import { useCaseListCard } from '../../cards/intake/list.ts';
import { alike } from '../../services/intake/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';

const MOST = 50;

export const list = capability({
  id: 'intake.list',
  summary: 'List or search use cases',
  phrases: ['use cases', 'list use cases', 'use cases about {words}', 'find use case {words}'],
  examples: ['use cases', 'use cases about churn'],
  input: z.object({ words: freeText(80).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { words }) => {
    const all = await rooms.intake.all(rooms.db);
    const needle = words?.toLowerCase();
    const named = needle
      ? all.filter(({ row, answers }) =>
          [row.id, row.title, ...Object.values(answers)].some((text) => text.toLowerCase().includes(needle)),
        )
      : all;
    const sounding = new Set(
      words
        ? alike(
            words,
            all.map(({ row }) => row),
          ).map(({ id }) => id)
        : [],
    );
    const found = named.length > 0 || !words ? named : all.filter(({ row }) => sounding.has(row.id));
    const shown = found.slice(0, MOST).map(({ row, answers, standing }) => ({
      id: row.id,
      title: row.title,
      state: row.state,
      ...(standing.scored ? { score: standing.scored.score } : {}),
      ...(answers['owner'] ? { owner: rooms.people.nameOf(answers['owner']) } : {}),
      ...(standing.gate.pass ? {} : { waits: standing.gate.why }),
    }));
    const lines = shown.map(
      ({ id, title, state, score }) =>
        `${id}  ${state}  ${title}${score === undefined ? '' : `  (${score.toFixed(1)})`}`,
    );
    return {
      text:
        lines.join('\n') ||
        (words ? `No use case is about “${words}”.` : 'There is no use case yet. Say “new use case”.'),
      card: useCaseListCard({ now, found: shown, total: found.length, ...(words ? { words } : {}) }),
      data: shown,
    };
  },
});
