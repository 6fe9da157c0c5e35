import type { Element } from '../card.ts';

/** How an element can be drawn with fewer entries; the element then says how many are missing. */
export interface Shrink {
  count: number;
  least: number;
  draw: (count: number) => Element;
}

/**
 * Beside the elements, not in them: a card is plain JSON. The entry goes with the element when it is no longer used.
 */
const shrinks = new WeakMap<Element, Shrink>();

/** Draws `count` entries and remembers how to draw fewer, for `fitToBudget` (cards/size.ts). */
export function shrinkable(count: number, draw: (count: number) => Element, least = 0): Element {
  const element = draw(count);
  shrinks.set(element, { count, least, draw });
  return element;
}

export const shrinkOf = (element: Element): Shrink | undefined => shrinks.get(element);
