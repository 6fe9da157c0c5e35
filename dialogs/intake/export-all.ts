import { intakeNoteCard } from '../../cards/intake/question.ts';
import { QUESTIONS } from '../../services/intake/index.ts';
import { capability, nothing } from '../capability.ts';

export const exportAll = capability({
  id: 'intake.export-all',
  summary: 'Every use case with its answers as a CSV file',
  phrases: ['export use cases', 'download use cases', 'export portfolio', 'use cases as csv'],
  examples: ['export use cases'],
  input: nothing,
  roles: ['viewer'],
  // It makes a file, which is ours.
  effect: 'write',
  run: async ({ rooms, tx, actor }) => {
    const all = await rooms.intake.all(tx);
    const people = new Set(QUESTIONS.filter(({ kind }) => kind === 'person').map(({ id }) => id));
    const header = ['Use case', 'State', 'Score', 'Held by', 'Risk', ...QUESTIONS.map(({ label }) => label)];
    const rows = all.map(({ row, standing, risk, answers }) => [
      row.id,
      row.state,
      standing.scored?.score.toFixed(2) ?? '',
      standing.gate.pass ? '' : standing.gate.gate,
      risk?.verdict.class ?? '',
      ...QUESTIONS.map(({ id }) =>
        people.has(id) && answers[id] ? rooms.people.nameOf(answers[id]) : (answers[id] ?? ''),
      ),
    ]);
    const token = await rooms.files.table(tx, { name: 'use-cases.csv', header, rows, madeFor: actor.id });
    const url = rooms.fileUrl(token);
    const text = `${all.length} ${all.length === 1 ? 'use case' : 'use cases'} as CSV: ${url}`;
    return {
      text,
      card: intakeNoteCard({ text, icon: 'ArrowDownload' }),
      data: { url, count: all.length },
    };
  },
});
