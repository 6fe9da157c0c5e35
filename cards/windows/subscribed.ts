import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { plain } from '../parts/text.ts';
import { headline, line, soWhat } from '../parts/words.ts';

export interface SubscribedView {
  now: Temporal.Instant;
  about: string;
  /** Left out where others read along. */
  url?: string;
}

/** The address of a calendar; it is its own key. */
export function subscribedCard({ now, about, url }: SubscribedView): Card {
  return card({
    summary: `The change calendar of ${about}`,
    headline: headline(plain(`The change calendar of ${about}`)),
    soWhat: soWhat(
      url
        ? 'In Outlook: Add calendar, Subscribe from web. It is yours alone; whoever has it can read it.'
        : 'Ask me in our own chat: the address is for you alone.',
    ),
    details: [url ? line(plain(url, 300)) : false],
    foot: foot(now, 'the change calendar'),
  });
}
