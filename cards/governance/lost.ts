import type { Card } from '../card.ts';
import { act, actions, type Ids, type Verb } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { line, soWhat } from '../parts/words.ts';

export interface LostView {
  /** The answer in one line, for the notification. */
  text: string;
  /** Why the words mean nothing here; a sentence. */
  why?: string;
  /** Sentences that work and what they run; at least one. */
  offers: readonly { say: string; verb: Verb; ids: Ids }[];
}

/** The answer to words that mean nothing here, with the nearest things to press. */
export const lostCard = ({ text, why, offers }: LostView): Card =>
  card({
    summary: text,
    headline: line(why ?? 'I did not understand that.'),
    soWhat: soWhat(offers.length === 1 ? 'Did you mean this?' : 'Did you mean one of these?'),
    actions: actions(offers.map(({ say, verb, ids }) => act({ title: say, verb, ids }))),
  });
