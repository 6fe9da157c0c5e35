import type { Element } from '../card.ts';
import { number } from './numbers.ts';
import { shrinkable } from './shrink.ts';
import { clean, plain } from './text.ts';
import { LOOKS, type Tone } from './tone.ts';
import { caption } from './words.ts';

export interface StackedRow {
  label: string;
  /** In the order of `parts`. */
  values: readonly number[];
}

export interface Stacked {
  /** With the unit: "Hours of each day". */
  caption: string;
  xTitle: string;
  yTitle: string;
  unit: string;
  parts: readonly { name: string; tone: Tone }[];
  rows: readonly StackedRow[];
}

const SAYS_LIMIT = 900;

/** One bar per row, made of the same parts; the words that say the same are the chart's title and its fallback. */
export function stacked({ caption: name, xTitle, yTitle, unit, parts, rows }: Stacked): Element | undefined {
  if (rows.length === 0) return undefined;
  return shrinkable(
    rows.length,
    (count) => {
      const kept = rows.slice(0, count);
      const told = kept.map(({ label, values }) => {
        const said = parts.flatMap((part, index) => {
          const value = values[index] ?? 0;
          return value > 0 ? [`${part.name} ${number(value)} ${unit}`] : [];
        });
        return `${clean(label, 30)}: ${said.join(', ') || 'nothing'}`;
      });
      const says = clean(`${name}. ${told.join('; ')}.`, SAYS_LIMIT);
      const key = parts.map((part) => `${LOOKS[part.tone].shape} ${part.name}`).join('  ');
      return {
        type: 'Container',
        spacing: 'Medium',
        items: [
          caption(plain(`${name} · ${key}`)),
          {
            type: 'Chart.HorizontalBar.Stacked',
            title: says,
            xAxisTitle: clean(xTitle, 40),
            yAxisTitle: clean(yTitle, 40),
            data: kept.map(({ label, values }) => ({
              title: clean(label, 30),
              data: parts.map((part, index) => ({
                legend: part.name,
                value: values[index] ?? 0,
                color: LOOKS[part.tone].chart,
              })),
            })),
            fallback: { type: 'TextBlock', text: plain(says, SAYS_LIMIT), wrap: true },
          },
        ],
      };
    },
    1,
  );
}
