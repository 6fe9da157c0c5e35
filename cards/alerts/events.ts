import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline } from '../parts/words.ts';
import { EVENT_LOOKS, type EventState } from './explain.ts';

export interface EventsView {
  now: Temporal.Instant;
  /** Only those that this incident is made of. */
  incident?: string;
  /** Newest first. */
  events: readonly { id: string; state: EventState; hook: string; at: Temporal.Instant; text: string }[];
}

const SHOWN = 12;

/** What came by webhook lately; a press tells what became of it. */
export function eventsCard({ now, incident, events }: EventsView): Card {
  const of = incident ? ` of ${incident}` : '';
  const words = events.length === 0 ? `No event${of} yet` : `The latest ${counted(events.length, 'event')}${of}`;
  const bad = events.filter((event) => event.state === 'malformed' || event.state === 'unknown').length;
  return card({
    summary: words,
    state: state(
      bad > 0
        ? { tone: 'warning', word: `${bad} not understood`, icon: 'Question' }
        : { tone: 'good', word: events.length > 0 ? 'all understood' : 'nothing came', icon: 'CheckmarkCircle' },
    ),
    headline: headline(words),
    details: [
      list(
        events.map((event) => ({
          text: `**${event.id}** · ${plain(event.text, 160)}`,
          detail: `${plain(event.hook, 60)} · ${when(event.at)} · ${EVENT_LOOKS[event.state].word}`,
          select: act({ title: `Explain ${event.id}`, verb: 'alerts.explain', ids: { event: event.id } }),
        })),
        { shown: SHOWN, spacing: 'Medium' },
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}
