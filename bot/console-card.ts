import { Temporal } from 'temporal-polyfill';
import type { Action, Card, Element } from '../cards/card.ts';

/**
 * A card as text for a terminal: state, headline, facts, lists, charts as bars, buttons as what one can type. Unknown
 * elements are drawn by their fallback or left out, as a Teams client would.
 */
export function cardText(card: Card, commandOf: (action: Action) => string | undefined, zone = 'UTC'): string {
  // Before anything is measured or padded: a date is far shorter than the function that stands for it.
  const body = (JSON.parse(inZone(JSON.stringify(card.body), zone)) as Element[]).map((element) =>
    linesOf(element, commandOf),
  );
  const blocks = body.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  // A space that does not break is for a narrow card; here somebody may look for "10 %" with grep.
  return blocks.join('\n\n').replaceAll('\u00A0', ' ');
}

/** The functions that Teams replaces by the reader's own date and time (cards/parts/time.ts). */
const inZone = (text: string, zone: string): string =>
  text.replace(/\{\{(DATE|TIME)\(([^,)]*)[^}]*\)\}\}/g, (whole, what: string, at: string) => {
    const local = zoned(at, zone);
    if (!local) return whole;
    return what === 'DATE' ? local.toPlainDate().toString() : local.toPlainTime().toString({ smallestUnit: 'minute' });
  });

function zoned(at: string, zone: string): Temporal.ZonedDateTime | undefined {
  try {
    return Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Commands = (action: Action) => string | undefined;

function linesOf(element: Element, commands: Commands): string[] {
  switch (element.type) {
    case 'Container':
      return containerLines(element, commands);
    case 'ColumnSet':
      return columnLines(element, commands);
    case 'Image':
      return [String(element['altText'] ?? '')].filter(Boolean);
    case 'TextBlock':
      return [unmarked(String(element['text'] ?? ''))];
    case 'Badge':
      return [`[${String(element['text'] ?? '')}]`];
    case 'FactSet':
      return factLines(element);
    case 'Table':
      return tableLines(element, commands);
    case 'ProgressBar':
      return [bar(Number(element['value']) / Number(element['max'] ?? 100), 20)];
    case 'ActionSet':
      return actionLines(element, commands);
    case 'Chart.HorizontalBar':
    case 'Chart.VerticalBar':
      return barLines(element);
    default:
      return otherLines(element, commands);
  }
}

/** What folds in a client stands open here: of its lines only the one above what is open says something. */
function containerLines(element: Element, commands: Commands): string[] {
  const lines = children(element['items']).flatMap((item) => linesOf(item, commands));
  const turns = (element['selectAction'] as Action | undefined)?.type === 'Action.ToggleVisibility';
  return turns ? lines.flatMap((line) => (line.startsWith('▾ ') ? line.slice(2) : [])) : lines;
}

function otherLines(element: Element, commands: Commands): string[] {
  if (element.type.startsWith('Input.')) return [`${String(element['label'] ?? element['id'] ?? 'field')}: …`];
  const { fallback } = element;
  if (typeof fallback === 'object') return linesOf(fallback, commands);
  return typeof element['title'] === 'string' ? [element['title']] : [];
}

const children = (value: unknown): Element[] => (Array.isArray(value) ? (value as Element[]) : []);

/** Columns stand beside each other when each is a line, and below each other otherwise. */
function columnLines(element: Element, commands: Commands): string[] {
  const columns = children(element['columns']).map((column) =>
    children(column['items']).flatMap((item) => linesOf(item, commands)),
  );
  const [first = [], ...rest] = columns;
  if (rest.every((lines) => lines.length <= 1)) {
    const joined = [first[0] ?? '', ...rest.map((lines) => lines[0] ?? '')].filter(Boolean).join('  ');
    return [joined, ...first.slice(1)];
  }
  return columns.flat();
}

function factLines(element: Element): string[] {
  const facts = children(element['facts']) as unknown as { title: string; value: string }[];
  const width = Math.max(0, ...facts.map(({ title }) => title.length));
  return facts.map(({ title, value }) => `${title.padEnd(width)}  ${unmarked(value)}`);
}

function tableLines(element: Element, commands: Commands): string[] {
  const rows = children(element['rows']).map((row) =>
    children(row['cells']).map((cell) =>
      children(cell['items'])
        .flatMap((item) => linesOf(item, commands))
        .join(' '),
    ),
  );
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const BAR_CELLS = 30;

function barLines(element: Element): string[] {
  const data = children(element['data']) as unknown as { x: string; y: number }[];
  const most = Math.max(0, ...data.map(({ y }) => y));
  const width = Math.max(0, ...data.map(({ x }) => x.length));
  return data.map(({ x, y }) => {
    const cells = most > 0 ? '█'.repeat(Math.max(y > 0 ? 1 : 0, Math.round((y / most) * BAR_CELLS))) : '';
    return `${x.padEnd(width)}  ${cells} ${Number(y.toFixed(2))}`;
  });
}

const bar = (share: number, cells: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return `${'▰'.repeat(filled)}${'▱'.repeat(cells - filled)}`;
};

function actionLines(element: Element, commands: Commands): string[] {
  return (children(element['actions']) as unknown as Action[]).flatMap((action) => {
    const command = commands(action);
    return command ? [`→ ${command}    (${action.title ?? ''})`] : [];
  });
}

/** Our own Markdown and Teams' mentions, as plain text. */
const unmarked = (text: string): string =>
  text
    .replace(/<\/?at>/g, '')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/\[([^\]]+)\]\((https:[^)]*)\)/g, '$1 ($2)')
    .replace(/\\([\\*_[\]])/g, '$1')
    .replace(/[\u200B\u2068\u2069]/g, '');
