import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult } from '@duckdb/node-api';
import { Refused } from '../core/errors.ts';

export type Value = string | number | boolean | null;

/** A line to DuckDB: one question at a time. */
export interface Lane {
  run(sql: string): Promise<void>;
  /** Small answers only: what is summed up, never the rows themselves. Whole numbers come as numbers. */
  rows(sql: string): Promise<Record<string, Value>[]>;
  /** The same by columns, for answers of some ten thousand lines. */
  columns(sql: string): Promise<Value[][]>;
  /** Columns of doubles, none of them null: without a box for each number. */
  doubles(sql: string): Promise<Float64Array[]>;
}

/** DuckDB over a directory of its own, which is gone after `close`. */
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

export async function openDuck({ memoryMb = MEMORY_MB, threads }: DuckOptions = {}): Promise<Duck> {
  const folder = await mkdtemp(join(tmpdir(), 'wardroom-columns-'));
  const instance = await DuckDBInstance.create(join(folder, 'columns.db'), {
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
    doubles: (sql) => inTurn(async () => doublesOf(await connection.run(sql))),
  };
  return {
    lane,
    async close() {
      await last;
      connection.closeSync();
    },
  };
}

async function doublesOf(result: DuckDBResult): Promise<Float64Array[]> {
  const chunks = await result.fetchAllChunks();
  const rows = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
  return Array.from({ length: result.columnCount }, (_, column) => {
    const all = new Float64Array(rows);
    let place = 0;
    for (const chunk of chunks) {
      const vector = chunk.getColumnVector(column);
      for (let i = 0; i < chunk.rowCount; i++) all[place++] = vector.getItem(i) as number;
    }
    return all;
  });
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
