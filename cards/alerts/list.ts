import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { between } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, soWhat } from '../parts/words.ts';
import { type IncidentState, lookOf, type Severity, severityWord } from './words.ts';

export interface IncidentListView {
  now: Temporal.Instant;
  /** The worst first. */
  incidents: readonly {
    id: string;
    state: IncidentState;
    severity: Severity;
    headline: string;
    since: Temporal.Instant;
    owner?: string;
    acknowledgedBy?: string;
  }[];
  total?: number;
  /** "of the fraud team"; all when left out. */
  scope?: string;
  source: string;
}

export function incidentListCard(view: IncidentListView): Card {
  const total = Math.max(view.total ?? 0, view.incidents.length);
  const scope = view.scope ? ` ${plain(view.scope, 80)}` : '';
  const unanswered = view.incidents.filter((incident) => incident.state === 'firing').length;
  const words = total === 0 ? `No open incident${scope}` : `${counted(total, 'open incident')}${scope}`;
  return card({
    summary: words,
    state: state({ tone: toneOf(total, unanswered), word: badgeWord(total, unanswered) }),
    headline: headline(words),
    soWhat: total === 0 ? soWhat('Nothing needs you now.') : undefined,
    details: [
      list(
        view.incidents.map((incident) => ({
          text: `**${incident.id}** · ${severityWord(incident.severity)} · ${lookOf(incident.state).word}: ${plain(incident.headline, 160)}`,
          detail: [
            `for ${between(incident.since, view.now)}`,
            incident.acknowledgedBy && `with ${named(incident.acknowledgedBy)}`,
            incident.owner && plain(incident.owner, 60),
          ]
            .filter(Boolean)
            .join(' · '),
          select: act({ title: `Show ${incident.id}`, verb: 'alerts.show', ids: { incident: incident.id } }),
        })),
        { total, spacing: 'Medium' },
      ),
    ],
    foot: foot(view.now, view.source),
  });
}

const toneOf = (total: number, unanswered: number): Tone => (unanswered > 0 ? 'bad' : total > 0 ? 'warning' : 'good');

const badgeWord = (total: number, unanswered: number): string =>
  unanswered > 0 ? `${unanswered} not acknowledged` : total > 0 ? 'all acknowledged' : 'all quiet';
