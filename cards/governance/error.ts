import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { state } from '../parts/state.ts';
import { clean, plain } from '../parts/text.ts';
import { lasting } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface ErrorView {
  now: Temporal.Instant;
  /** What a person reads out to an operator: K7QX-2M. */
  reference: string;
  /** What was tried, in words: "roll back ep-fraud". */
  tried?: string;
  /** Set when something Wardroom depends on does not answer: its name, and when to try again. */
  unavailable?: { service: string; retryAfterSeconds?: number };
}

/** A fault: never the exception, always a reference and what to do next. */
export function errorCard({ now, reference, tried, unavailable }: ErrorView): Card {
  const what = unavailable ? `${plain(unavailable.service, 60)} does not answer` : 'Something went wrong on our side';
  const again = unavailable?.retryAfterSeconds ? `in ${lasting(unavailable.retryAfterSeconds * 1000)}` : 'in a minute';
  return card({
    summary: `${clean(what)}, reference ${clean(reference, 20)}`,
    state: state({ tone: 'bad', word: unavailable ? 'no answer' : 'failed', icon: 'ErrorCircle', id: reference }),
    headline: headline(`${what}.`),
    soWhat: soWhat(
      unavailable
        ? `Try again ${again}. If it stays so, tell an administrator the reference.`
        : 'Nothing is lost. Try again; if it happens once more, tell an administrator the reference.',
    ),
    facts: facts([
      ['Tried', tried && plain(tried)],
      ['Reference', plain(reference, 20)],
    ]),
    foot: foot(now, 'Wardroom'),
  });
}
