import type { Element } from '../card.ts';
import { plain } from './text.ts';

const LINES_SHOWN = 6;
const LINE_LIMIT = 240;

/** Lines of a log as they were written, in a fixed font on a ground of their own. */
export function code(text: string): Element | undefined {
  const lines = text
    .split('\n')
    .map((line) => plain(line, LINE_LIMIT))
    .filter((line) => line !== '')
    .slice(-LINES_SHOWN);
  if (lines.length === 0) return undefined;
  return {
    type: 'Container',
    style: 'emphasis',
    spacing: 'Medium',
    items: lines.map((line) => ({
      type: 'TextBlock',
      text: line,
      fontType: 'Monospace',
      size: 'Small',
      wrap: true,
      spacing: 'None',
    })),
  };
}
