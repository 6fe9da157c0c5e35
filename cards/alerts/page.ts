import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { clean, joined, plain } from '../parts/text.ts';
import { between, clock, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import type { IncidentView } from './incident.ts';
import { lookOf, nextWhen, severityWord } from './words.ts';

/** The incident as the person reads it who is woken by it, one to one. */
export interface PageView
  extends Pick<
    IncidentView,
    'now' | 'id' | 'state' | 'severity' | 'headline' | 'since' | 'next' | 'acknowledged' | 'resolved' | 'source'
  > {
  /** Why this person: "You are the second step of fraud-oncall; Ann Berg did not answer for 10 min." */
  why: string;
  /** Somebody else has it, and the reader was called as well and has not answered. */
  alsoCalled?: boolean;
  /** The channel where the incident's card is. */
  channel?: string;
}

export function pageCard(view: PageView): Card {
  const look = lookOf(view.state);
  const open = view.state === 'firing';
  const ids = { incident: view.id };
  return card({
    summary: open
      ? `${severityWord(view.severity)}: ${clean(view.headline, 160)}. You are called.`
      : `${view.id} ${look.word}: nothing more to do`,
    state: state({
      tone: look.tone,
      icon: look.icon,
      word: `${severityWord(view.severity)} · ${look.word}`,
      id: view.id,
    }),
    headline: headline(plain(view.headline)),
    soWhat: soWhat(open ? plain(view.why) : takenBy(view)),
    facts: facts(pageFacts(view, open)),
    actions: open
      ? actions(
          [
            act({ title: 'Acknowledge', verb: 'alerts.acknowledge', ids, main: true }),
            act({ title: 'Show the incident', verb: 'alerts.show', ids }),
          ],
          [
            act({ title: 'Escalate now', verb: 'alerts.escalate', ids }),
            act({ title: 'Timeline', verb: 'alerts.timeline', ids }),
          ],
        )
      : // Whoever took it goes on from here; what is over needs no button.
        view.state === 'resolved'
        ? undefined
        : actions([
            view.alsoCalled && act({ title: 'Acknowledge too', verb: 'alerts.acknowledge', ids }),
            act({ title: 'Show the incident', verb: 'alerts.show', ids }),
          ]),
    foot: foot(view.now, view.source),
  });
}

const pageFacts = ({ since, next, channel }: PageView, open: boolean): Fact[] => [
  ['Since', open ? when(since) : undefined],
  [
    'Without you',
    open && next
      ? `${joined(next.who.map(named))} ${next.who.length === 1 ? 'is' : 'are'} called ${nextWhen(next)}`
      : undefined,
  ],
  ['Channel', channel && plain(channel, 80)],
];

function takenBy({ state, acknowledged, resolved, since, alsoCalled }: PageView): string {
  if (state === 'resolved' && resolved) {
    return `Resolved ${resolved.by ? `by ${named(resolved.by)} ` : ''}at ${clock(resolved.at)}: ${plain(resolved.why)}`;
  }
  if (!acknowledged) return 'Somebody is working on it.';
  const rest = alsoCalled ? 'You were called as well.' : 'Nobody else is called.';
  return `${named(acknowledged.by)} acknowledged ${between(since, acknowledged.at)} after it began. ${rest}`;
}
