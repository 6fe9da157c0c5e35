import { PGlite } from '@electric-sql/pglite';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgliteDialect } from '../../../services/store/pglite.ts';

interface Things {
  things: { id: number; name: string | null; tags: string[]; more: unknown; ok: boolean | null };
}

let pglite: PGlite;
let db: Kysely<Things>;
beforeAll(async () => {
  pglite = await PGlite.create();
  db = new Kysely<Things>({ dialect: pgliteDialect(pglite) });
  await sql`create table things (id int primary key, name text, tags text[] not null, more jsonb, ok boolean)`.execute(
    db,
  );
});
afterAll(() => db.destroy());

const thing = (id: number) => ({ id, name: `thing ${id}`, tags: [], more: '{}', ok: true });
const ids = async () =>
  (await db.selectFrom('things').select('id').orderBy('id').execute()).map(({ id }: { id: number }) => id);

describe('Kysely over PGlite by prepared statements', () => {
  it('reads back what was written, of every type', async () => {
    const row = { id: 1, name: 'O\'Hara \u{1F600} \\ "', tags: ['a,b', '{}', '"'], more: '{"a":[1,null]}', ok: false };
    await db.insertInto('things').values(row).execute();
    await db.insertInto('things').values({ id: 2, name: null, tags: [], more: null, ok: null }).execute();
    expect(await db.selectFrom('things').selectAll().orderBy('id').execute()).toEqual([
      { ...row, more: { a: [1, null] } },
      { id: 2, name: null, tags: [], more: null, ok: null },
    ]);
    await db.deleteFrom('things').execute();
  });

  it('tells how many rows a statement touched', async () => {
    const inserted = await db
      .insertInto('things')
      .values([thing(1), thing(2)])
      .executeTakeFirst();
    expect(inserted.numInsertedOrUpdatedRows).toBe(2n);
    const updated = await db.updateTable('things').set({ name: 'x' }).where('id', '=', 2).executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(1n);
    const deleted = await db.deleteFrom('things').executeTakeFirst();
    expect(deleted.numDeletedRows).toBe(2n);
  });

  it('keeps what others ask outside of a transaction that is open', async () => {
    let seen: Promise<number[]> = Promise.resolve([]);
    let direct: Promise<unknown> = Promise.resolve();
    const failed = db.transaction().execute(async (tx) => {
      await tx.insertInto('things').values(thing(1)).execute();
      seen = ids();
      // As pg-boss does with statements of its own.
      direct = pglite.query('insert into things values (9, null, array[]::text[], null, null)');
      await tx.insertInto('things').values(thing(2)).execute();
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await direct;
    expect((await seen).filter((id) => id < 9)).toEqual([]);
    expect(await ids()).toEqual([9]);
    await db.deleteFrom('things').execute();
  });

  it('goes on after a statement that failed', async () => {
    await db.insertInto('things').values(thing(1)).execute();
    await expect(db.insertInto('things').values(thing(1)).execute()).rejects.toMatchObject({ code: '23505' });
    await expect(sql`select nothing from nowhere`.execute(db)).rejects.toMatchObject({ code: '42P01' });
    await db.insertInto('things').values(thing(2)).execute();
    expect(await ids()).toEqual([1, 2]);
    await db.deleteFrom('things').execute();
  });

  it('does not take a transaction for committed when one of its statements failed', async () => {
    const swallowed = db.transaction().execute(async (tx) => {
      await tx.insertInto('things').values(thing(1)).execute();
      await tx
        .insertInto('things')
        .values(thing(1))
        .execute()
        .catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow('rolled back');
    expect(await ids()).toEqual([]);
    await db.insertInto('things').values(thing(3)).execute();
    expect(await ids()).toEqual([3]);
    await db.deleteFrom('things').execute();
  });

  it('follows a table that was changed after its statement was prepared', async () => {
    const all = () => sql<object>`select * from changing`.execute(db);
    await sql`create table changing (a int)`.execute(db);
    await sql`insert into changing values (1)`.execute(db);
    expect((await all()).rows).toEqual([{ a: 1 }]);
    await sql`alter table changing add column b text default 'new'`.execute(db);
    await all().catch(() => undefined);
    expect((await all()).rows).toEqual([{ a: 1, b: 'new' }]);
  });

  it('finds a row by index again after its table has grown', async () => {
    await sql`create table growing (id int, more text)`.execute(db);
    await sql`create index growing_id on growing (id)`.execute(db);
    const find = (id: number) => sql<{ more: string }>`select more from growing where id = ${id}`.execute(db);
    const name = async () => {
      const { rows } = await sql<{ name: string }>`select name from pg_prepared_statements
        where statement = 'select more from growing where id = $1'`.execute(db);
      return rows[0]?.name ?? '';
    };
    for (let n = 0; n < 50; n += 1) await find(n);
    const before = await name();
    await sql`insert into growing select n, 'x' from generate_series(1, 20000) n`.execute(db);
    for (let n = 0; n < 500; n += 1) expect((await find(7)).rows).toEqual([{ more: 'x' }]);
    expect(await name()).not.toBe(before);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain execute ${sql.raw(await name())} (7)`.execute(db);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('growing_id');
  });

  it('prepares more statements than it keeps', async () => {
    for (let n = 0; n < 900; n += 1) {
      const { rows } = await sql<{ n: number }>`select ${sql.lit(n)}::int as n`.execute(db);
      expect(rows).toEqual([{ n }]);
    }
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_prepared_statements`.execute(db);
    expect(rows[0]?.n).toBeLessThanOrEqual(401);
  });

  it('answers in the order of asking when many ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) =>
        n % 5 === 0
          ? db.transaction().execute((tx) => sql<{ n: number }>`select ${n}::int as n`.execute(tx))
          : sql<{ n: number }>`select ${n}::int as n`.execute(db),
      ),
    );
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });
});
