import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain, sentence } from '../parts/text.ts';
import { date } from '../parts/time.ts';
import { caption, headline } from '../parts/words.ts';
import { type EntryKind, KIND_LOOKS } from './words.ts';

export interface ImportedView {
  now: Temporal.Instant;
  kind: EntryKind;
  scope: string;
  entries: readonly { id: string; name: string; start: string; zone: string }[];
  skipped: readonly string[];
}

/** What an .ics became, and what was left out. */
export function importedCard(view: ImportedView): Card {
  const { entries, skipped } = view;
  const look = KIND_LOOKS[view.kind];
  return card({
    summary: importedWords(view),
    state: state({ tone: skipped.length > 0 ? 'warning' : 'good', word: `${entries.length} imported` }),
    headline: headline(plain(importedWords(view))),
    details: [
      list(
        entries.map(({ id, name, start, zone }) => ({
          text: `${look.mark} **${plain(name, 80)}**`,
          detail: plain(`${date(start)} ${zone} · ${id}`),
        })),
      ),
      skipped.length > 0 && caption(`${counted(skipped.length, 'event')} left out`),
      list(skipped.map((text) => ({ text: plain(text) }))),
    ],
    actions: actions([
      act({ title: 'Next 14 days', verb: 'windows.list' }),
      entries[0] && act({ title: 'Take all of it back', verb: 'windows.end', ids: { entry: entries[0].id } }),
    ]),
    foot: foot(view.now, 'an imported calendar'),
  });
}

export const importedWords = ({ entries, skipped, kind, scope }: ImportedView): string =>
  `${sentence(counted(entries.length, KIND_LOOKS[kind].word))} imported about ${scope}${skipped.length > 0 ? `, ${counted(skipped.length, 'event')} left out` : ''}`;
