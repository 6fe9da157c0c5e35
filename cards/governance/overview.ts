import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { between } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface OverviewView {
  now: Temporal.Instant;
  /** Open ones, the worst first. */
  incidents: readonly { id: string; severity: number; title: string; since: Temporal.Instant; with?: string }[];
  total: number;
  /** Requests on which the vote of whoever asks is missing. */
  votes: readonly { id: string; title: string }[];
  /** Open tasks of whoever asks. */
  tasks: number;
}

/** How things stand, for one person: what is wrong, then what waits for them. */
export function overviewCard({ now, incidents, total, votes, tasks }: OverviewView): Card {
  const free = incidents.filter((incident) => incident.with === undefined).length;
  const waiting = votes.length + tasks;
  const words = total === 0 ? 'No incident is open' : `${counted(total, 'incident')} open`;
  const mine = [
    ...(votes.length > 0 ? [counted(votes.length, 'vote')] : []),
    ...(tasks > 0 ? [counted(tasks, 'task')] : []),
  ].join(' and ');
  const forYou = waiting === 0 ? 'Nothing waits for you.' : `${mine} ${waiting === 1 ? 'waits' : 'wait'} for you.`;
  return card({
    summary: `${words}. ${forYou}`,
    state: state(
      free > 0
        ? { tone: 'bad', word: `${free} not acknowledged` }
        : total > 0
          ? { tone: 'warning', word: 'being worked on' }
          : waiting > 0
            ? { tone: 'info', word: 'waiting for you' }
            : { tone: 'good', word: 'all quiet' },
    ),
    headline: headline(words),
    soWhat: soWhat(forYou),
    details: [
      list(
        [
          ...incidents.map(({ id, severity, title, since, ...rest }) => ({
            text: `**${id}** · SEV ${severity} · ${plain(title, 160)}`,
            detail: `for ${between(since, now)} · ${rest.with ? `with ${named(rest.with)}` : 'not acknowledged'}`,
            select: act({ title: `Show ${id}`, verb: 'alerts.show', ids: { incident: id } }),
          })),
          ...votes.map(({ id, title }) => ({
            text: `**${id}** · ${plain(title, 160)}`,
            detail: 'your vote is missing',
            select: act({ title: `Show ${id}`, verb: 'approvals.show', ids: { request: id } }),
          })),
        ],
        { shown: 8, total: total + votes.length, spacing: 'Medium' },
      ),
    ],
    actions: actions([
      ...(tasks > 0 ? [act({ title: 'My tasks', verb: 'alerts.tasks', ids: { whose: 'mine' } })] : []),
      act({ title: 'Endpoints', verb: 'fleet.endpoints' }),
      act({ title: 'What I can ask', verb: 'governance.help' }),
    ]),
    foot: foot(now, 'Wardroom'),
  });
}
