import type { Element } from '../card.ts';
import { shrinkable } from './shrink.ts';
import { clean } from './text.ts';

/** Title and value (Markdown of the card's own; outside text through `plain`). Without a value it is left out. */
export type Fact = readonly [title: string, value: string | undefined];

export const FACTS_MAX = 6;

/** At most six, in order of use: those behind the sixth are the ones nobody would miss. */
export function facts(entries: readonly Fact[]): Element | undefined {
  const known = entries.filter((entry): entry is readonly [string, string] => Boolean(entry[1])).slice(0, FACTS_MAX);
  if (known.length === 0) return undefined;
  return shrinkable(
    known.length,
    (count) => ({
      type: 'FactSet',
      facts: known.slice(0, count).map(([title, value]) => ({ title: clean(title, 40), value })),
    }),
    1,
  );
}
