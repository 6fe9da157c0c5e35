import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { date } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface RejectedView {
  now: Temporal.Instant;
  /** Newest day first; `day` is a date in UTC. */
  rejections: readonly { day: string; door: string; reason: string; count: number }[];
}

const SHOWN = 12;

/** Who knocked at a webhook and was not let in. */
export function rejectedCard({ now, rejections }: RejectedView): Card {
  const total = rejections.reduce((sum, { count }) => sum + count, 0);
  const words = total === 0 ? 'No webhook call was refused' : `${counted(total, 'webhook call')} refused`;
  return card({
    summary: words,
    state: state(
      total === 0
        ? { tone: 'good', word: 'nothing refused', icon: 'ShieldCheckmark' }
        : { tone: 'warning', word: 'refused', icon: 'ShieldError' },
    ),
    headline: headline(words),
    soWhat:
      total === 0 ? undefined : soWhat('Somebody has a wrong key or none: a sender after a rotation, or a stranger.'),
    details: [
      list(
        rejections.map(({ day, door, reason, count }) => ({
          text: `**${counted(count, 'call')}** at ${plain(door, 60)}: ${plain(reason, 100)}`,
          detail: `${date(plain(day, 20))} (UTC)`,
        })),
        { shown: SHOWN },
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}
