import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Temporal } from 'temporal-polyfill';
import { type MovableClock, movableClock } from '../services/core/clock.ts';
import { openStore, type Store } from '../services/store/store.ts';
import { copyTemplate } from './template.ts';

/** Monday afternoon in Northwind: the hour at which every story starts. */
export const START = Temporal.Instant.from('2026-11-23T14:05:00Z');

export const testClock = (start = START): MovableClock => movableClock({ start, frozen: true });

/** Whether the tests run on PostgreSQL (vitest.config.ts, test/postgres.ts) and not on PGlite. */
export const onPostgres = (): boolean => Boolean(process.env['WARDROOM_TEST_POSTGRES']);

/** A database of this name, new unless it exists, on the server of the tests; its address, or undefined on PGlite. */
export async function testDatabase(name: string): Promise<string | undefined> {
  const server = process.env['WARDROOM_TEST_POSTGRES'];
  if (!server) return undefined;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    const found = await admin.query('select from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await admin.query(`create database ${admin.escapeIdentifier(name)}`);
  } finally {
    await admin.end();
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

/** A migrated store of its own for one test file: PGlite from the template, or a fresh database on PostgreSQL. */
export async function testStore(): Promise<Store> {
  const url = await testDatabase(`t_${process.pid}_${Math.random().toString(36).slice(2)}`);
  if (url) return openStore({ url });
  const directory = mkdtempSync(join(tmpdir(), 'wardroom-store-'));
  await copyTemplate(directory);
  const store = await openStore({ directory });
  return {
    ...store,
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
