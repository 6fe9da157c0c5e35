import type { Section } from '../../services/intake/questions.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, joined, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';
import { SECTION_TITLES } from './words.ts';

export interface QuestionView {
  useCase: string;
  title: string;
  section: Section;
  asker: string;
  /** How often they were reminded. */
  nudge: number;
  questions: readonly string[];
}

/** To whoever knows: what is asked, by whom, and one button. */
export function questionCard({ useCase, title, section, asker, nudge, questions }: QuestionView): Card {
  const words = `${asker} asks you about ${useCase}: ${SECTION_TITLES[section].toLowerCase()}`;
  return card({
    summary: nudge > 0 ? `Reminder: ${words}` : words,
    state: state({
      tone: nudge > 0 ? 'warning' : 'info',
      word: nudge > 0 ? `reminder ${nudge}` : 'asked of you',
      icon: 'QuestionCircle',
      id: useCase,
    }),
    headline: headline(`${named(asker)} asks you about “${plain(title, 120)}”.`),
    soWhat: soWhat(
      `${SECTION_TITLES[section]}: ${counted(questions.length, 'question')}, such as ${plain(joined(questions.slice(0, 3)), 200)}.`,
    ),
    details: [
      list([
        {
          text: 'Answer what you know; the rest can stay open, or be passed on.',
          detail: `Say “ask NAME for the ${section} of ${useCase}” to pass it on.`,
        },
      ]),
    ],
    actions: actions([
      act({ title: 'Answer', verb: 'intake.answer', ids: { useCase, section }, main: true }),
      act({ title: `Show ${useCase}`, verb: 'intake.show', ids: { useCase } }),
    ]),
  });
}

/** One line that leads to the use case, or, without one, to all of them. */
export function intakeNoteCard({ useCase, text, icon }: { useCase?: string; text: string; icon: string }): Card {
  return card({
    summary: text,
    state: state({ tone: 'info', icon, ...(useCase ? { word: 'use case', id: useCase } : { word: 'portfolio' }) }),
    headline: headline(plain(text, 400)),
    actions: actions([
      useCase
        ? act({ title: `Show ${useCase}`, verb: 'intake.show', ids: { useCase } })
        : act({ title: 'Portfolio', verb: 'intake.rank' }),
    ]),
  });
}
