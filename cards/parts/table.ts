import type { Element } from '../card.ts';
import { shrinkable } from './shrink.ts';
import { clean } from './text.ts';

export interface Column {
  title: string;
  /** Share of the width. */
  width?: number;
  /** Numbers stand at the right. */
  number?: boolean;
}

export const TABLE_SHOWN = 10;

/** Rows of cells (Markdown of the card's own). At most four columns: a phone shows no more. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { shown?: number; total?: number } = {},
): Element | undefined {
  if (rows.length === 0) return undefined;
  const total = Math.max(options.total ?? 0, rows.length);
  return shrinkable(Math.min(options.shown ?? TABLE_SHOWN, rows.length), (count) => {
    const drawn: Element = {
      type: 'Table',
      columns: columns.map(({ width = 1, number }) => ({
        width,
        ...(number ? { horizontalCellContentAlignment: 'Right' } : {}),
      })),
      firstRowAsHeaders: true,
      showGridLines: false,
      rows: [
        tableRow(columns.map((column) => clean(column.title, 40))),
        ...rows.slice(0, count).map((cells) => tableRow(cells)),
      ],
    };
    if (total === count) return drawn;
    const more = {
      type: 'TextBlock',
      text: `${(total - count).toLocaleString('en-GB')} more`,
      isSubtle: true,
      size: 'Small',
    };
    return { type: 'Container', items: [drawn, more] };
  });
}

const tableRow = (cells: readonly string[]) => ({
  type: 'TableRow',
  cells: cells.map((text) => ({ type: 'TableCell', items: [{ type: 'TextBlock', text, wrap: true }] })),
});
