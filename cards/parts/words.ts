import type { Element } from '../card.ts';
import { LOOKS, type Tone } from './tone.ts';

/*
 * Lines of text. They take Markdown that the card wrote itself; what comes from outside goes through `plain` before.
 */

/** A heading of one sentence has no full stop; of two, both have one. */
const ONE_SENTENCE = /^(?![\s\S]*[.?!]\s)([\s\S]*[^.…])\.$/;

/** What is so, with the number that matters. The only heading, so that a screen reader finds it. */
export const headline = (text: string): Element => ({
  type: 'TextBlock',
  text: text.replace(ONE_SENTENCE, '$1'),
  style: 'heading',
  size: 'Medium',
  weight: 'Bolder',
  wrap: true,
  spacing: 'Small',
});

/** The business meaning, one line. */
export const soWhat = (text: string): Element => ({ type: 'TextBlock', text, wrap: true, spacing: 'Small' });

/** A line that belongs to the decision ("Needs 1 more approval"); the tone colours it, the words carry it. */
export const line = (text: string, tone?: Tone): Element => ({
  type: 'TextBlock',
  text,
  wrap: true,
  ...(tone ? { color: LOOKS[tone].text, weight: 'Bolder' } : {}),
});

/** Names the part below it. */
export const caption = (text: string): Element => ({
  type: 'TextBlock',
  text,
  wrap: true,
  size: 'Small',
  weight: 'Bolder',
  isSubtle: true,
});

/** Beside the point, but wanted. */
export const aside = (text: string): Element => ({
  type: 'TextBlock',
  text,
  wrap: true,
  size: 'Small',
  isSubtle: true,
  spacing: 'None',
});
