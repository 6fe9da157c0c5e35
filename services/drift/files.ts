import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf, Refused } from '../core/errors.ts';
import { type Lane, literal, quoted } from '../store/duck.ts';
import type { PlainLayout } from './plain-csv.ts';

export type Kind = 'number' | 'whole' | 'category' | 'other';

export interface ColumnInfo {
  name: string;
  kind: Kind;
  /** DuckDB's own type. */
  type: string;
}

const PARQUET = /\.parquet$/i;
const CSV = /\.(csv|tsv|txt)(\.gz)?$/i;
const READERS: readonly (readonly [ending: RegExp, reader: (path: string, everything: boolean) => string])[] = [
  [PARQUET, (path) => `read_parquet(${literal(path)})`],
  [CSV, (path, all) => `read_csv(${literal(path)}${all ? ', sample_size = -1' : ''})`],
  [
    /\.(jsonl|ndjson|json)(\.gz)?$/i,
    (path, all) =>
      `read_json(${literal(path)}, format = '${/\.json(\.gz)?$/i.test(path) ? 'auto' : 'newline_delimited'}'${all ? ', sample_size = -1' : ''})`,
  ],
];

/** A file whose columns are known and that nobody has read yet. */
export interface Opened {
  path: string;
  columns: readonly ColumnInfo[];
  /** SQL that reads it. */
  from: string;
  /** How its lines are laid out, for text that may be read as plain numerals. */
  layout: Omit<PlainLayout, 'wanted'> | undefined;
  /** Every field in the file's order, also those that are not compared. */
  fields: readonly string[];
}

/** A later row does not fit the types that the first ones promised: they have to be guessed from all rows. */
export class Unfit extends Error {}

/**
 * Looks at a file: which columns it has and how it is to be read. Types of text are guessed from its first rows, or from
 * all of them with `everything`. `Refused` when it cannot be read.
 */
export async function openFile(
  duck: Lane,
  path: string,
  { only, everything = false }: { only?: readonly string[] | undefined; everything?: boolean },
): Promise<Opened> {
  const reader = READERS.find(([ending]) => ending.test(path))?.[1];
  if (!reader) throw new Refused(`${path} is of no kind I can read.`, 'Give a .csv, .parquet or .jsonl file.');
  await mustBeFile(path);
  if (/\.gz$/i.test(path)) await mustBeWhole(path);
  const from = reader(path, everything);
  return readable(path, async () => {
    const described = await duck.rows(`describe select * from ${from}`);
    const fields = described.map((each) => String(each['column_name']));
    const columns = described
      .map((each) => ({
        name: String(each['column_name']),
        type: String(each['column_type']),
        kind: kindOf(String(each['column_type'])),
      }))
      .filter(({ name }) => !only || only.includes(name));
    if (columns.length === 0) throw new Refused(`${path} has none of the columns ${only?.join(', ') ?? ''}.`);
    const layout = CSV.test(path) && !everything ? await layoutOf(path, fields) : undefined;
    return { path, columns, from, layout, fields };
  });
}

const PARQUET_ROW = 'file_row_number';

/**
 * Makes some of a file's columns readable as `table` and returns the SQL of a row's number. Text is copied into DuckDB's
 * own memory, which is read many times faster; Parquet is columns already and stays where it is. `Unfit` when a row does
 * not have the type that was guessed.
 */
export async function makeTable(duck: Lane, table: string, file: Opened, names: readonly string[]): Promise<string> {
  const list = names.map(quoted).join(', ');
  return readable(file.path, async () => {
    if (PARQUET.test(file.path) && !file.fields.includes(PARQUET_ROW)) {
      const numbered = `read_parquet(${literal(file.path)}, ${PARQUET_ROW} = true)`;
      await duck.run(`create or replace view ${table} as select ${list}, ${PARQUET_ROW} from ${numbered}`);
      return PARQUET_ROW;
    }
    try {
      await duck.run(`create or replace table ${table} as select ${list} from ${file.from}`);
    } catch (error) {
      if (PARQUET.test(file.path) || file.from.includes('sample_size = -1')) throw error;
      throw new Unfit(messageOf(error));
    }
    return 'rowid';
  });
}

async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused || error instanceof Unfit) throw error;
    throw new Refused(
      `${path} cannot be read: ${reasonIn(messageOf(error))}`,
      'Give UTF-8 text with a line of names, JSON Lines or Parquet.',
    );
  }
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * `undefined` for packed text, and where no one mark parts the first line into just the names that DuckDB found: then there
 * is no header, or lines before it. Asking the sniffer for its marks costs more than reading a hundred thousand lines.
 */
async function layoutOf(path: string, fields: readonly string[]): Promise<Opened['layout']> {
  if (/\.gz$/i.test(path)) return undefined;
  const [first = ''] = (await beginningOf(path)).text.split(/\r?\n/, 1);
  const delimiter = DELIMITERS.find((mark) => sameNames(first.replace(/^\uFEFF/, '').split(mark), fields));
  return delimiter && { delimiter: delimiter.charCodeAt(0), quote: '"'.charCodeAt(0), fields: fields.length };
}

const sameNames = (found: readonly string[], names: readonly string[]): boolean =>
  found.length === names.length && found.every((name, i) => name.replace(/^"(.*)"$/, '$1') === names[i]);

const FIRST_BYTES = 1 << 16;

async function beginningOf(path: string): Promise<{ text: string; share: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(FIRST_BYTES);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return { text: new TextDecoder().decode(bytes.subarray(0, bytesRead)), share: size / Math.max(1, bytesRead) };
  } finally {
    await file.close();
  }
}

/** About how many lines a text file has, from its first ones. */
export async function linesIn(path: string): Promise<number> {
  const { text, share } = await beginningOf(path);
  return Math.ceil(Math.max(1, text.split('\n').length - 1) * share);
}

/** What DuckDB says, without its advice about its own settings; for a line of text its number and what is wrong with it. */
function reasonIn(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const line = /CSV Error on Line: (\d+)/.exec(lines[0] ?? '')?.[1];
  const what = line === undefined ? lines[0] : lines.slice(1).find((each) => !each.startsWith('Original Line'));
  const said = (what ?? lines[0] ?? '').replace(/^([A-Z][A-Za-z]* )*Error: /, '').slice(0, 300);
  if (/Error when sniffing/.test(said)) return 'it is no text of columns.';
  return line === undefined ? said : `line ${line}: ${said}`;
}

/** DuckDB takes what it gets of a packed file that ends early, and says nothing. */
async function mustBeWhole(path: string): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere);
  } catch (error) {
    throw new Refused(
      `${path} cannot be unpacked: ${messageOf(error)}.`,
      'Fetch it again: it may have been cut short.',
    );
  }
}

async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new Refused(`There is no file ${path}.`);
    throw new Refused(`${path} cannot be read: ${messageOf(error)}`);
  });
  if (!found.isFile()) throw new Refused(`${path} is no file.`, 'Give one .csv, .parquet or .jsonl file.');
  if (found.size === 0)
    throw new Refused(`${path} is empty.`, 'Give a file with a line of column names and rows below.');
}

function kindOf(type: string): Kind {
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return 'number';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'whole';
  return /^(VARCHAR|BOOLEAN|UUID|ENUM|JSON)/.test(type) ? 'category' : 'other';
}
