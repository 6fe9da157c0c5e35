import type { Action, Element } from '../card.ts';
import { fold } from './fold.ts';
import { shrinkable } from './shrink.ts';
import { aside } from './words.ts';

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
  /** What is beyond `shown` opens in place; an id that no other list of the card has. */
  fold?: string;
}

export const LIST_SHOWN = 5;
/** What a folded list holds when it is open: a page of a pane. */
const FOLDED_MOST = 12;

/** Five entries and "17 more", which opens in place when the list folds. */
export function list(entries: readonly Entry[], options: ListOptions = {}): Element | undefined {
  const total = Math.max(options.total ?? 0, entries.length);
  if (total === 0) return undefined;
  const rest = options.rest ?? ((missing: number) => `${missing.toLocaleString('en-GB')} more`);
  const shown = Math.min(options.shown ?? LIST_SHOWN, entries.length);
  const { fold: name } = options;
  const drawn = name ? Math.min(entries.length, Math.max(FOLDED_MOST, shown)) : shown;
  return shrinkable(drawn, (count) => {
    const rows = entries.slice(0, count).map((entry, index) => row(entry, index, options.spacing ?? 'Small'));
    const missing = total > count ? [{ ...aside(rest(total - count)), spacing: 'Small' }] : [];
    if (!name || count <= shown) return { type: 'Container', items: [...rows, ...missing] };
    const folded = fold(name, rest(total - shown), [...rows.slice(shown), ...missing], 'less');
    return { type: 'Container', items: [...rows.slice(0, shown), ...folded] };
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
