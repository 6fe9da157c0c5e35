import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { plain } from '../parts/text.ts';
import { line } from '../parts/words.ts';

export interface AnswerView {
  /** What is said, in lines; the first is the notification. */
  text: string;
}

/** A card's text in one block is at most this long; what is longer ends in "…". */
const LINE_LIMIT = 500;
const LINES_MAX = 20;

/** An answer in words: for what has to be delivered as a card because it carries a delivery key. */
export function answerCard({ text }: AnswerView): Card {
  const [first = '', ...others] = text.split(/\r?\n/).filter((one) => one.trim() !== '');
  return card({
    summary: first || 'Wardroom',
    headline: line(plain(first, LINE_LIMIT)),
    details: others.slice(0, LINES_MAX).map((one) => line(plain(one, LINE_LIMIT))),
  });
}
