import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions, open } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { clean, plain } from '../parts/text.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface PostMortemView {
  now: Temporal.Instant;
  id: string;
  title: string;
  resolved: boolean;
  story: readonly string[];
  impact: readonly string[];
  people: readonly string[];
  actions: readonly { text: string; done: boolean }[];
  /** Where the whole draft can be fetched as Markdown. */
  url: string;
}

const SHOWN = 6;

/** The draft of what is written after an incident; the whole of it can be fetched. */
export function postMortemCard(view: PostMortemView): Card {
  const { id, now, url } = view;
  const lines = (all: readonly string[]) =>
    list(
      all.map((text) => ({ text: plain(text, 240) })),
      { shown: SHOWN },
    );
  return card({
    summary: `Draft after ${clean(view.title, 180)}`,
    state: state(
      view.resolved
        ? { tone: 'info', word: 'draft', icon: 'Document', id }
        : { tone: 'warning', word: 'draft, still open', icon: 'Document', id },
    ),
    headline: headline(plain(view.title, 200)),
    soWhat: soWhat(view.impact.map((line) => plain(/[.!?]$/.test(line) ? line : `${line}.`, 200)).join(' ')),
    details: [
      caption('What happened'),
      lines(view.story),
      caption('People'),
      lines(view.people),
      caption('Actions'),
      list(
        view.actions.length > 0
          ? view.actions.map(({ text, done }) => ({ text: `${done ? '✔' : '○'} ${plain(text, 200)}` }))
          : [{ text: plain(`No task was written down. “task ${id}: …” does it.`) }],
        { shown: SHOWN },
      ),
    ],
    actions: actions([
      open('Download as Markdown', url),
      act({ title: 'Timeline', verb: 'alerts.timeline', ids: { incident: id } }),
    ]),
    foot: foot(now, url.startsWith('https:') ? 'the audit log' : `the audit log; the whole draft: ${url}`),
    wide: true,
  });
}
