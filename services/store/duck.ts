import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, type DuckDBVector } from '@duckdb/node-api';
import { Refused } from '../core/errors.ts';

export type Value = string | number | boolean | null;

/** A line to DuckDB: one question at a time. */
export interface Lane {
  run(sql: string): Promise<void>;
  /** Small answers only: what is summed up, never the rows themselves. Whole numbers come as numbers. */
  rows(sql: string): Promise<Record<string, Value>[]>;
  /** The same by columns, for answers of some ten thousand lines. */
  columns(sql: string): Promise<Value[][]>;
  /** Columns of doubles, none of them null: without a box for each number. `rows` is how many there are at most. */
  doubles(sql: string, rows?: number): Promise<Float64Array[]>;
}

/** DuckDB in memory, with a directory of its own for what does not fit there, which is gone after `close`. */
export interface Duck extends Lane {
  /** Another line to the same tables: what one computes alone leaves a core idle. */
  lane(): Promise<Lane>;
  close(): Promise<void>;
}

export interface DuckOptions {
  /** What DuckDB may keep in memory; beyond it spills to the directory. */
  memoryMb?: number;
  threads?: number;
}

const MEMORY_MB = 1024;
const CHUNK_ROWS = 2048;

export async function openDuck({ memoryMb = MEMORY_MB, threads }: DuckOptions = {}): Promise<Duck> {
  const folder = await mkdtemp(join(tmpdir(), 'wardroom-columns-'));
  // In memory tables are not packed: packing a million rows costs more than comparing them.
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    temp_directory: join(folder, 'spill'),
    // Files are read by path only: nothing is fetched from the network, no extension is installed.
    autoinstall_known_extensions: 'false',
    preserve_insertion_order: 'false',
    ...(threads === undefined ? {} : { threads: String(threads) }),
  });
  const lanes: Connected[] = [];
  const lane = async (): Promise<Lane> => {
    const made = connected(await instance.connect());
    lanes.push(made);
    return made.lane;
  };
  return {
    ...(await lane()),
    lane,
    async close() {
      for (const each of lanes) await each.close();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Connected {
  lane: Lane;
  close(): Promise<void>;
}

function connected(connection: DuckDBConnection): Connected {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    // The next one waits for this one, not for its success.
    last = mine.catch(() => undefined);
    return mine;
  };
  const lane: Lane = {
    run: (sql) => inTurn(async () => void (await connection.run(sql))),
    rows: (sql) =>
      inTurn(async () => {
        const found = await connection.runAndReadAll(sql);
        return found
          .getRowObjects()
          .map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])));
      }),
    columns: (sql) =>
      inTurn(async () => (await connection.runAndReadAll(sql)).getColumns().map((column) => column.map(plain))),
    doubles: (sql, rows) => inTurn(async () => doublesOf(await connection.stream(sql), rows)),
  };
  return {
    lane,
    async close() {
      await last;
      connection.closeSync();
    },
  };
}

async function doublesOf(result: DuckDBResult, rows = CHUNK_ROWS): Promise<Float64Array[]> {
  let columns = Array.from({ length: result.columnCount }, () => new Float64Array(rows));
  let place = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    const count = chunk?.rowCount ?? 0;
    if (!chunk || count === 0) return columns.map((column) => column.subarray(0, place));
    if (place + count > (columns[0]?.length ?? 0))
      columns = columns.map((column) => {
        const larger = new Float64Array(2 * (place + count));
        larger.set(column.subarray(0, place));
        return larger;
      });
    columns.forEach((column, i) => {
      itemsInto(column, place, chunk.getColumnVector(i), count);
    });
    place += count;
  }
}

/** Copies a vector's own array where there is one: it is no part of the declared interface, so else one by one. */
function itemsInto(column: Float64Array, place: number, vector: DuckDBVector, count: number): void {
  const items: unknown = Reflect.get(vector, 'items');
  if (items instanceof Float64Array && items.length === count) column.set(items, place);
  else for (let i = 0; i < count; i++) column[place + i] = vector.getItem(i) as number;
}

function plain(value: unknown): Value {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' || value === null)
    return value;
  if (typeof value === 'bigint') return Number(value);
  throw new Refused(
    'A file holds values of a kind that cannot be compared.',
    'Leave nested columns out with --features.',
  );
}

/** A name or a path as SQL writes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
