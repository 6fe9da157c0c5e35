import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { type Db as BossDb, fromPglite } from 'pg-boss';
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

/** Locks that end with the process: nothing to renew, nothing to expire, no clock involved. */
export interface Locks {
  /** False when another process (or this one) holds it. */
  take(name: string): Promise<boolean>;
  give(name: string): Promise<void>;
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
  const dataDir = directory ? join(directory, 'pgdata') : undefined;
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const pglite = await PGlite.create({
    ...(dataDir ? { dataDir } : {}),
    parsers: { [TIMESTAMPTZ]: iso, [INT8]: Number },
  });
  const db = new Kysely<Tables>({ dialect: pgliteDialect(pglite) });
  await migrate(db as unknown as Kysely<never>);
  return { db, kind: 'pglite', locks: processLocks(), boss: fromPglite(pglite), close: () => db.destroy() };
}

async function openPostgres(url: string, poolSize: number): Promise<Store> {
  const types: pg.CustomTypesConfig = {
    getTypeParser: ((oid: number, format: 'text') =>
      oid === TIMESTAMPTZ ? iso : oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as never,
  };
  const pool = new pg.Pool({ connectionString: url, max: poolSize, types });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
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

function processLocks(): Locks {
  const held = new Set<string>();
  return {
    take: async (name) => !held.has(name) && !!held.add(name),
    give: async (name) => void held.delete(name),
  };
}

/**
 * pg_try_advisory_lock on one dedicated session. PostgreSQL gives the locks back when the process or its connection
 * dies, so a killed replica's conversations are free at once, and clocks that disagree cannot make two holders.
 */
function sessionLocks(url: string): Locks & { close(): Promise<void> } {
  const held = new Set<string>();
  let client: pg.Client | undefined;
  const connect = async (): Promise<pg.Client> => {
    if (client) return client;
    const fresh = new pg.Client({ connectionString: url });
    const drop = () => {
      if (client === fresh) client = undefined;
      held.clear();
    };
    fresh.on('error', drop);
    fresh.on('end', drop);
    await fresh.connect();
    client = fresh;
    return fresh;
  };
  return {
    async take(name) {
      if (held.has(name)) return false;
      const session = await connect();
      held.add(name);
      try {
        const { rows } = await session.query<{ ok: boolean }>(
          'select pg_try_advisory_lock(hashtextextended($1, 7411)) as ok',
          [name],
        );
        if (!rows[0]?.ok) held.delete(name);
        return rows[0]?.ok ?? false;
      } catch (error) {
        held.delete(name);
        throw error;
      }
    },
    async give(name) {
      if (!held.delete(name) || !client) return;
      await client.query('select pg_advisory_unlock(hashtextextended($1, 7411))', [name]);
    },
    async close() {
      await client?.end();
    },
  };
}
