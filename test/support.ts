import { Temporal } from 'temporal-polyfill';
import { type MovableClock, movableClock } from '../services/core/clock.ts';
import { openStore, type Store } from '../services/store/store.ts';

/** Monday afternoon in Northwind: the hour at which every story starts. */
export const START = Temporal.Instant.from('2026-11-23T14:05:00Z');

export const testClock = (start = START): MovableClock => movableClock({ start, frozen: true });

/**
 * A migrated store of its own for one test file: PGlite in memory, or a fresh database on the PostgreSQL that
 * `WARDROOM_TEST_POSTGRES` names (test/postgres.ts starts one), so that the same tests run on both.
 */
export async function testStore(): Promise<Store> {
  const server = process.env['WARDROOM_TEST_POSTGRES'];
  if (!server) return openStore({});
  const { default: pg } = await import('pg');
  const name = `t_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return openStore({ url: url.toString() });
}
