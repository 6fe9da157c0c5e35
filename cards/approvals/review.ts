import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { between, fromNow, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface ReviewView {
  now: Temporal.Instant;
  /** Of the emergency. */
  id: string;
  what: string;
  confirmedBy: string;
  due: Temporal.Instant;
}

/** What was done without votes waits to be looked at. */
export function reviewCard({ now, id, what, confirmedBy, due }: ReviewView): Card {
  const late = now.epochMilliseconds > due.epochMilliseconds;
  const words = late
    ? `The review of ${id} is overdue by ${between(due, now)}`
    : `The review of ${id} is due ${fromNow(now, due)}`;
  return card({
    summary: words,
    state: state({ tone: late ? 'bad' : 'warning', word: late ? 'review overdue' : 'review due', id }),
    headline: headline(words),
    soWhat: soWhat('It was done without votes: somebody who would have voted says whether that was right.'),
    facts: facts([
      ['What', plain(what)],
      ['Confirmed by', named(confirmedBy)],
      ['Due', when(due)],
    ]),
    actions: actions([act({ title: `Show ${id}`, verb: 'approvals.show', ids: { request: id } })]),
    foot: foot(now, 'Wardroom'),
  });
}
