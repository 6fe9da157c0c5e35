import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { type State, state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { between } from '../parts/time.ts';
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
    /** Set when it is over. */
    until?: Temporal.Instant;
    owner?: string;
    acknowledgedBy?: string;
  }[];
  total?: number;
  /** What kind they are, before the noun: "open", "fraud". */
  scope?: string;
  /** What was looked for, after the noun: " about “latency” since Mon 23 Nov 00:00". */
  about?: string;
  source: string;
}

export function incidentListCard(view: IncidentListView): Card {
  const total = Math.max(view.total ?? 0, view.incidents.length);
  const own = view.scope === 'own';
  const noun = view.scope && !own ? `${plain(view.scope, 80)} incident` : 'incident';
  const about = plain(view.about ?? '', 160);
  const what = about ? ` ${about}` : '';
  const words = `${total === 0 ? `No ${noun}` : counted(total, noun)}${own ? ' of yours' : ''}${what}`;
  return card({
    summary: words,
    state: state(badge(view, total)),
    headline: headline(words),
    soWhat: total === 0 ? soWhat(about ? 'Try other words, or a longer time.' : 'Nothing needs you now.') : undefined,
    details: [
      list(
        view.incidents.map((incident) => ({
          text: `**${incident.id}** · ${severityWord(incident.severity)} · ${lookOf(incident.state).word}: ${plain(incident.headline, 160)}`,
          detail: [
            incident.until
              ? `lasted ${between(incident.since, incident.until)}`
              : `for ${between(incident.since, view.now)}`,
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

function badge({ incidents }: IncidentListView, total: number): State {
  const unanswered = incidents.filter((incident) => incident.state === 'firing').length;
  if (unanswered > 0) return { tone: 'bad', word: `${unanswered} not acknowledged` };
  const over = total === 0 || incidents.every((incident) => incident.state === 'resolved');
  return over ? { tone: 'good', word: 'all quiet' } : { tone: 'warning', word: 'all acknowledged' };
}
