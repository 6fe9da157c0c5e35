import type { Card, Mention } from '../card.ts';
import { card } from '../parts/card.ts';
import { mentionText } from '../parts/person.ts';
import { joined, plain } from '../parts/text.ts';
import { line } from '../parts/words.ts';

/** A note in the thread of an incident or a request. */
export interface SaidView {
  /** "Ann Berg acknowledged INC-142, 2 min after it began." */
  text: string;
  /** People who have to act. */
  calling?: readonly Mention[];
}

/** One line, because a reply notifies: who reads it on a locked phone has read all of it. */
export const saidCard = ({ text, calling = [] }: SaidView): Card =>
  card({
    summary: text,
    headline: line(`${plain(text)}${calling.length > 0 ? ` ${joined(calling.map(mentionText))}` : ''}`),
    ...(calling.length > 0 ? { mentions: calling } : {}),
  });
