import { z } from 'zod/v4';
import { intakeNoteCard } from '../../cards/intake/question.ts';
import { Refused } from '../../services/core/errors.ts';
import { whyAbove } from '../../services/intake/index.ts';
import { capability } from '../capability.ts';
import { useCaseId } from './arguments.ts';

export const above = capability({
  id: 'intake.above',
  summary: 'Say why one use case stands above another in the portfolio',
  phrases: [
    ...['above', 'before', 'ahead of', 'better than', 'higher than'].flatMap((word) => [
      `why is {useCase} ${word} {other}`,
      `why is {useCase} ranked ${word} {other}`,
      `why {useCase} is ${word} {other}`,
      `why {useCase} ${word} {other}`,
    ]),
    ...['below', 'behind', 'after', 'worse than', 'lower than'].flatMap((word) => [
      `why is {other} ${word} {useCase}`,
      `why is {other} ranked ${word} {useCase}`,
    ]),
    'compare {useCase} and {other}',
    'compare {useCase} with {other}',
  ],
  examples: ['why is UC-104 above UC-102'],
  input: z.object({ useCase: useCaseId, other: useCaseId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms }, { useCase, other }) => {
    const { ranked, held, cases } = await rooms.intake.rank(rooms.db);
    const of = async (id: string) => {
      const found = ranked.find((one) => one.id === id);
      if (found) return found;
      const stopped = held.find((one) => one.id === id);
      if (!stopped) throw await rooms.intake.unknown(rooms.db, id);
      const gate = cases.find(({ row }) => row.id === id)?.standing.gate;
      const why = gate && !gate.pass ? gate : { why: 'Answers that the score needs are missing.', next: '' };
      throw new Refused(`${id} is not ranked: ${why.why}`, `${why.next} Say “use case ${id}”.`.trim());
    };
    const [one, two] = [await of(useCase), await of(other)];
    const [first, second] = one.place < two.place ? [one, two] : [two, one];
    const turned = first.id === useCase ? '' : `It is the other way round: ${first.id} stands above ${second.id}. `;
    const text = `${turned}${whyAbove(first, second)}`;
    return { text, card: intakeNoteCard({ useCase: first.id, text, icon: 'ArrowSort' }), data: { first, second } };
  },
});
