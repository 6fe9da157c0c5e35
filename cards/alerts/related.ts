import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { between, clock } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { type IncidentState, lookOf, type Severity, severityWord } from './words.ts';

export interface RelatedView {
  now: Temporal.Instant;
  id: string;
  since: Temporal.Instant;
  /** Numbered as people name them in “move alert 2 of …”. */
  alerts: readonly { headline: string; since: Temporal.Instant; until?: Temporal.Instant; source: string }[];
  incidents: readonly {
    id: string;
    headline: string;
    severity: Severity;
    state: IncidentState;
    since: Temporal.Instant;
    why: string;
  }[];
}

const SHOWN = 12;

/** What an incident is made of, and what happened around it. */
export function relatedCard({ now, id, since, alerts, incidents }: RelatedView): Card {
  const words = `${id}: ${counted(alerts.length, 'alert')}, ${counted(incidents.length, 'incident')} near it`;
  const open = incidents.filter((each) => each.state !== 'resolved').length;
  return card({
    summary: words,
    state: state(
      open > 0
        ? { tone: 'warning', word: `${open} open beside it`, id }
        : { tone: 'quiet', word: 'nothing else is open', id },
    ),
    headline: headline(words),
    soWhat: soWhat(
      incidents.length > 0
        ? 'What is the same trouble can be merged.'
        : 'Nothing else of this endpoint or team is known.',
    ),
    details: [
      caption('Alerts, numbered'),
      list(
        alerts.map((alert, index) => ({
          text: `**${index + 1}** · ${alert.until ? '✔' : '▲'} ${plain(alert.headline, 160)}`,
          detail: `${plain(alert.source, 40)} · ${alert.until ? `over after ${between(alert.since, alert.until)}` : `since ${clock(alert.since)}`}`,
        })),
        { shown: SHOWN },
      ),
      incidents.length > 0 && caption('Incidents near it'),
      list(
        incidents.map((each) => ({
          text: `**${each.id}** · ${severityWord(each.severity)} · ${lookOf(each.state).word}: ${plain(each.headline, 160)}`,
          detail: `${plain(each.why, 80)} · ${between(each.since, since)} ${each.since.epochMilliseconds <= since.epochMilliseconds ? 'before' : 'after'}`,
          select: act({ title: `Show ${each.id}`, verb: 'alerts.show', ids: { incident: each.id } }),
        })),
        { shown: SHOWN },
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}
