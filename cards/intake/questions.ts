import type { Temporal } from 'temporal-polyfill';
import type { Section } from '../../services/intake/questions.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';
import { SECTION_TITLES } from './words.ts';

export interface QuestionListView {
  now: Temporal.Instant;
  /** The oldest first. */
  asked: readonly {
    useCase: string;
    title: string;
    section: Section;
    asker: string;
    days: number;
    /** Questions without an answer. */
    missing: number;
  }[];
}

/** What somebody was asked and has not answered: each line opens its form. */
export function questionListCard({ now, asked }: QuestionListView): Card {
  const [first] = asked;
  const words = first
    ? `${counted(asked.length, 'answer')} of yours ${asked.length === 1 ? 'is' : 'are'} waited for`
    : 'Nobody waits for an answer of yours';
  return card({
    summary: words,
    state: state({
      tone: first ? 'info' : 'good',
      word: first ? 'asked of you' : 'nothing open',
      icon: 'QuestionCircle',
    }),
    headline: headline(`${words}.`),
    soWhat: first ? soWhat('Answer what you know; what you do not know can stay open, or be passed on.') : undefined,
    details: [
      list(
        asked.map(({ useCase, title, section, asker, days, missing }) => ({
          text: `**${useCase}** · ${SECTION_TITLES[section]} · ${plain(title, 120)}`,
          detail: `${named(asker)} asked ${days === 0 ? 'today' : `${counted(days, 'day')} ago`} · ${counted(missing, 'question')} open`,
          select: act({ title: `Answer ${useCase}`, verb: 'intake.answer', ids: { useCase, section } }),
        })),
        { shown: 10, spacing: 'Medium' },
      ),
    ],
    actions: first
      ? actions([
          act({
            title: `Answer ${first.useCase}`,
            verb: 'intake.answer',
            ids: { useCase: first.useCase, section: first.section },
            main: true,
          }),
        ])
      : undefined,
    foot: foot(now, 'Wardroom'),
  });
}
