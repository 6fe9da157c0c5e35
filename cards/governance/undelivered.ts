import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline } from '../parts/words.ts';

export interface UndeliveredView {
  now: Temporal.Instant;
  letters: readonly { what: string; to: string; why: string; since: Temporal.Instant; dead: boolean }[];
}

/** What people did not get: given up, or still being tried. */
export function undeliveredCard({ now, letters }: UndeliveredView): Card {
  const words =
    letters.length === 0 ? 'Every message was delivered' : `${counted(letters.length, 'message')} not delivered`;
  return card({
    summary: words,
    state: state(
      letters.length === 0
        ? { tone: 'good', word: 'nothing waits', icon: 'CheckmarkCircle' }
        : { tone: 'warning', word: 'not delivered', icon: 'MailWarning' },
    ),
    headline: headline(`${words}.`),
    details: [
      list(
        letters.map(({ what, to, why, since, dead }) => ({
          text: `${dead ? '✖ given up' : '▲ still trying'} · ${plain(what, 80)} to ${plain(to, 120)}`,
          detail: `${when(since)} · ${plain(why, 200)}`,
        })),
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}
