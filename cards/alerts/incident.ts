import type { Temporal } from 'temporal-polyfill';
import type { Card, Element, Mention } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type DriftBar, psiBars } from '../parts/charts.ts';
import { code } from '../parts/code.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { fold } from '../parts/fold.ts';
import { foot } from '../parts/foot.ts';
import { textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { type Amount, money, number } from '../parts/numbers.ts';
import { mentionText, named } from '../parts/person.ts';
import { progress } from '../parts/progress.ts';
import { state } from '../parts/state.ts';
import { clean, counted, countedIn, joined, plain, sentence } from '../parts/text.ts';
import { between, clock, when } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { type AlertLine, alertEntries } from './alert-lines.ts';
import { type IncidentState, lookOf, nextWhen, type Severity, severityWord } from './words.ts';

/** What the business loses while it is wrong, from the endpoint's entry in the organisation. */
export interface BusinessLine {
  /** "stops stolen cards before payment" */
  purpose: string;
  moneyPerHour?: Amount;
  /** "payments", and how many passed since it began. */
  unit?: string;
  unitsSince?: number;
}

export interface IncidentView {
  now: Temporal.Instant;
  id: string;
  state: IncidentState;
  severity: Severity;
  /** One plain sentence with the number that matters. */
  headline: string;
  since: Temporal.Instant;
  /** What it is about, when it is an endpoint: names the subject in the summary. */
  endpoint?: string;
  owner?: string;
  business?: BusinessLine;
  drift?: readonly DriftBar[];
  /** What changed upstream before it began, the likeliest first. */
  changed?: readonly { what: string; at: Temporal.Instant; why?: string }[];
  /** The failed run it is about, once its log was looked into. */
  failure?: { run: string; said: string; excerpt: string; retriedAs?: string };
  alerts: readonly AlertLine[];
  alertsTotal?: number;
  /** Alerts of it that fire and keep quiet: silenced, inhibited. */
  muted?: number;
  /** Who was called and has to act; mentioned while nobody has. */
  onCall?: readonly Mention[];
  /** Who is called next, when at the earliest, and what it waits for besides. */
  next?: { who: readonly string[]; at: Temporal.Instant; provided?: string };
  acknowledged?: { by: string; at: Temporal.Instant };
  /** Who acknowledged after the first one. */
  others?: readonly string[];
  /** Who was asked by name, and has not answered. */
  assigned?: string;
  /** Nobody is called before. */
  snoozedUntil?: Temporal.Instant;
  /** Open tasks, the most urgent first. */
  tasks?: readonly { number: number; words: string }[];
  /** A request for approval that waits, or a change under way. */
  request?: { id: string; what: string; missing: string };
  /** `word` is its state in the badge: "rolling back"; `done` is in percent. */
  change?: { word?: string; step: string; done?: number };
  /** `by` is left out when the signals ended by themselves. */
  resolved?: { at: Temporal.Instant; by?: string; why: string };
  /** A silence covers everything in it that fires. */
  silenced?: { id: string; until: Temporal.Instant; by: string };
  /** Where a rollback would lead. */
  rollback?: { endpoint: string; to: string };
  source: string;
}

/**
 * The buttons are in sight without scrolling in a chat pane of a laptop (some 550 pixels): few bars, the likeliest causes
 * on a line each, and behind a line that opens in place what only some readers want.
 */
const [BARS, CAUSES, TASKS] = [3, 3, 2] as const;

/** The incident as everybody in the channel sees it; edited in place through its whole life. */
export function incidentCard(view: IncidentView): Card {
  const look = lookOf(view.state);
  const calling = view.state === 'firing' ? (view.onCall ?? []) : [];
  return card({
    summary: incidentSummary(view),
    state: state({
      tone: look.tone,
      icon: look.icon,
      word: `${severityWord(view.severity)} · ${wordOf(view)}`,
      id: view.id,
    }),
    headline: headline(plain(view.headline)),
    soWhat: businessLine(view),
    // A finished incident is read for who, when and why; its numbers are in the timeline.
    picture: view.state === 'resolved' || !view.drift ? undefined : psiBars(view.drift, BARS),
    facts: facts(view.state === 'resolved' ? resolvedFacts(view) : openFacts(view, calling)),
    details: [
      progressOf(view),
      ...failureOf(view),
      ...changedList(view),
      ...alertList(view),
      ...taskList(view),
      mutedLine(view),
    ],
    actions: view.state === 'resolved' ? undefined : buttons(view),
    foot: foot(view.now, view.source),
    wide: true,
    mentions: calling,
  });
}

/** "SEV 1: ep-fraud drifts …"; the same line for the notification and the terminal. */
export const incidentSummary = (view: Pick<IncidentView, 'severity' | 'state' | 'headline' | 'id'>): string =>
  view.state === 'firing'
    ? `${severityWord(view.severity)}: ${clean(view.headline, 180)}`
    : `${view.id} ${lookOf(view.state).word}: ${clean(view.headline, 180)}`;

const wordOf = ({ state: now, change, snoozedUntil }: IncidentView): string =>
  (now === 'changing' ? change?.word : now === 'acknowledged' && snoozedUntil ? 'snoozed' : undefined) ??
  lookOf(now).word;

function businessLine({ business, state: now, since }: IncidentView): Element | undefined {
  if (!business) return undefined;
  const over = now === 'resolved';
  const atRisk = business.moneyPerHour
    ? `about ${money(business.moneyPerHour)} an hour ${over ? 'was' : 'is'} at risk`
    : undefined;
  const passed =
    business.unitsSince !== undefined
      ? `${countedIn(business.unitsSince, plain(business.unit ?? 'requests', 40))} ${over ? 'passed meanwhile' : `since ${clock(since)}`}`
      : undefined;
  const told = [atRisk, passed].filter((words) => words !== undefined);
  const purpose = sentence(plain(business.purpose, 160));
  return soWhat(told.length > 0 ? `${purpose}: ${told.join('; ')}.` : `${purpose}.`);
}

function openFacts(view: IncidentView, calling: readonly Mention[]): Fact[] {
  const { since, acknowledged, next, changed, owner, assigned, snoozedUntil } = view;
  const others = view.others?.length ? `, then ${joined(view.others.map(named))}` : '';
  return [
    ['On call', calling.length > 0 ? joined(calling.map(mentionText)) : undefined],
    ['Acknowledged', acknowledged && `${takenAfter(since, acknowledged)}${others}`],
    ['Rests', snoozedUntil && `until ${when(snoozedUntil)}`],
    ['Asked', assigned && `${named(assigned)}, by name`],
    [
      'Silenced',
      view.silenced && `by ${plain(view.silenced.id)} until ${clock(view.silenced.until)} (${named(view.silenced.by)})`,
    ],
    [
      'Next',
      view.state === 'firing' && next && !view.silenced
        ? `pages ${joined(next.who.map(named))} ${nextWhen(next)} unless somebody acknowledges`
        : undefined,
    ],
    ['Waiting for', view.request && `${plain(view.request.id)}: ${plain(view.request.missing)}`],
    ['Cause', view.failure && plain(view.failure.said, 160)],
    ['Tried again', view.failure?.retriedAs && plain(view.failure.retriedAs)],
    // Several are listed below, each with its reason.
    ['Changed', changed?.length === 1 ? changedLine(view, changed[0]) : undefined],
    ['Since', when(since)],
    ['Owner', owner && plain(owner, 120)],
  ];
}

function changedLine(
  view: IncidentView,
  first: { what: string; at: Temporal.Instant; why?: string } | undefined,
): string | undefined {
  if (!first) return undefined;
  const more = (view.changed?.length ?? 0) - 1;
  return `${plain(first.what, 160)}, ${between(first.at, view.since)} before${first.why ? `, ${plain(first.why, 80)}` : ''}${more > 0 ? ` (+${more} more)` : ''}`;
}

const takenAfter = (since: Temporal.Instant, { by, at }: { by: string; at: Temporal.Instant }): string =>
  `after ${between(since, at)} by ${named(by)}`;

function resolvedFacts({ since, resolved, acknowledged, owner, changed, ...view }: IncidentView): Fact[] {
  return [
    [
      'Resolved',
      resolved &&
        `after ${between(since, resolved.at)}${resolved.by ? ` by ${named(resolved.by)}` : ''} (${when(resolved.at)})`,
    ],
    ['Why', resolved && plain(resolved.why)],
    ['Acknowledged', acknowledged ? takenAfter(since, acknowledged) : 'by nobody'],
    ['Changed', changedLine({ since, changed, ...view } as IncidentView, changed?.[0])],
    ['Owner', owner && plain(owner, 120)],
  ];
}

/** The end of the log, where the cause is seen. */
function failureOf({ failure, state: now }: IncidentView): (Element | undefined)[] {
  const lines = failure && now !== 'resolved' ? code(failure.excerpt) : undefined;
  return lines ? fold('log', 'End of the log', [lines]) : [];
}

/** Suspects, the likeliest first, each with why it is one. */
function changedList({ changed = [], since, state: now }: IncidentView): (Element | undefined)[] {
  if (now === 'resolved' || changed.length < 2) return [];
  // A reason that all of them share is said once.
  const shared = changed.every(({ why }) => why === changed[0]?.why) ? changed[0]?.why : undefined;
  const entries = changed.map(({ what, at, why }) => ({
    text: `${plain(what, 160)} · ${between(at, since)} before${why && !shared ? `, ${plain(why, 80)}` : ''}`,
  }));
  return [
    caption(`What changed before${shared ? ` (${plain(shared, 80)})` : ''}, the likeliest first`),
    list(entries, { shown: CAUSES, fold: 'changed' }),
  ];
}

const progressOf = ({ state: now, change }: IncidentView): Element | undefined =>
  now === 'changing' && change
    ? progress({ step: change.step, ...(change.done === undefined ? {} : { done: change.done }) })
    : undefined;

const mutedLine = ({ muted, state: now }: IncidentView): Element | undefined =>
  muted && now !== 'resolved'
    ? caption(`${number(muted)} more ${muted > 1 ? 'keep' : 'keeps'} quiet: silenced or inhibited`)
    : undefined;

function alertList(view: IncidentView): (Element | undefined)[] {
  const total = Math.max(view.alertsTotal ?? 0, view.alerts.length);
  if (total < 2) return [];
  const over = view.alerts.filter((alert) => alert.until).length;
  const words = over === 0 ? 'all firing' : over === total ? 'all over' : `${number(over)} over`;
  // The headline has told the first one and how many there are.
  return fold(
    'alerts',
    `${counted(total, 'alert')}, ${words}`,
    [list(alertEntries(view.alerts), { total })].filter((each) => each !== undefined),
  );
}

function taskList({ tasks = [], state: now }: IncidentView): (Element | undefined)[] {
  if (tasks.length === 0 || now === 'resolved') return [];
  return [
    caption(`${counted(tasks.length, 'open task')}`),
    list(
      tasks.map(({ number: id, words }) => ({ text: `○ **TSK-${id}** · ${plain(words, 200)}` })),
      { shown: TASKS, fold: 'tasks' },
    ),
  ];
}

function buttons(view: IncidentView): Element | undefined {
  const ids = { incident: view.id };
  const acknowledge =
    view.state === 'firing' && act({ title: 'Acknowledge', verb: 'alerts.acknowledge', ids, main: true });
  const rollback =
    view.rollback &&
    view.state !== 'changing' &&
    !view.request &&
    act({
      title: `Roll back to ${view.rollback.to}`,
      verb: 'approvals.rollback',
      ids: { ...ids, endpoint: view.rollback.endpoint },
      dangerous: true,
      tooltip: 'Asks for approval first; nothing changes yet',
    });
  const resolve =
    (view.state === 'acknowledged' || view.state === 'firing') &&
    ask(
      'Resolve',
      [
        textInput({
          id: 'reason',
          label: 'What ended it?',
          error: 'Say in a few words what ended it',
          required: true,
          placeholder: 'traffic is back on blue and PSI is under its limit',
        }),
      ],
      act({ title: `Resolve ${view.id}`, verb: 'alerts.resolve', ids, inputs: 'auto' }),
    );
  const retry =
    view.failure &&
    !view.failure.retriedAs &&
    act({
      title: 'Retry',
      verb: 'alerts.retry-run',
      ids: { run: clean(view.failure.run, 200) },
      tooltip: 'Submits the same job again; asks first',
    });
  const primary = [acknowledge, retry, rollback, resolve].filter((each) => each !== undefined && each !== false);
  return actions(primary.slice(0, 2), [
    // A form cannot open out of a menu; without its reason the bot asks for it.
    primary.length > 2 && act({ title: 'Resolve', verb: 'alerts.resolve', ids }),
    act({ title: 'Escalate now', verb: 'alerts.escalate', ids }),
    !view.silenced &&
      act({
        title: 'Silence',
        verb: 'alerts.silence',
        ids: { matching: view.id },
        tooltip: 'Asks for how long and why',
      }),
    act({ title: 'Timeline', verb: 'alerts.timeline', ids }),
    !view.snoozedUntil && act({ title: 'Snooze 30 min', verb: 'alerts.snooze', ids }),
    act({ title: 'Follow', verb: 'alerts.follow', ids }),
  ]);
}
