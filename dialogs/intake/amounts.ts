import { z } from 'zod/v4';

/**
 * Money and counts as people type or paste them: "120000", "120 000", "1,200,000.50", "1.200.000,50", "€ 120k". What could
 * mean two things ("120.000": a hundred and twenty, or a thousand times that) is nothing, and so is what is negative.
 */
export function readAmount(words: string): string | undefined {
  const [, digits = '', unit = ''] =
    /^(?:[\p{Sc}]|[A-Z]{3}\b)?\s*(\d[\d.,'’\s]*?)\s*(k|m|mio|bn)?\s*(?:[\p{Sc}]|\b[A-Z]{3})?$/iu.exec(words.trim()) ??
    [];
  const plain = plainOf(digits.replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/gu, '\u0000'));
  if (plain === undefined) return undefined;
  const [whole = '', behind = ''] = plain.split('.');
  const moved = `${whole}${behind.padEnd(ZEROS[unit.toLowerCase()] ?? 0, '0')}`;
  const point = whole.length + (ZEROS[unit.toLowerCase()] ?? 0);
  const front = moved.slice(0, point).replace(/^0+(?=\d)/, '');
  const rest = moved.slice(point).replace(/0+$/, '');
  // Read once more, "1.125" would mean two things.
  const twofold = rest.length === 3 && front.length <= 3 && front !== '0';
  const value = `${front}${rest ? `.${rest}${twofold ? '0' : ''}` : ''}`;
  return WRITTEN.test(value) ? value : undefined;
}

/** As it is stored. */
const WRITTEN = /^\d{1,12}(\.\d{1,4})?$/;
const ZEROS: Readonly<Record<string, number>> = { k: 3, m: 6, mio: 6, bn: 9 };

/** Digits with at most one point, from digits with groups; `\0` is a group for certain. */
function plainOf(digits: string): string | undefined {
  const grouped = digits.includes('\u0000');
  const said = digits.replaceAll('\u0000', '');
  const marks = said.replace(/\d/g, '');
  if (!/^\d[\d.,]*$/.test(said) || /[.,]$/.test(said)) return undefined;
  if (marks === '') return said;
  if (marks.length === 1) {
    const [whole = '', behind = ''] = said.split(marks);
    const twofold = behind.length === 3 && whole.length <= 3 && whole !== '0' && !grouped;
    return twofold || whole === '' ? undefined : `${whole}.${behind}`;
  }
  const last = marks.at(-1) ?? '';
  const groups = marks.slice(0, -1);
  // All the same mark: groups of three, and no decimals. Else the last mark stands before the decimals.
  const [mark, whole, behind] = groups.includes(last)
    ? [last, said, '']
    : [groups[0] ?? '', said.slice(0, said.lastIndexOf(last)), said.slice(said.lastIndexOf(last) + 1)];
  const fits = new RegExp(`^\\d{1,3}(\\${mark}\\d{3})+$`).test(whole);
  return fits ? `${whole.replaceAll(mark, '')}${behind ? `.${behind}` : ''}` : undefined;
}

/**
 * One amount for each year, typed or pasted from a table: a year ends with a line, a tab or a semicolon where there is one,
 * else with a space or a comma and a space. Undefined when one of them cannot be read for certain.
 */
export function readYears(words: string): string[] | undefined {
  const said = words.trim();
  const parts = /[\n\r\t;]/.test(said) ? said.split(/[\n\r\t;]+/) : said.split(/,\s+|\s+/);
  // "400 000 300 000" is two years, not four: groups between spaces cannot be told from years between spaces.
  if (parts.length > 1 && parts.some((part) => /^0\d\d$/.test(part))) return undefined;
  const amounts = parts.flatMap((part) => (part.trim() ? [readAmount(part)] : []));
  return amounts.length > 0 && amounts.every((each) => each !== undefined) ? (amounts as string[]) : undefined;
}

/** A field for money or a count, stored in plain digits. */
export const amount = (what: string) =>
  z
    .string()
    .trim()
    .max(40)
    .transform((words, context) => {
      const read = readAmount(words);
      if (read === undefined) context.addIssue({ code: 'custom', message: `write ${what}` });
      return read ?? '';
    })
    .meta({ argument: 'text', description: `${what}, not negative, such as 120000 or 0.02 (not 120.000)` });

/** A field for one amount a year, stored with a space between them. */
export const amounts = (what: string) =>
  z
    .string()
    .trim()
    .max(600)
    .transform((words, context) => {
      const read = readYears(words);
      if (!read || read.length > MOST_YEARS) context.addIssue({ code: 'custom', message: `write ${what}` });
      return read?.join(' ') ?? '';
    })
    .meta({
      argument: 'text',
      description: `${what}, one number a year on lines or with semicolons, such as 100000; 300000 (not 100.000)`,
    });
const MOST_YEARS = 15;
