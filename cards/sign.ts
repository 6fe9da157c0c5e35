import type { Temporal } from 'temporal-polyfill';
import type { Card } from './card.ts';
import { act, actions, type Ids, open, type Verb } from './parts/actions.ts';
import { card } from './parts/card.ts';
import { type Fact, facts } from './parts/facts.ts';
import { named } from './parts/person.ts';
import { state } from './parts/state.ts';
import { clean, plain } from './parts/text.ts';
import { when } from './parts/time.ts';
import type { Tone } from './parts/tone.ts';
import { headline, soWhat } from './parts/words.ts';

export interface SignView {
  /** What it is: "Vote on a request for approval". */
  title: string;
  /** What is signed, line by line; the first one says it in short. */
  statement: string;
  state: 'waiting' | 'done' | 'refused' | 'replaced' | 'expired';
  by: string;
  /** Of the page where it is signed. */
  address: string;
  until: Temporal.Instant;
  /** What came of it, or of the last try. */
  outcome?: string | undefined;
  /** The way back to the card that was clicked. */
  back?: { title: string; verb: Verb; ids: Ids } | undefined;
}

const LOOKS: Readonly<Record<SignView['state'], { tone: Tone; word: string; icon: string; says: string }>> = {
  waiting: { tone: 'warning', word: 'not counted yet', icon: 'Warning', says: 'It counts once you have signed in.' },
  done: { tone: 'good', word: 'signed', icon: 'CheckmarkCircle', says: 'Signed and counted.' },
  refused: { tone: 'quiet', word: 'not counted', icon: 'DismissCircle', says: 'It was refused; nothing was counted.' },
  replaced: { tone: 'quiet', word: 'replaced', icon: 'DismissCircle', says: 'Something else was said about it since.' },
  expired: { tone: 'quiet', word: 'expired', icon: 'Clock', says: 'The time to sign it is over; nothing was counted.' },
};

/** Something that counts once its author has signed in for it. */
export function signCard({ title, statement, state: is, by, address, until, outcome, back }: SignView): Card {
  const look = LOOKS[is];
  const waiting = is === 'waiting';
  const [said = '', ...lines] = statement.split('\n');
  return card({
    summary: waiting ? `Sign in to confirm: ${clean(said, 200)}` : `${clean(said, 200)}: ${look.word}`,
    state: state({ ...look, id: clean(by, 60) }),
    headline: headline(plain(said, 200)),
    soWhat: soWhat(plain(outcome ?? look.says, 400)),
    facts: facts([
      ['What', plain(title)],
      ...lines.map(labelled),
      ['By', named(by)],
      ['Open until', waiting ? when(until) : undefined],
    ]),
    actions: waiting ? actions([open('Sign in to confirm', address), back && act(back)]) : undefined,
  });
}

/** "Reason: it drifts" is a fact of its own; a line without a label is what it is about. */
const labelled = (line: string, index: number): Fact => {
  const [, label, words] = /^([A-Z][\w ()-]{2,30}): (.+)$/.exec(line) ?? [];
  return label && words && index > 0
    ? [label, plain(/^[0-9a-f]{64}$/.test(words) ? `${words.slice(0, 16)}…` : words, 300)]
    : ['About', plain(line, 300)];
};
