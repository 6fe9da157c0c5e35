import { Temporal } from 'temporal-polyfill';
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
  letters: readonly { kind: string; conversation: string; why: string; since: string; dead: boolean }[];
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
        letters.map(({ kind, conversation, why, since, dead }) => ({
          text: `${dead ? '✖ given up' : '▲ still trying'} · ${plain(kind, 60)} to ${plain(conversation, 120)}`,
          detail: `${when(Temporal.Instant.from(since))} · ${plain(why, 200)}`,
        })),
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}
