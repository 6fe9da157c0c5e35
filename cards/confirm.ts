import { Temporal } from 'temporal-polyfill';
import type { Card } from './card.ts';
import { act, actions } from './parts/actions.ts';
import { card } from './parts/card.ts';
import { type Fact, facts } from './parts/facts.ts';
import { named } from './parts/person.ts';
import { state } from './parts/state.ts';
import { clean, plain, sentence } from './parts/text.ts';
import { when } from './parts/time.ts';
import type { Tone } from './parts/tone.ts';
import { headline, soWhat } from './parts/words.ts';

export interface ConfirmView {
  /** Id of the stored question; also what people can type. */
  confirmation: string;
  /** Open when left out. */
  state?: 'open' | 'confirmed' | 'cancelled' | 'expired';
  /** What is asked for: "Roll back an endpoint". */
  title: string;
  /** What will happen, in words, from the dry run. */
  preview: string;
  by: string;
  /** Somebody else has to confirm. */
  secondPerson: boolean;
  /** ISO 8601. */
  expiresAt: string;
  finished?: { by?: string; at?: string };
}

type State = NonNullable<ConfirmView['state']>;

const LOOKS: Readonly<Record<State, { tone: Tone; word: string; icon: string }>> = {
  open: { tone: 'warning', word: 'not done yet', icon: 'Warning' },
  confirmed: { tone: 'good', word: 'confirmed', icon: 'CheckmarkCircle' },
  cancelled: { tone: 'quiet', word: 'cancelled', icon: 'DismissCircle' },
  expired: { tone: 'quiet', word: 'expired', icon: 'Clock' },
};

/** What will happen, before it happens. */
export function confirmCard(view: ConfirmView): Card {
  const is = view.state ?? 'open';
  const open = is === 'open';
  const ids = { confirmation: view.confirmation };
  return card({
    summary: open ? `Please confirm: ${clean(view.preview, 200)}` : `${clean(view.title, 160)}: ${LOOKS[is].word}`,
    state: state({ ...LOOKS[is], id: view.confirmation }),
    headline: headline(`${is === 'cancelled' || is === 'expired' ? 'Not done: ' : ''}${plain(view.preview, 500)}`),
    soWhat: open ? soWhat('Nothing has changed so far.') : undefined,
    facts: facts(confirmFacts(view, is)),
    actions: open
      ? actions([
          act({ title: doing(view.title), verb: 'wardroom.confirm', ids, dangerous: true }),
          act({ title: 'Cancel', verb: 'wardroom.cancel', ids }),
        ])
      : undefined,
  });
}

/** The button names what it does, as far as a button has room. */
const doing = (title: string): string => (clean(title).length <= 36 ? title : 'Yes, go ahead');

function confirmFacts({ title, by, secondPerson, expiresAt, finished }: ConfirmView, is: State): Fact[] {
  const open = is === 'open';
  return [
    ['What', plain(title)],
    ['Asked by', named(by)],
    ['Needs', open && secondPerson ? `a second person: ${named(by)} cannot confirm it` : undefined],
    ['Open until', open ? when(Temporal.Instant.from(expiresAt)) : undefined],
    [
      sentence(LOOKS[is].word),
      finished &&
        [finished.by && named(finished.by), finished.at && when(Temporal.Instant.from(finished.at))]
          .filter(Boolean)
          .join(', '),
    ],
  ];
}
