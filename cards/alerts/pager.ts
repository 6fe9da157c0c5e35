import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { fromNow, when } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface PagerView {
  now: Temporal.Instant;
  /** The call to the outside; left out when none is set. */
  heartbeat?: { every: number; heard?: Temporal.Instant; tried?: Temporal.Instant; failures: number; error?: string };
  /** Steps that were told late in the last day. */
  overdue: readonly { incident: string; at: Temporal.Instant }[];
  tests: readonly {
    id: number;
    who: string;
    at: Temporal.Instant;
    state: 'on its way' | 'delivered' | 'confirmed' | 'not delivered';
  }[];
}

/** Whether the pager itself works, as far as it can tell. */
export function pagerCard({ now, heartbeat, overdue, tests }: PagerView): Card {
  const broken = tests[0]?.state === 'not delivered' || overdue.length > 1;
  const deaf = heartbeat !== undefined && heartbeat.failures > 0;
  const words = broken
    ? 'Paging is not as it should be'
    : deaf
      ? 'Paging works; the heartbeat outside is not heard'
      : 'Paging works, as far as I can tell';
  return card({
    summary: words,
    state: state(
      broken
        ? { tone: 'bad', word: 'look at it' }
        : deaf
          ? { tone: 'warning', word: 'heartbeat not heard' }
          : { tone: 'good', word: 'works', icon: 'Pulse' },
    ),
    headline: headline(words),
    soWhat: soWhat(
      heartbeat
        ? 'If this house dies, whoever is called by the heartbeat notices.'
        : 'Nobody outside notices when this house dies: set WARDROOM_HEARTBEAT_URL.',
    ),
    facts: facts([
      [
        'Heartbeat',
        heartbeat &&
          `every ${heartbeat.every} min, ${heartbeat.heard ? `heard ${fromNow(now, heartbeat.heard)}` : 'not heard yet'}`,
      ],
      ['Its error', heartbeat?.error && plain(heartbeat.error, 160)],
      [
        'Forgotten steps',
        overdue.length === 0
          ? 'none in a day'
          : `${counted(overdue.length, 'step')} told late, the last ${fromNow(now, overdue.at(-1)?.at ?? now)}`,
      ],
    ]),
    details: [
      tests.length > 0 && caption('Test pages'),
      list(
        tests.map(({ id, who, at, state: is }) => ({
          text: `${is === 'not delivered' ? '▲' : is === 'confirmed' ? '✔' : '●'} **${id}** · ${plain(who, 80)} · ${is}`,
          detail: when(at),
        })),
      ),
    ],
    actions: actions([act({ title: 'Test page me', verb: 'alerts.test-page' })]),
    foot: foot(now, 'the watch over the pager'),
  });
}

export interface TestPageView {
  now: Temporal.Instant;
  id: number;
  at: Temporal.Instant;
  asker: string;
  confirmed?: Temporal.Instant;
}

/** A page that nobody has to act on: it proves the way. */
export function testPageCard({ now, id, at, asker, confirmed }: TestPageView): Card {
  const words = confirmed ? 'Test page confirmed: you can be reached' : 'This is a test page; nothing is wrong';
  return card({
    summary: words,
    state: state(
      confirmed
        ? { tone: 'good', word: 'confirmed', id: `test ${id}` }
        : { tone: 'info', word: 'test', icon: 'Alert', id: `test ${id}` },
    ),
    headline: headline(words),
    soWhat: soWhat(
      confirmed
        ? `It took ${fromNow(at, confirmed).replace(/^in /, '')} from the page to your answer.`
        : 'It went the way of a page for the worst severity. Press the button so that I know it arrived.',
    ),
    facts: facts([
      ['Asked by', plain(asker, 80)],
      ['Sent', when(at)],
    ]),
    actions: confirmed
      ? undefined
      : actions([act({ title: 'I got it', verb: 'alerts.confirm-page', ids: { page: String(id) }, main: true })]),
    foot: foot(now, 'the watch over the pager'),
  });
}

export interface PagerAlarmView {
  now: Temporal.Instant;
  what: 'overdue' | 'undelivered' | 'unconfirmed';
  incident?: string;
  minutes?: number;
  who?: string;
  page?: number;
}

/** The pager cannot be trusted: somebody has to look, now. */
export function pagerAlarmCard(view: PagerAlarmView): Card {
  const { now, what, incident, who } = view;
  const words =
    what === 'overdue'
      ? `The escalation of ${incident ?? 'an incident'} was ${view.minutes ?? 0} min late, not for the first time`
      : what === 'undelivered'
        ? `A test page for ${plain(who ?? 'somebody', 80)} was not delivered`
        : `A test page for ${plain(who ?? 'somebody', 80)} was delivered and not confirmed`;
  return card({
    summary: words,
    state: state({ tone: what === 'unconfirmed' ? 'warning' : 'bad', word: 'paging in doubt' }),
    headline: headline(words),
    soWhat: soWhat(
      what === 'unconfirmed'
        ? 'They may not see what is sent to them one to one: ask them, and look at their Teams.'
        : 'Pages may not arrive. The heartbeat outside is held back until this is an hour old, so that whoever watches it notices too.',
    ),
    actions: actions([
      act({ title: 'Is paging working?', verb: 'alerts.pager' }),
      incident
        ? act({ title: `Show ${incident}`, verb: 'alerts.show', ids: { incident } })
        : act({ title: 'Test page me', verb: 'alerts.test-page' }),
    ]),
    foot: foot(now, 'the watch over the pager'),
  });
}
