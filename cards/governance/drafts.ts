import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions, type Verb } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { fromNow } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface DraftsView {
  now: Temporal.Instant;
  /** The latest first. */
  drafts: readonly {
    id: string;
    /** The capability that takes its steps: a click goes on with it. */
    form: Verb;
    /** What it is, by what was typed first: "Churn of firms". */
    title: string;
    /** 1-based. */
    step: number;
    answers: number;
    touched: Temporal.Instant;
  }[];
}

/** Forms that were begun: nothing that was typed is lost. */
export function draftsCard({ now, drafts }: DraftsView): Card {
  const [first] = drafts;
  const words = first ? `${counted(drafts.length, 'form')} begun and not sent` : 'No form is begun';
  return card({
    summary: words,
    state: state(
      first
        ? { tone: 'info', word: 'waiting for you', icon: 'Form' }
        : { tone: 'good', word: 'nothing waits', icon: 'CheckmarkCircle' },
    ),
    headline: headline(`${words}.`),
    soWhat: first ? soWhat('Choose one to go on where you stopped.') : undefined,
    details: [
      list(
        drafts.map(({ id, form, title, step, answers, touched }) => ({
          text: `**${id}** · ${plain(title, 120)}`,
          detail: `step ${step} · ${counted(answers, 'answer')} kept · touched ${fromNow(now, touched)}`,
          select: act({ title: `Go on with ${id}`, verb: form, ids: { draft: id } }),
        })),
        { spacing: 'Medium' },
      ),
    ],
    actions: first
      ? actions([
          act({ title: 'Go on with the latest', verb: first.form, ids: { draft: first.id }, main: true }),
          act({ title: `Discard ${first.id}`, verb: 'governance.discard', ids: { draft: first.id } }),
        ])
      : undefined,
    foot: foot(now, 'Wardroom'),
  });
}
