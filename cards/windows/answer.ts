import type { Temporal } from 'temporal-polyfill';
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

export const answerWords = ({
  endpoint,
  allowed,
  next,
  now,
}: Pick<AnswerView, 'endpoint' | 'allowed' | 'next' | 'now'>): string =>
  allowed
    ? `${endpoint} is open: changes may run now`
    : next
      ? `${endpoint} is closed; changes may run ${fromNow(now, next)}`
      : `${endpoint} is closed, and nothing opens within 400 days`;
