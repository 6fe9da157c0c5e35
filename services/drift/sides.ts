import { type Census, sortDoubles } from '../statistics/index.ts';
import { type Lane, quoted } from '../store/duck.ts';
import { type ColumnInfo, type Opened, Unfit } from './files.ts';
import { readPlain } from './plain-csv.ts';

/** One file of a comparison, and how its columns are read. */
export interface Side {
  file: Opened;
  columns: readonly ColumnInfo[];
  /** Its table in DuckDB, with the columns that are asked there. */
  table: string;
  /** SQL of a row's number. */
  row: string;
  /** Rows of the file. */
  rows: number;
  /** Rows of its table: the file's, unless a profile leaves some out. */
  kept: number;
  /** Its numbers are read straight from the text. */
  plain: boolean;
}

/** A column's finite numbers in no order, and what else was in it. */
export interface Lifted extends Census {
  values: Float64Array;
}

/** Some columns of numbers at once, in memory. `Unfit` when a plain text turns out to be none. */
export const lift = (duck: Lane, side: Side, columns: readonly ColumnInfo[]): Promise<Lifted[]> =>
  side.plain ? fromText(side, columns) : fromTable(duck, side, columns);

async function fromText(side: Side, columns: readonly ColumnInfo[]): Promise<Lifted[]> {
  const { file } = side;
  const places = columns.map(({ name }) => file.fields.indexOf(name));
  const wanted = [...places].sort((a, b) => a - b);
  const found = file.layout && (await readPlain(file.path, { ...file.layout, wanted }));
  if (!found) throw new Unfit(`${file.path} is no plain text of numbers`);
  side.rows = found.rows;
  side.kept = found.rows;
  return places.map((place) => {
    const { values, nulls } = found.columns[wanted.indexOf(place)] ?? { values: new Float64Array(0), nulls: 0 };
    return { rows: found.rows, nulls, nan: 0, infinite: 0, wrongType: 0, values: positiveZero(values) };
  });
}

/** NaN stands for what is missing or no number on the way; how many of them are nulls, DuckDB counts without reading the values. */
async function fromTable(duck: Lane, { table, kept }: Side, columns: readonly ColumnInfo[]): Promise<Lifted[]> {
  const numbers = columns.map((column) => `coalesce(${numberSql(column)}, 'nan'::double)`);
  const found = await duck.doubles(`select ${numbers.join(', ')} from ${table}`, kept);
  const present = columns.map((column, i) => `count(${quoted(column.name)}) as n${i}, ${wrongSql(column)} as w${i}`);
  const [row = {}] = await duck.rows(`select ${present.join(', ')} from ${table}`);
  return found.map((all, i) => {
    const { values, infinite } = finiteOf(all);
    const nulls = kept - Number(row[`n${i}`]);
    const wrongType = Number(row[`w${i}`]);
    return { rows: kept, nulls, wrongType, infinite, nan: kept - nulls - wrongType - infinite - values.length, values };
  });
}

export const numberSql = ({ name, kind }: ColumnInfo): string =>
  kind === 'category' ? `try_cast(${quoted(name)} as double)` : `${quoted(name)}::double`;

const wrongSql = (column: ColumnInfo): string =>
  column.kind === 'category'
    ? `count(*) filter (${quoted(column.name)} is not null and ${numberSql(column)} is null)`
    : '0';

/** Moves the finite ones to the front. */
function finiteOf(all: Float64Array): { values: Float64Array; infinite: number } {
  let [place, infinite] = [0, 0];
  for (let i = 0; i < all.length; i++) {
    const value = all[i] as number;
    if (value - value === 0) all[place++] = value + 0;
    else if (!Number.isNaN(value)) infinite++;
  }
  return { values: all.subarray(0, place), infinite };
}

/** −0 is 0. */
function positiveZero(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + 0;
  return values;
}

/** A lifted column as the statistics want it; `scratch` is room to sort in. */
export function sortedColumn({ values, ...census }: Lifted, scratch?: Float64Array) {
  return { ...census, sorted: sortDoubles(values, scratch) };
}
