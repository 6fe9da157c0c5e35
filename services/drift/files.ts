import { stat } from 'node:fs/promises';
import { messageOf, Refused } from '../core/errors.ts';
import { type Duck, literal, quoted } from './duck.ts';

export type Kind = 'number' | 'whole' | 'category' | 'other';

export interface ColumnInfo {
  name: string;
  kind: Kind;
  /** DuckDB's own type. */
  type: string;
}

const READERS: readonly (readonly [ending: RegExp, reader: (path: string, everything: boolean) => string])[] = [
  [/\.parquet$/i, (path) => `read_parquet(${literal(path)})`],
  [/\.(csv|tsv|txt)(\.gz)?$/i, (path, all) => `read_csv(${literal(path)}${all ? ', sample_size = -1' : ''})`],
  [
    /\.(jsonl|ndjson|json)(\.gz)?$/i,
    (path, all) => `read_json(${literal(path)}, format = 'newline_delimited'${all ? ', sample_size = -1' : ''})`,
  ],
];

/**
 * Copies a file's columns into DuckDB's own store, which is read many times faster than the text. Types are guessed from
 * the first rows; when a later row does not fit they are guessed again from all. `Refused` when it cannot be read.
 */
export async function loadFile(
  duck: Duck,
  table: string,
  path: string,
  only?: readonly string[],
): Promise<ColumnInfo[]> {
  const reader = READERS.find(([ending]) => ending.test(path))?.[1];
  if (!reader) throw new Refused(`${path} is of no kind I can read.`, 'Give a .csv, .parquet or .jsonl file.');
  if (!(await isFile(path))) throw new Refused(`There is no file ${path}.`);
  const load = async (everything: boolean) => {
    const from = reader(path, everything);
    const present = (await duck.rows(`describe select * from ${from}`)).map((row) => String(row['column_name']));
    const wanted = only ? present.filter((name) => only.includes(name)) : present;
    if (wanted.length === 0) throw new Refused(`${path} has none of the columns ${only?.join(', ') ?? ''}.`);
    await duck.run(`create or replace table ${table} as select ${wanted.map(quoted).join(', ')} from ${from}`);
  };
  try {
    await load(false).catch((error: unknown) => {
      if (error instanceof Refused || /\.parquet$/i.test(path)) throw error;
      return load(true);
    });
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`${path} cannot be read: ${firstLine(messageOf(error))}`);
  }
  const columns = await duck.rows(`describe ${table}`);
  return columns.map((row) => ({
    name: String(row['column_name']),
    type: String(row['column_type']),
    kind: kindOf(String(row['column_type'])),
  }));
}

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, 300) ?? '';

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

function kindOf(type: string): Kind {
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return 'number';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'whole';
  return /^(VARCHAR|BOOLEAN|UUID|ENUM|JSON)/.test(type) ? 'category' : 'other';
}
