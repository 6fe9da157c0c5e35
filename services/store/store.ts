import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { type Db as BossDb, fromPglite } from 'pg-boss';
import { messageOf, Unavailable } from '../core/errors.ts';
import { type Locks, processLocks, sessionLocks } from './locks.ts';
import { migrate } from './migrate.ts';
import { pgliteDialect } from './pglite.ts';
import type { Tables } from './tables.ts';

/** The database or a transaction on it: everything that reads or writes takes one of these. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Store {
  db: Db;
  kind: 'pglite' | 'postgres';
  /** A connection of its own for session-level advisory locks; PGlite has only one connection and needs no lock. */
  locks: Locks;
  /** How pg-boss reaches the same database for statements of its own (its schema, its housekeeping). */
  boss: BossDb;
  close(): Promise<void>;
}

// timestamptz as ISO 8601 text: no Date objects beyond this line. 1184 is the type's oid in pg_type.
const TIMESTAMPTZ = 1184;
const INT8 = 20;
const iso = (text: string): string => new Date(text).toISOString();

/**
 * Opens PGlite in `directory` (memory when it is undefined), or PostgreSQL when `url` is given, and migrates.
 * PGlite data survives `kill -9`: it is PostgreSQL's own write-ahead log on the file system.
 */
export async function openStore(options: { url?: string; directory?: string; poolSize?: number }): Promise<Store> {
  return options.url ? openPostgres(options.url, options.poolSize ?? 10) : openPglite(options.directory);
}

async function openPglite(directory: string | undefined): Promise<Store> {
  const made = directory ? prepare(directory) : undefined;
  const pglite = await PGlite.create({
    ...(made ? { dataDir: made.dataDir } : {}),
    parsers: { [TIMESTAMPTZ]: iso, [INT8]: Number },
  });
  made?.done();
  const db = new Kysely<Tables>({ dialect: pgliteDialect(pglite) });
  await migrate(db as unknown as Kysely<never>);
  return { db, kind: 'pglite', locks: processLocks(), boss: fromPglite(pglite), close: () => db.destroy() };
}

/**
 * A process that is killed while PGlite makes its files for the first time leaves half a database, which cannot be opened
 * and holds nothing: a mark stands beside it for as long as it is made.
 */
function prepare(directory: string): { dataDir: string; done: () => void } {
  const dataDir = join(directory, 'pgdata');
  const mark = join(directory, 'pgdata.unfinished');
  if (existsSync(mark)) rmSync(dataDir, { recursive: true, force: true });
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(mark, '');
  }
  return { dataDir, done: () => rmSync(mark, { force: true }) };
}

/** A server that says nothing for so long is not there any more; whoever waits for it learns it. */
const SILENCE_MS = 15_000;
/** For a connection of the pool, new or free. */
const CONNECT_WITHIN_MS = 5_000;

function listening(): Socket {
  const socket = new Socket();
  socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('the database does not answer')));
  return socket;
}

async function openPostgres(url: string, poolSize: number): Promise<Store> {
  const types: pg.CustomTypesConfig = {
    getTypeParser: ((oid: number, format: 'text') =>
      oid === TIMESTAMPTZ ? iso : oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as never,
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    types,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    stream: listening,
  });
  // A connection that breaks is replaced by the pool, and who used it is told by the query; without listeners on the
  // pool (idle ones) and on the client (those in use) it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  // Who gets no connection in time has changed nothing, and is told so: it is the database, not what was asked.
  const connect = async () => {
    try {
      return await pool.connect();
    } catch (error) {
      throw new Unavailable('The database', messageOf(error), { cause: error });
    }
  };
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } }),
  });
  await migrate(db as unknown as Kysely<never>);
  const locks = sessionLocks(url);
  return {
    db,
    kind: 'postgres',
    locks,
    boss: { executeSql: (text, values) => pool.query(text, values) },
    close: async () => {
      await locks.close();
      await db.destroy();
    },
  };
}
