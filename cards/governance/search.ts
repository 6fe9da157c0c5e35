import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, type Ids, type Verb } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';

/** One thing that was found. */
export interface Hit {
  kind: 'incident' | 'request' | 'use case' | 'endpoint' | 'model';
  id: string;
  title: string;
  /** What state it is in. */
  state: string;
  /** What shows it. */
  verb: Verb;
  ids: Ids;
}

/** Everything that was found by some words, whatever it is. */
export function searchCard({ now, words, hits }: { now: Temporal.Instant; words: string; hits: readonly Hit[] }): Card {
  const what =
    hits.length === 0 ? `Nothing is called “${words}”` : `${counted(hits.length, 'thing')} found for “${words}”`;
  return card({
    summary: what,
    state: state({ tone: 'info', word: 'search', icon: 'Search' }),
    headline: headline(`${plain(what)}.`),
    soWhat: hits.length === 0 ? soWhat('Try a part of a name, or a number such as INC-101.') : undefined,
    details: [
      list(
        hits.map((hit) => ({
          text: `**${plain(hit.id, 60)}** · ${plain(hit.title, 120)}`,
          detail: `${hit.kind} · ${plain(hit.state, 60)}`,
          select: act({ title: `Show ${hit.id}`, verb: hit.verb, ids: hit.ids }),
        })),
        { shown: 10, spacing: 'Medium' },
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}
