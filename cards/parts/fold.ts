import type { Action, Element } from '../card.ts';

/**
 * A line that opens what belongs to it in place, and closes it again: the card keeps its buttons in sight. `name` is
 * unique on the card. The line stays above what it names; with `less` another one stands below what goes on from above.
 * A container with an action is reached by keyboard and screen reader as a button is.
 */
export function fold(name: string, words: string, items: readonly Element[], less?: string): Element[] {
  if (items.length === 0) return [];
  const [more, rest] = [`${name}-more`, `${name}-rest`];
  const turn: Action = { type: 'Action.ToggleVisibility', title: words, targetElements: [more, rest] };
  return [
    { ...link(`▸ ${words}`, turn), id: more },
    {
      type: 'Container',
      spacing: 'Small',
      items: less ? [...items, link(`▴ ${less}`, { ...turn, title: less })] : [link(`▾ ${words}`, turn), ...items],
      id: rest,
      isVisible: false,
    },
  ];
}

const link = (text: string, turn: Action): Element => ({
  type: 'Container',
  spacing: 'Small',
  items: [{ type: 'TextBlock', text, wrap: true, size: 'Small', color: 'Accent' }],
  selectAction: turn,
});
