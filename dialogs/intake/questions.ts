import { questionListCard } from '../../cards/intake/questions.ts';
import { questionsOf, SECTION_WORDS, type Section } from '../../services/intake/index.ts';
import { capability, nothing } from '../capability.ts';

export const questions = capability({
  id: 'intake.questions',
  summary: 'List what you were asked about use cases and have not answered',
  phrases: [
    'my questions',
    'questions for me',
    'what was i asked',
    'what am i asked',
    'what do i have to answer',
    'what do you need from me',
  ],
  examples: ['my questions'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor, now }) => {
    const open = await rooms.intake.delegations.openOf(rooms.db, actor.id);
    const asked = await Promise.all(
      open.map(async (row) => {
        const section = row.section as Section;
        const found = await rooms.intake.find(rooms.db, row.use_case);
        return {
          useCase: row.use_case,
          title: found?.row.title ?? '',
          section,
          words: SECTION_WORDS[section],
          asker: rooms.people.nameOf(row.chain.at(-2) ?? row.chain[0] ?? ''),
          days: Math.floor(rooms.intake.daysSince(row.created_at)),
          missing: questionsOf(section).filter(({ id }) => !found?.answers[id]).length,
        };
      }),
    );
    const lines = asked.map(
      ({ useCase, title, section, asker, days }) =>
        `${useCase}  ${title}: ${asker} asks for the ${section} (${days} ${days === 1 ? 'day' : 'days'}). Say “answer ${section} of ${useCase}”.`,
    );
    return {
      text: lines.join('\n') || 'Nobody waits for an answer of yours.',
      card: questionListCard({ now, asked }),
      data: asked,
    };
  },
});
