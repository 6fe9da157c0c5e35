import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { aside, headline } from '../parts/words.ts';

export interface MinutesView {
  now: Temporal.Instant;
  id: string;
  board: string;
  markdown: string;
}

const LINES_SHOWN = 40;

/** The minutes to read, and where their Markdown is to be had. */
export function minutesCard({ now, id, board, markdown }: MinutesView): Card {
  const lines = markdown
    .split('\n')
    .slice(1)
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const words = plain(text.replace(/^#+\s*/, '').replaceAll('\\', ''), 300);
      return text.startsWith('#') ? `**${words}**` : words;
    });
  return card({
    summary: `Minutes of ${board}`,
    state: state({ tone: 'quiet', icon: 'Notepad', word: 'minutes' }),
    headline: headline(plain(`Minutes of ${board}.`)),
    details: [
      list(
        lines.map((text) => ({ text })),
        { shown: LINES_SHOWN },
      ),
      aside(`The whole of it as Markdown: npm run console -- "minutes of ${plain(id, 60)}"`),
    ],
    foot: foot(now, 'Wardroom'),
  });
}
