import { stat } from 'node:fs/promises';
import { messageOf, Refused } from '../core/errors.ts';
import { type Lane, literal, quoted } from '../store/duck.ts';

export type Kind = 'number' | 'whole' | 'category' | 'other';

export interface ColumnInfo {
  name: string;
  kind: Kind;
  /** DuckDB's own type. */
  type: string;
}

const PARQUET = /\.parquet$/i;
const READERS: readonly (readonly [ending: RegExp, reader: (path: string, everything: boolean) => string])[] = [
  [PARQUET, (path) => `read_parquet(${literal(path)})`],
  [/\.(csv|tsv|txt)(\.gz)?$/i, (path, all) => `read_csv(${literal(path)}${all ? ', sample_size = -1' : ''})`],
  [
    /\.(jsonl|ndjson|json)(\.gz)?$/i,
    (path, all) => `read_json(${literal(path)}, format = 'newline_delimited'${all ? ', sample_size = -1' : ''})`,
  ],
];

export interface Loaded {
  columns: ColumnInfo[];
  /** SQL of a row's number, to take every n-th. */
  row: string;
}

const PARQUET_ROW = 'file_row_number';

/**
 * Makes a file's columns readable as `table`. Text is copied into DuckDB's own store, which is read many times faster;
 * Parquet is columns already and stays where it is. Types of text are guessed from the first rows; when a later row does
 * not fit they are guessed again from all. `Refused` when it cannot be read.
 */
export async function loadFile(duck: Lane, table: string, path: string, only?: readonly string[]): Promise<Loaded> {
  const reader = READERS.find(([ending]) => ending.test(path))?.[1];
  if (!reader) throw new Refused(`${path} is of no kind I can read.`, 'Give a .csv, .parquet or .jsonl file.');
  if (!(await isFile(path))) throw new Refused(`There is no file ${path}.`);
  let row = 'rowid';
  const load = async (everything: boolean) => {
    const from = reader(path, everything);
    const present = (await duck.rows(`describe select * from ${from}`)).map((row) => String(row['column_name']));
    const wanted = only ? present.filter((name) => only.includes(name)) : present;
    if (wanted.length === 0) throw new Refused(`${path} has none of the columns ${only?.join(', ') ?? ''}.`);
    const list = wanted.map(quoted).join(', ');
    if (PARQUET.test(path) && !present.includes(PARQUET_ROW)) {
      const numbered = `read_parquet(${literal(path)}, ${PARQUET_ROW} = true)`;
      await duck.run(`create view ${table} as select ${list}, ${PARQUET_ROW} from ${numbered}`);
      row = PARQUET_ROW;
    } else await duck.run(`create or replace table ${table} as select ${list} from ${from}`);
  };
  try {
    await load(false).catch((error: unknown) => {
      if (error instanceof Refused || PARQUET.test(path)) throw error;
      return load(true);
    });
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`${path} cannot be read: ${firstLine(messageOf(error))}`);
  }
  const described = await duck.rows(`describe ${table}`);
  const columns = described.map((each) => ({
    name: String(each['column_name']),
    type: String(each['column_type']),
    kind: kindOf(String(each['column_type'])),
  }));
  return { columns: columns.filter(({ name }) => name !== row), row };
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
