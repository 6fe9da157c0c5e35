import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions, open } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { aside, headline, soWhat } from '../parts/words.ts';

export interface CalendarView {
  now: Temporal.Instant;
  /** "platform-primary", "your shifts" */
  of: string;
  /** Left out when it was taken back. */
  url?: string;
  /** How many addresses were taken back. */
  revoked?: number;
}

/** The address of a calendar that any calendar program can subscribe to. */
export function calendarCard({ now, of, url, revoked }: CalendarView): Card {
  const words =
    revoked !== undefined
      ? `${revoked === 1 ? 'The address is' : `${revoked} addresses are`} taken back`
      : `Calendar of ${plain(of, 63)}`;
  return card({
    summary: words,
    state: state(
      revoked !== undefined
        ? { tone: 'quiet', word: 'taken back', icon: 'CalendarCancel' }
        : { tone: 'info', word: 'calendar', icon: 'CalendarLtr' },
    ),
    headline: headline(words),
    soWhat: soWhat(
      revoked !== undefined
        ? `Whoever subscribed to ${revoked === 1 ? 'it' : 'them'} gets nothing any more.`
        : 'Subscribe to its address in your calendar program: it follows overrides and swaps. Whoever has the address can read it.',
    ),
    details: [url !== undefined && aside(plain(url, 240))],
    actions:
      url === undefined
        ? undefined
        : actions([
            open('Open the calendar', url),
            act({ title: 'Take the address back', verb: 'alerts.revoke-calendar' }),
          ]),
    foot: foot(now, 'wardroom.yaml and the overrides made in chat'),
  });
}
