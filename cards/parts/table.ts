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
  const widths = widthsFor(columns, rows);
  return shrinkable(Math.min(options.shown ?? TABLE_SHOWN, rows.length), (count) => {
    const drawn: Element = {
      type: 'Table',
      columns: columns.map(({ number }, at) => ({
        width: widths[at] ?? 1,
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

/** About so many letters stand side by side on a phone. */
const LINE_LETTERS = 36;
/** A longer word may break. */
const WORD_LETTERS = 11;

/** Shares of the width as the card wants them, but no column too narrow for its longest word on a phone. */
function widthsFor(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  const wanted = columns.map(({ width = 1 }) => width);
  const all = wanted.reduce((sum, width) => sum + width, 0);
  const letters = columns.map(({ title }, at) => {
    const words = [title, ...rows.map((cells) => cells[at] ?? '')].flatMap((text) => text.split(/[\s\u00A0/_-]+/));
    return Math.min(WORD_LETTERS, Math.max(...words.map((word) => word.replace(/[*\\]/g, '').length))) + 2;
  });
  const fits = wanted.every((width, at) => (width / all) * LINE_LETTERS >= (letters[at] ?? 0));
  if (fits) return wanted;
  return wanted.map((width, at) => Math.round(Math.max((width / all) * LINE_LETTERS, letters[at] ?? 0)));
}

const tableRow = (cells: readonly string[]) => ({
  type: 'TableRow',
  cells: cells.map((text) => ({ type: 'TableCell', items: [{ type: 'TextBlock', text, wrap: true }] })),
});
