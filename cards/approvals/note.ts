import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { clean, opening, plain } from '../parts/text.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, soWhat } from '../parts/words.ts';

/** Something about a request that somebody should know: votes void, a condition, what was said. */
export interface RequestNoteView {
  now: Temporal.Instant;
  id: string;
  tone: Tone;
  word: string;
  icon: string;
  /** Plain words. */
  title: string;
  meaning?: string;
  lines?: readonly string[];
  facts?: readonly Fact[];
}

export function requestNoteCard(view: RequestNoteView): Card {
  return card({
    summary: `${view.id}: ${clean(view.title, 200)}`,
    state: state({ tone: view.tone, icon: view.icon, word: view.word, id: view.id }),
    headline: headline(plain(view.title, 300)),
    soWhat: view.meaning ? soWhat(plain(view.meaning, 300)) : undefined,
    facts: facts(view.facts ?? []),
    details: [
      list(
        (view.lines ?? []).map((text) => ({ text: plain(opening(text), 300) })),
        { shown: 8 },
      ),
    ],
    actions: actions([act({ title: `Show ${view.id}`, verb: 'approvals.show', ids: { request: view.id } })]),
    foot: foot(view.now, 'Wardroom'),
  });
}
