import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain, sentence } from '../parts/text.ts';
import { between } from '../parts/time.ts';
import { timeline } from '../parts/timeline.ts';
import { headline } from '../parts/words.ts';
import type { IncidentView } from './incident.ts';
import { lookOf, severityWord } from './words.ts';

export interface TimelineView
  extends Pick<
    IncidentView,
    'now' | 'id' | 'state' | 'severity' | 'headline' | 'since' | 'acknowledged' | 'resolved' | 'source'
  > {
  moments: readonly {
    at: Temporal.Instant;
    /** "acknowledged", "traffic of ep-fraud is 100% blue": outside text. */
    what: string;
    /** Who did it; left out for what happened by itself. */
    who?: string;
    /** The stored reason. */
    why?: string;
  }[];
  /** How many there are when not all were handed over. */
  total?: number;
}

export function timelineCard(view: TimelineView): Card {
  const look = lookOf(view.state);
  const total = Math.max(view.total ?? 0, view.moments.length);
  return card({
    summary: `Timeline of ${view.id}: ${counted(total, 'entry', 'entries')}`,
    state: state({
      tone: look.tone,
      icon: look.icon,
      word: `${severityWord(view.severity)} · ${look.word}`,
      id: view.id,
    }),
    headline: headline(`What happened: ${plain(clean(view.headline), 200)}`),
    facts: facts(measures(view)),
    details: [
      timeline(
        view.moments.map(({ at, what, who, why }) => ({
          at,
          what: `${who ? `**${named(who)}** ${plain(what)}` : sentence(plain(what))}${why ? ` · ${plain(why, 160)}` : ''}`,
        })),
        { total },
      ),
    ],
    foot: foot(view.now, view.source),
    wide: true,
  });
}

const measures = ({ now, since, acknowledged, resolved }: TimelineView): Fact[] => [
  ['To acknowledge', acknowledged ? between(since, acknowledged.at) : undefined],
  ['To resolve', resolved ? between(since, resolved.at) : `not yet, ${between(since, now)} so far`],
];
