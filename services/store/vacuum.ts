import { sql } from 'kysely';
import type { Store } from './store.ts';

/** PostgreSQL's own defaults: https://www.postgresql.org/docs/current/runtime-config-autovacuum.html */
const THRESHOLD = 50;
const SCALE_FACTOR = 0.2;

/**
 * Frees the space of rows that were changed or deleted, and renews the planner's statistics, of each table that has enough of
 * them; the names of those tables. PGlite is PostgreSQL in single-user mode, which runs no autovacuum: a table of a thousand
 * rows that change all day would grow for as long as the house stands. A server does this by itself and is left alone.
 *
 * Table by table, so that whoever waits for the one connection waits for one table only. Not inside a transaction.
 */
export async function vacuum({ kind, db }: Store): Promise<string[]> {
  if (kind === 'postgres') return [];
  // Counts are written once a second otherwise.
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, relname as name from pg_stat_user_tables
    where n_dead_tup > ${THRESHOLD}::float + ${SCALE_FACTOR}::float * n_live_tup order by n_dead_tup desc`.execute(db);
  for (const { schema, name } of rows) await sql`vacuum (analyze) ${sql.id(schema, name)}`.execute(db);
  return rows.map(({ schema, name }) => `${schema}.${name}`);
}
