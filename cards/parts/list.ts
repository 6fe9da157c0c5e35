import type { Action, Element } from '../card.ts';
import { shrinkable } from './shrink.ts';

/** One entry: a line and, smaller, what else to know. Markdown of the card's own; outside text through `plain`. */
export interface Entry {
  text: string;
  detail?: string;
  /** Opens it. */
  select?: Action;
}

export interface ListOptions {
  /** Entries drawn; the others are counted. */
  shown?: number;
  /** How many there are when the caller did not hand over all of them. */
  total?: number;
  /** "17 more" by default; `rest` may say it in better words. */
  rest?: (missing: number) => string;
  spacing?: 'Small' | 'Default' | 'Medium';
}

export const LIST_SHOWN = 5;

/** Five entries and "17 more". */
export function list(entries: readonly Entry[], options: ListOptions = {}): Element | undefined {
  const total = Math.max(options.total ?? 0, entries.length);
  if (total === 0) return undefined;
  const rest = options.rest ?? ((missing: number) => `${missing.toLocaleString('en-GB')} more`);
  const shown = Math.min(options.shown ?? LIST_SHOWN, entries.length);
  return shrinkable(shown, (count) => {
    const items = entries.slice(0, count).map((entry, index) => row(entry, index, options.spacing ?? 'Small'));
    if (total > count) {
      items.push({ type: 'TextBlock', text: rest(total - count), isSubtle: true, size: 'Small', spacing: 'Small' });
    }
    return { type: 'Container', items };
  });
}

function row(entry: Entry, index: number, spacing: string): Element {
  const texts: Element[] = [{ type: 'TextBlock', text: entry.text, wrap: true }];
  if (entry.detail) {
    texts.push({ type: 'TextBlock', text: entry.detail, wrap: true, size: 'Small', isSubtle: true, spacing: 'None' });
  }
  return {
    type: 'Container',
    spacing: index === 0 ? 'None' : spacing,
    items: texts,
    ...(entry.select ? { selectAction: entry.select } : {}),
  };
}
