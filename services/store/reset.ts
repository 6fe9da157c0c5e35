import { sql } from 'kysely';
import type { Db } from './store.ts';

/** Whether the database answers; a fault is handed to `onFault`, not thrown. */
export async function answers(db: Db, onFault: (error: unknown) => void): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    return true;
  } catch (error) {
    onFault(error);
    return false;
  }
}

/** The schema's own record, the one row that the audit chain ends in, and settings that are not numbers. */
const KEPT = /^(kysely_|audit_head$|settings$)/;

/** For the sandbox's reset: everything but the schema, and numbers start again. */
export async function forgetEverything(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(db);
  const emptied = rows.map(({ name }) => name).filter((name) => !KEPT.test(name));
  await sql`truncate ${sql.join(emptied.map((name) => sql.table(name)))} restart identity cascade`.execute(db);
  await sql`update audit_head set seq = 0, hash = repeat('0', 64)`.execute(db);
  await sql`delete from pgboss.job`.execute(db);
  await sql`delete from settings where key like 'number:%'`.execute(db);
}
