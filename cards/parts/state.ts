import type { Element } from '../card.ts';
import { clean } from './text.ts';
import { LOOKS, type Tone } from './tone.ts';

/** How a state of something is said and shown: word, colour, icon; never colour alone. */
export interface StateLook {
  word: string;
  tone: Tone;
  icon: string;
}

export interface State {
  tone: Tone;
  /** "SEV 1 · firing", "1 of 2 approvals" */
  word: string;
  /** Fluent icon name; the tone's own when left out. */
  icon?: string;
  /** What people say to it: INC-142. */
  id?: string;
}

/** The first line of every card: one badge with a word and an icon, and the id. */
export function state({ tone, word, icon, id }: State): Element {
  const badge = badgeOf(tone, word, icon);
  if (!id) return badge;
  return {
    type: 'ColumnSet',
    columns: [
      { type: 'Column', width: 'stretch', verticalContentAlignment: 'Center', items: [badge] },
      {
        type: 'Column',
        width: 'auto',
        verticalContentAlignment: 'Center',
        items: [
          { type: 'TextBlock', text: clean(id, 40), isSubtle: true, size: 'Small', horizontalAlignment: 'Right' },
        ],
      },
    ],
  };
}

/** A word in its colour; clients without badges get the same word with a shape before it. */
export function badgeOf(tone: Tone, word: string, icon?: string): Element {
  const look = LOOKS[tone];
  const text = clean(word, 60);
  return {
    type: 'Badge',
    text,
    style: look.badge,
    icon: icon ?? look.icon,
    size: 'Large',
    fallback: { type: 'TextBlock', text: `${look.shape} ${text}`, color: look.text, weight: 'Bolder', wrap: true },
  };
}
