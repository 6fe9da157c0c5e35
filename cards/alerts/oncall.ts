import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { type Entry, list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { type State, state } from '../parts/state.ts';
import { clean, joined, plain } from '../parts/text.ts';
import { between, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface OnCallView {
  now: Temporal.Instant;
  /** The instant that was asked about; left out for now. */
  at?: Temporal.Instant;
  /** Where what was asked about is a time with a length, as a day: every shift is listed. */
  until?: Temporal.Instant;
  /** What was asked about: "ep-fraud", "Fraud"; left out for everything. */
  scope?: string;
  schedules: readonly {
    name: string;
    /** Names; empty when nobody is on call. */
    who: readonly string[];
    /** The next change of hands; left out when none is planned. */
    next?: { at: Temporal.Instant; who: readonly string[] };
    /** With `until`: all that touch the time asked about. */
    shifts?: readonly (Gap & { who: readonly string[] })[];
    /** Steps of the escalation that call it, for an endpoint. */
    steps: readonly number[];
    /** Ahead, with nobody on call; the first one is shown. */
    gaps: readonly Gap[];
  }[];
  /** Whom the escalation tells besides: "everybody with the role admin". */
  others: readonly { step: number; who: string }[];
  source: string;
}

export interface Gap {
  start: Temporal.Instant;
  end?: Temporal.Instant;
}

/** Schedules on one card: most organisations see all of theirs. */
const SHOWN = 12;

export function onCallCard(view: OnCallView): Card {
  const { now, at = now, scope, schedules, others } = view;
  const words = summaryOf(view);
  const [single] = schedules.length === 1 ? schedules : [];
  const ids = { schedule: single?.name ?? '' };
  return card({
    summary: words,
    state: state(badge(view)),
    headline: headline(plain(words)),
    soWhat: soWhat(soWhatOf(view)),
    details: [
      list([...schedules.flatMap((entry) => (view.until ? turns(entry) : row(entry, at))), ...others.map(otherRow)], {
        shown: SHOWN,
        spacing: 'Medium',
      }),
    ],
    actions: actions([
      act({ title: 'My shifts', verb: 'alerts.my-shifts' }),
      single && act({ title: 'Two weeks', verb: 'alerts.schedule', ids }),
      scope !== undefined && act({ title: 'All schedules', verb: 'alerts.oncall' }),
    ]),
    foot: foot(now, view.source),
  });
}

/** "Ann Berg is on call for ep-fraud", "Nobody is on call". */
function summaryOf({ at, scope, schedules }: OnCallView): string {
  const who = [...new Set(schedules.flatMap((entry) => entry.who))];
  const about = scope ? ` for ${clean(scope, 63)}` : '';
  if (schedules.length === 0) return `No schedule is called${about}`;
  const is = at ? 'will be' : who.length < 2 ? 'is' : 'are';
  if (who.length === 0) return `Nobody ${is} on call${about}`;
  const shown = who.length > 4 ? [...who.slice(0, 3), `${who.length - 3} others`] : who;
  return `${joined(shown.map((name) => clean(name, 80)))} ${is} on call${about}`;
}

function badge({ schedules }: OnCallView): State {
  const empty = schedules.filter(({ who }) => who.length === 0).length;
  if (schedules.length === 0) return { tone: 'quiet', word: 'no schedule' };
  if (empty > 0) return { tone: 'bad', word: `nobody on call for ${empty} of ${schedules.length}` };
  if (schedules.some(({ gaps }) => gaps.length > 0)) return { tone: 'warning', word: 'a gap ahead' };
  return { tone: 'good', word: 'somebody is on call', icon: 'Person' };
}

function soWhatOf({ at, until, schedules }: OnCallView): string {
  const holes = schedules.flatMap(({ name, gaps }) => gaps.map((gap) => ({ name, ...gap })));
  const then = at ? `${until ? `From ${when(at)} to ${when(until)}` : `At ${when(at)}`}. ` : '';
  const [first] = [...holes].sort((a, b) => a.start.epochMilliseconds - b.start.epochMilliseconds);
  if (schedules.length === 0) return 'Its alerts go to a channel, and nobody is paged by turns.';
  if (!first) return `${then}Somebody can be reached at every hour of the two weeks ${at ? 'after it' : 'ahead'}.`;
  const over = first.end ? `until ${when(first.end)}` : 'and no end is planned';
  return `${then}Nobody can be reached by ${plain(first.name, 63)} from ${when(first.start)} ${over}.`;
}

function row({ name, who, next, steps }: OnCallView['schedules'][number], now: Temporal.Instant): Entry {
  const then = next && (next.who.length > 0 ? joined(next.who.map(named)) : 'nobody');
  return {
    text: whoWords(name, who),
    detail: [
      steps.length > 0 && `step ${joined(steps.map(String))}`,
      next ? `until ${when(next.at)} (${between(now, next.at)}), then ${then}` : 'no change of hands is planned',
    ]
      .filter(Boolean)
      .join(' · '),
    select: act({ title: `Two weeks of ${name}`, verb: 'alerts.schedule', ids: { schedule: name } }),
  };
}

const turns = ({ name, shifts = [] }: OnCallView['schedules'][number]): Entry[] =>
  shifts.map(({ who, start, end }) => ({
    text: whoWords(name, who),
    detail: `${when(start)} to ${end ? when(end) : 'no planned end'}`,
    select: act({ title: `Two weeks of ${name}`, verb: 'alerts.schedule', ids: { schedule: name } }),
  }));

const whoWords = (name: string, who: readonly string[]): string =>
  `${who.length > 0 ? '✔' : '▲'} **${plain(name, 63)}** · ${who.length > 0 ? joined(who.map(named)) : 'nobody'}`;

const otherRow = ({ step, who }: OnCallView['others'][number]): Entry => ({
  text: `● ${plain(who, 120)}`,
  detail: `step ${step}`,
});
