import { sql } from 'kysely';
import type { Db, Store, Tx } from './store.ts';

/** What went over: rows by table, of tables that had any. */
export interface Copied {
  tables: ReadonlyMap<string, number>;
  jobs: number;
}

/** The store that should be written to holds something already: nothing was changed in it. */
export class NotEmpty extends Error {}

/** Rows of one statement, fewer where rows are large. */
const MOST_ROWS = 1_000;
const MOST_BYTES = 8 * 2 ** 20;

/**
 * Copies everything from one store into another, empty one, as one transaction: the record with its hashes, numbers that go
 * on where they were, cards that can still be edited, timers that are still to come. Both are migrated to the same schema,
 * pg-boss's tables included, and nobody else works on either. Throws NotEmpty, or what the database says; then the target is
 * as it was.
 */
export async function copyStore(from: Store, to: Store): Promise<Copied> {
  return to.db.transaction().execute(async (tx) => {
    const names = await tablesOf(from.db);
    await sql`lock table audit_head in exclusive mode`.execute(tx);
    await refuseUnlessEmpty(tx, names);
    const tables = new Map<string, number>();
    // What a migration put there stands in the source as well.
    for (const name of names) await sql`delete from ${sql.table(name)}`.execute(tx);
    for (const name of names) {
      const rows = await copyTable(from.db, tx, name, name);
      if (rows > 0) tables.set(name, rows);
    }
    await copySequences(from.db, tx);
    return { tables, jobs: await copyTable(from.db, tx, 'pgboss.job_common', 'pgboss.job', sql`and state < 'active'`) };
  });
}

/** Names of pg-boss's queues: each must be there before a job of it is. */
export async function queuesOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from pgboss.queue`.execute(db);
  return rows.map(({ name }) => name);
}

/** Tables of the schema, but for its own record, each after those it refers to. */
async function tablesOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string; needs: string[] }>`
    select c.relname as name, array(select distinct f.confrelid::regclass::text from pg_constraint f
      where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
    order by 1`.execute(db);
  const ordered: string[] = [];
  let left = rows;
  while (left.length > 0) {
    const ready = left.filter(({ needs }) => needs.every((need) => ordered.includes(need)));
    if (ready.length === 0) throw new Error(`${left.map(({ name }) => name).join(', ')} refer to each other`);
    ordered.push(...ready.map(({ name }) => name));
    left = left.filter((table) => !ready.includes(table));
  }
  return ordered;
}

/** A fresh schema holds nothing but the head of an empty record. */
async function refuseUnlessEmpty(tx: Tx, names: readonly string[]): Promise<void> {
  const { rows } = await sql<{ seq: number }>`select seq from audit_head`.execute(tx);
  if (rows.some(({ seq }) => seq > 0)) throw new NotEmpty('it has a record of its own already');
  for (const name of names.filter((each) => each !== 'audit_head')) {
    const found = await sql`select from ${sql.table(name)} limit 1`.execute(tx);
    if (found.rows.length > 0) throw new NotEmpty(`its table ${name} is not empty`);
  }
}

/** Every value travels as PostgreSQL writes it, so that nothing is rounded, and no JSON is written anew. */
async function copyTable(from: Db, tx: Tx, source: string, target: string, where = sql``): Promise<number> {
  const columns = await columnsOf(from, source);
  const limit = await rowsAtOnce(from, source);
  const texts = columns.map(({ name }) => sql`${sql.ref(name)}::text as ${sql.ref(name)}`);
  let copied = 0;
  // From place to place: nobody writes here, so that a row stays where it is.
  for (let last = '(0,0)'; ; ) {
    const { rows } = await sql<Record<string, string | null>>`select ctid::text as "row.place", ${sql.join(texts)}
      from ${sql.table(source)} where ctid > ${last}::tid ${where} order by ctid limit ${limit}`.execute(from);
    if (rows.length === 0) return copied;
    const values = columns.map(({ name }) => sql`${rows.map((row) => row[name] ?? null)}::text[]`);
    const refs = columns.map(({ name }) => sql.ref(name));
    const typed = columns.map(({ name, type }) => sql`u.${sql.ref(name)}::${sql.raw(type)}`);
    await sql`insert into ${sql.table(target)} (${sql.join(refs)}) overriding system value
      select ${sql.join(typed)} from unnest(${sql.join(values)}) as u (${sql.join(refs)})`.execute(tx);
    copied += rows.length;
    last = rows.at(-1)?.['row.place'] ?? last;
  }
}

async function columnsOf(db: Db, table: string): Promise<{ name: string; type: string }[]> {
  const { rows } = await sql<{ name: string; type: string }>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`.execute(
    db,
  );
  return rows;
}

async function rowsAtOnce(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ bytes: number; n: number }>`
    select pg_total_relation_size(${table}::regclass) as bytes, (select count(*) from ${sql.table(table)}) as n`.execute(
    db,
  );
  const { bytes, n } = rows[0] ?? { bytes: 0, n: 0 };
  return n === 0 ? 1 : Math.max(1, Math.min(MOST_ROWS, Math.floor((MOST_BYTES * n) / bytes)));
}

/** Numbers go on where they were. */
async function copySequences(from: Db, tx: Tx): Promise<void> {
  const { rows } = await sql<{ name: string; last: string | null }>`
    select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public'`.execute(from);
  for (const { name, last } of rows) {
    if (last !== null) await sql`select setval(${`public.${name}`}::regclass, ${last}::bigint)`.execute(tx);
  }
}
