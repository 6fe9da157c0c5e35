import { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { fromNow, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import { ownTime } from './words.ts';

export interface AnswerView {
  now: Temporal.Instant;
  endpoint: string;
  allowed: boolean;
  /** The engine's sentence. */
  why: string;
  zone: string;
  until?: Temporal.Instant;
  next?: Temporal.Instant;
  /** Names of the entries that decided. */
  by: readonly string[];
  advisories: readonly string[];
  needMinutes?: number;
  /** What was asked about when it was not now: a stretch of time, or an instant. */
  asked?: { from: Temporal.Instant; to: Temporal.Instant };
  /** Whom to ask. */
  ask?: string;
  mute: boolean;
}

/** May something run on this endpoint now; if not, when. */
export function answerCard(view: AnswerView): Card {
  const { endpoint, allowed, next, until, zone } = view;
  const words = answerWords(view);
  const both = (at: Temporal.Instant) => `${when(at)} · ${ownTime(at, zone)}`;
  return card({
    summary: words,
    state: state({ tone: allowed ? 'good' : 'bad', word: allowed ? 'open' : 'closed', id: endpoint }),
    headline: headline(plain(words)),
    soWhat: soWhat(plain(view.why, 400)),
    facts: facts([
      ['Opens', !allowed && next ? both(next) : undefined],
      [allowed ? 'Open until' : 'Closed until', until && !next?.equals(until) ? both(until) : undefined],
      ['Decided by', view.by.length > 0 ? plain(view.by.join(', ')) : undefined],
      ['Needs', view.needMinutes ? `${view.needMinutes} min with a rollback` : undefined],
      ['To know', view.advisories.length > 0 ? plain(view.advisories.join(', ')) : undefined],
      ['Ask', view.ask ? plain(view.ask) : undefined],
    ]),
    actions: actions([
      act({ title: 'Request a change', verb: 'windows.request', ids: { endpoint } }),
      act({ title: 'Next 14 days', verb: 'windows.list', ids: { endpoint } }),
    ]),
    foot: foot(view.now, view.mute ? 'the calendar; alerts are muted by maintenance now' : 'the calendar'),
  });
}

export function answerWords({
  endpoint,
  allowed,
  next,
  now,
  until,
  zone,
  asked,
}: Pick<AnswerView, 'endpoint' | 'allowed' | 'next' | 'now' | 'until' | 'zone' | 'asked'>): string {
  const later = (one: Temporal.Instant, other: Temporal.Instant) => Temporal.Instant.compare(one, other) > 0;
  if (asked && later(asked.from, now)) {
    const at = ownTime(asked.from, zone);
    const end = until && later(asked.to, until) ? `, until ${ownTime(until, zone)}` : '';
    if (allowed) return `${endpoint} will be open then: changes may run from ${at}${end}`;
    if (next && later(asked.to, next))
      return `${endpoint} opens in that time: changes may run from ${ownTime(next, zone)}`;
    return `${endpoint} will be closed then${next ? `; changes may run from ${ownTime(next, zone)}` : ', and nothing opens within 400 days'}`;
  }
  if (allowed) return `${endpoint} is open: changes may run now`;
  return next
    ? `${endpoint} is closed; changes may run ${fromNow(now, next)}`
    : `${endpoint} is closed, and nothing opens within 400 days`;
}
