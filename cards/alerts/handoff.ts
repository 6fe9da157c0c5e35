import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { clean, counted, joined, plain } from '../parts/text.ts';
import { between, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import type { Gap } from './oncall.ts';
import { type Severity, severityWord } from './words.ts';

export interface HandoffView {
  now: Temporal.Instant;
  schedule: string;
  /** The next change of hands. */
  next?: { at: Temporal.Instant; who: readonly string[] };
  /** Open on the endpoints that this schedule is called for. */
  incidents: readonly { id: string; severity: Severity; headline: string; with?: string }[];
}

/** For whoever comes on call, one to one. */
export function handoffCard({ now, schedule, next, incidents }: HandoffView): Card {
  const words = `You are on call for ${clean(schedule, 63)} now`;
  return card({
    summary: `${words}, ${incidents.length === 0 ? 'nothing is open' : `${counted(incidents.length, 'incident')} open`}`,
    state: state(
      incidents.length > 0
        ? { tone: 'warning', word: `${incidents.length} open`, id: schedule }
        : { tone: 'info', word: 'on call', icon: 'Person', id: schedule },
    ),
    headline: headline(plain(words)),
    soWhat: soWhat(incidents.length > 0 ? 'This is open and yours to know.' : 'Nothing is open; a quiet start.'),
    facts: facts([
      ['Until', next ? `${when(next.at)} (${between(now, next.at)})` : 'no change of hands is planned'],
      ['Then', next && (next.who.length > 0 ? joined(next.who.map(named)) : 'nobody')],
    ]),
    details: [
      list(
        incidents.map((incident) => ({
          text: `**${incident.id}** · ${severityWord(incident.severity)} · ${plain(incident.headline, 160)}`,
          detail: incident.with ? `with ${named(incident.with)}` : 'not acknowledged',
          select: act({ title: `Show ${incident.id}`, verb: 'alerts.show', ids: { incident: incident.id } }),
        })),
        { spacing: 'Medium' },
      ),
    ],
    actions: actions([
      act({ title: 'My shifts', verb: 'alerts.my-shifts' }),
      act({ title: 'Two weeks', verb: 'alerts.schedule', ids: { schedule } }),
    ]),
    foot: foot(now, 'wardroom.yaml and the overrides made in chat'),
  });
}

export interface GapView {
  now: Temporal.Instant;
  schedule: string;
  gap: Gap;
}

/** For the channel of whom the schedule belongs to, ahead of time. */
export function gapCard({ now, schedule, gap }: GapView): Card {
  const running = gap.start.epochMilliseconds <= now.epochMilliseconds;
  const words = running
    ? `Nobody is on call for ${clean(schedule, 63)}`
    : `${clean(schedule, 63)} has a gap ahead, in ${between(now, gap.start)}`;
  const until = gap.end ? `until ${when(gap.end)}` : 'on, and no end is planned';
  return card({
    summary: words,
    state: state(running ? { tone: 'bad', word: 'nobody on call' } : { tone: 'warning', word: 'a gap ahead' }),
    headline: headline(plain(words)),
    soWhat: soWhat(`Nobody can be reached from ${when(gap.start)} ${until}. Pages of that time go to the next step.`),
    actions: actions([
      act({ title: 'I take over', verb: 'alerts.cover', ids: { schedule } }),
      act({ title: 'Two weeks', verb: 'alerts.schedule', ids: { schedule } }),
    ]),
    foot: foot(now, 'wardroom.yaml and the overrides made in chat'),
  });
}
