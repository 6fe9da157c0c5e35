import type { Temporal } from 'temporal-polyfill';
import type { Swap } from '../../services/alerts/oncall-swaps.store.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { type State, state } from '../parts/state.ts';
import { clean, plain } from '../parts/text.ts';
import { between, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface SwapView extends Swap {
  now: Temporal.Instant;
  /** Who reads it: each has other buttons. */
  reader: 'asker' | 'asked' | 'other';
}

const LOOKS: Readonly<Record<SwapView['state'], State>> = {
  asked: { tone: 'info', word: 'waits for an answer', icon: 'ArrowSwap' },
  accepted: { tone: 'good', word: 'accepted' },
  declined: { tone: 'quiet', word: 'declined' },
  withdrawn: { tone: 'quiet', word: 'taken back' },
  expired: { tone: 'quiet', word: 'expired' },
};

/** A swap of two shifts, for whoever asked and for whoever was asked. */
export function swapCard(view: SwapView): Card {
  const { now, number, schedule, gives, takes, reader } = view;
  const open = view.state === 'asked';
  const ids = { swap: String(number) };
  const asker = clean(view.asker, 80);
  const asked = clean(view.asked, 80);
  const words =
    reader === 'asked'
      ? `${asker} ${open ? 'asks' : 'asked'} you to swap shifts of ${clean(schedule, 63)}`
      : `${reader === 'asker' ? `You ${open ? 'ask' : 'asked'}` : `${asker} ${open ? 'asks' : 'asked'}`} ${asked} to swap shifts of ${clean(schedule, 63)}`;
  const [first, second] = reader === 'asked' ? ['You take', 'You give'] : [`${asked} takes`, `${asker} takes`];
  return card({
    summary: open ? words : `Swap ${number} is ${LOOKS[view.state].word}`,
    state: state({ ...LOOKS[view.state], id: `swap ${number}` }),
    headline: headline(plain(words)),
    soWhat: soWhat(meaning(view)),
    facts: facts([
      [first ?? '', spanWords(gives)],
      [second ?? '', spanWords(takes)],
      ['Answer by', open ? when(view.expires) : undefined],
    ]),
    actions: actions([
      open && reader === 'asked' && act({ title: 'Accept', verb: 'alerts.accept-swap', ids, main: true }),
      open && reader === 'asked' && act({ title: 'Decline', verb: 'alerts.decline-swap', ids }),
      open && reader === 'asker' && act({ title: 'Take back', verb: 'alerts.withdraw-swap', ids }),
      !open && act({ title: 'Two weeks', verb: 'alerts.schedule', ids: { schedule } }),
    ]),
    foot: foot(now, 'swaps asked for in chat'),
  });
}

const spanWords = ({ from, to }: Swap['gives']): string => `${when(from)} to ${when(to)} (${between(from, to)})`;

function meaning({ state: is, reader }: SwapView): string {
  if (is === 'accepted') return 'Both shifts have changed hands; pages follow.';
  if (is !== 'asked') return 'Nothing has changed; the rotation goes on as planned.';
  return reader === 'asked' ? 'Nothing changes before you accept.' : 'Nothing changes before it is accepted.';
}
