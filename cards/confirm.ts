import type { Temporal } from 'temporal-polyfill';
import type { Card } from './card.ts';
import { act, actions } from './parts/actions.ts';
import { card } from './parts/card.ts';
import { type Fact, facts } from './parts/facts.ts';
import { foot } from './parts/foot.ts';
import { named } from './parts/person.ts';
import { state } from './parts/state.ts';
import { clean, joined, plain } from './parts/text.ts';
import { fromNow, when } from './parts/time.ts';
import type { Tone } from './parts/tone.ts';
import { headline, soWhat } from './parts/words.ts';

export interface ConfirmView {
  now: Temporal.Instant;
  /** Of the pending confirmation, also what people can type. */
  reference: string;
  state: 'open' | 'confirmed' | 'cancelled' | 'expired';
  /** Names the effect: "Roll back ep-fraud". */
  what: string;
  /** What will happen, in words, from the dry run. */
  preview: string;
  askedBy: string;
  until: Temporal.Instant;
  /** Somebody else has to confirm: who may. */
  secondPerson?: { roles: readonly string[] };
  finished?: { by?: string; at: Temporal.Instant };
}

const LOOKS: Readonly<Record<ConfirmView['state'], { tone: Tone; word: string; icon: string }>> = {
  open: { tone: 'warning', word: 'not done yet', icon: 'Warning' },
  confirmed: { tone: 'good', word: 'confirmed', icon: 'CheckmarkCircle' },
  cancelled: { tone: 'quiet', word: 'cancelled', icon: 'DismissCircle' },
  expired: { tone: 'quiet', word: 'expired', icon: 'Clock' },
};

/** What will happen, before it happens. */
export function confirmCard(view: ConfirmView): Card {
  const open = view.state === 'open';
  const ids = { confirmation: view.reference };
  return card({
    summary: open ? `Confirm: ${clean(view.what, 160)}` : `${clean(view.what, 160)}: ${LOOKS[view.state].word}`,
    state: state({ ...LOOKS[view.state], id: view.reference }),
    headline: headline(`${plain(view.what)}${open ? '?' : ''}`),
    soWhat: soWhat(plain(view.preview, 500)),
    facts: facts(confirmFacts(view, open)),
    actions: open
      ? actions([
          act({ title: sure(view.what), verb: 'governance.confirm', ids, dangerous: true }),
          act({ title: 'Cancel', verb: 'governance.cancel', ids }),
        ])
      : undefined,
    foot: foot(view.now, 'dry run, nothing has changed so far'),
  });
}

/** The button says what it does; a long effect says it in the headline. */
const sure = (what: string): string => (clean(what).length <= 30 ? `Yes, ${lowered(clean(what))}` : 'Yes, do it');

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const confirmFacts = (
  { now, askedBy, until, secondPerson, finished, state: is }: ConfirmView,
  open: boolean,
): Fact[] => [
  [
    'Needs',
    open && secondPerson
      ? `a second person${secondPerson.roles.length > 0 ? ` with the role ${plain(joined(secondPerson.roles))}` : ''}; ${named(askedBy)} cannot confirm it`
      : undefined,
  ],
  ['Asked by', named(askedBy)],
  ['Open until', open ? `${when(until)} (${fromNow(now, until)})` : undefined],
  [
    is === 'cancelled' ? 'Cancelled' : is === 'expired' ? 'Expired' : 'Confirmed',
    finished && `${finished.by ? `${named(finished.by)}, ` : ''}${when(finished.at)}`,
  ],
];
