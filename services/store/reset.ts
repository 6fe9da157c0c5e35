import { sql } from 'kysely';
import type { Faults } from '../core/faults.ts';
import type { Db } from './store.ts';
import { inTransaction } from './transaction.ts';

/** Whether the database answers; a fault is logged by `met`, not thrown. */
export async function answers(db: Db, met: Faults): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    met.worked();
    return true;
  } catch (error) {
    met.failed(error);
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
  // Somebody who still writes may be in the way.
  await inTransaction(db, async (tx) => {
    await sql`truncate ${sql.join(emptied.map((name) => sql.table(name)))} restart identity cascade`.execute(tx);
    await sql`update audit_head set seq = 0, hash = repeat('0', 64)`.execute(tx);
    await sql`delete from pgboss.job`.execute(tx);
    await sql`delete from settings where key like 'number:%'`.execute(tx);
  });
}
