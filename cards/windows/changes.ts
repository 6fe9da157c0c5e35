import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { caption, headline } from '../parts/words.ts';

export interface ChangesView {
  now: Temporal.Instant;
  title: 'Changes' | 'Agenda' | 'Minutes';
  /** What the list is of, in words. */
  words: string;
  changes: readonly {
    id: string;
    title: string;
    state: string;
    class: string;
    targets: readonly string[];
    from: Temporal.Instant;
    conflicts: number;
    /** Votes, with reasons, in one line. */
    votes?: string;
    who: string;
  }[];
}

/** Changes in a list: planned ones, what the board decides on, and what it decided. */
export function changesCard(view: ChangesView): Card {
  const { title, words, changes } = view;
  return card({
    summary: `${title}: ${words}`,
    headline: headline(plain(`${title}: ${words}`)),
    details: [
      changes.length > 0 && caption(counted(changes.length, 'change')),
      list(
        changes.map(({ id, title: what, state, class: kind, targets, from, conflicts, votes, who }) => ({
          text: `${conflicts > 0 ? '▲ ' : ''}**${id}** ${plain(what, 100)} · ${kind} · ${state}`,
          detail: `${when(from)} · ${plain(targets.join(', '), 80)} · ${named(who)}${conflicts > 0 ? ` · ${counted(conflicts, 'conflict')}` : ''}${votes ? ` · ${plain(votes, 300)}` : ''}`,
          select: act({ title: `Show ${id}`, verb: 'windows.change', ids: { change: id } }),
        })),
        { shown: 12 },
      ),
    ],
    actions: actions([
      act({ title: 'Request a change', verb: 'windows.request' }),
      act({ title: 'Next 14 days', verb: 'windows.list' }),
    ]),
    foot: foot(view.now, 'planned changes'),
    wide: true,
  });
}
