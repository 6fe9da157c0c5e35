import type { Card, Element } from './card.ts';
import { type Shrink, shrinkable, shrinkOf } from './parts/shrink.ts';

/** Teams counts UTF-16 and refuses a bot's message of 100 KB; older pages say 28 KB, and that leaves room for the rest. */
export const CARD_BUDGET_BYTES = 28 * 1024;
/** Kept free for what is added after the card was drawn: delivery key and personal views. */
export const HEADROOM_BYTES = 4 * 1024;

/** Bytes of the card as Teams measures them. */
export const sizeOf = (card: unknown): number => JSON.stringify(card).length * 2;

/**
 * Shortens what marked itself shrinkable, always the largest first, until the card is within the budget. State, headline
 * and actions are never touched; a card whose fixed parts alone are too large comes back as it is.
 */
export function fitToBudget(card: Card, budget = CARD_BUDGET_BYTES - HEADROOM_BYTES): Card {
  let fitted = card;
  while (sizeOf(fitted) > budget) {
    const largest = largestShrinkable(fitted.body);
    if (!largest) return fitted;
    const shorter = redraw(largest.shrink);
    fitted = { ...fitted, body: fitted.body.map((part) => replace(part, largest.element, shorter)) };
  }
  return fitted;
}

/** A fifth less at a time: few steps for a long list, one entry at a time for a short one. */
function redraw({ count, least, draw }: Shrink): Element {
  const fewer = Math.max(least, Math.min(count - 1, Math.floor(count * 0.8)));
  return shrinkable(fewer, draw, least);
}

interface Found {
  element: Element;
  shrink: Shrink;
  size: number;
}

function largestShrinkable(body: readonly Element[]): Found | undefined {
  let largest: Found | undefined;
  const visit = (element: Element) => {
    const shrink = shrinkOf(element);
    if (shrink && shrink.count > shrink.least) {
      const size = sizeOf(element);
      if (!largest || size > largest.size) largest = { element, shrink, size };
    }
    for (const child of childrenOf(element)) visit(child);
  };
  for (const element of body) visit(element);
  return largest;
}

/** The same tree with one element exchanged; what does not contain it keeps its identity, and so its way to shrink. */
function replace(element: Element, old: Element, fresh: Element): Element {
  if (element === old) return fresh;
  const items = element.items;
  if (!isElements(items)) return element;
  const replaced = items.map((item) => replace(item, old, fresh));
  return replaced.some((item, index) => item !== items[index]) ? { ...element, items: replaced } : element;
}

/** Shrinkable parts stand in the body or in containers, never in columns or table cells. */
const childrenOf = (element: Element): readonly Element[] => {
  const items = element.items;
  return isElements(items) ? items : [];
};

const isElements = (value: unknown): value is Element[] => Array.isArray(value);
