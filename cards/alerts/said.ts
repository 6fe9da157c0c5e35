import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { plain } from '../parts/text.ts';
import { line } from '../parts/words.ts';

/** A note in the thread of an incident or a request. */
export interface SaidView {
  /** "Ann Berg acknowledged INC-142, 2 min after it began." */
  text: string;
}

/** One line, because a reply notifies: who reads it on a locked phone has read all of it. */
export const saidCard = ({ text }: SaidView): Card => card({ summary: text, headline: line(plain(text)) });
