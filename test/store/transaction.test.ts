import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Unavailable, Unsure } from '../../services/core/errors.ts';
import { openStore, type Store, type Tx } from '../../services/store/store.ts';
import { inTransaction, inTurn } from '../../services/store/transaction.ts';
import { pause } from '../story/killed.ts';
import { testDatabase, testStore } from '../support.ts';

let store: Store;
beforeAll(async () => {
  store = await testStore();
  await sql`create table boxes (name text primary key, n int not null)`.execute(store.db);
  await sql`insert into boxes values ('left', 0), ('right', 0)`.execute(store.db);
});
afterAll(() => store.close());

const add = (tx: Tx, name: string) => sql`update boxes set n = n + 1 where name = ${name}`.execute(tx);

test('two changes that meet in a deadlock both happen, once', async () => {
  let runs = 0;
  const change = (first: string, second: string) =>
    inTransaction(store.db, async (tx) => {
      runs += 1;
      await add(tx, first);
      // Long enough for the other one to hold what is wanted next.
      await pause(300);
      await add(tx, second);
    });
  await Promise.all([change('left', 'right'), change('right', 'left')]);
  const { rows } = await sql<{ n: number }>`select n from boxes`.execute(store.db);
  expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
  expect(runs, 'there was a deadlock').toBeGreaterThan(2);
});

test('what processes that start together begin is begun by one of them', async () => {
  const begun: string[] = [];
  const begin = (who: string) =>
    inTurn(store, async () => {
      const { rows } = await sql`select 1 from boxes where name = 'begun'`.execute(store.db);
      if (rows.length > 0) return;
      await pause(100);
      await inTransaction(store.db, (tx) => sql`insert into boxes values ('begun', 1)`.execute(tx));
      begun.push(who);
    });
  await Promise.all(['first', 'second', 'third'].map(begin));
  expect(begun).toHaveLength(1);
});

test('any other error is not tried again', async () => {
  let runs = 0;
  const failing = inTransaction(store.db, async (tx) => {
    runs += 1;
    await sql`insert into boxes values ('left', 0)`.execute(tx);
  });
  await expect(failing).rejects.toThrow(/duplicate key/);
  expect(runs).toBe(1);
});

test('who gets no connection in time has changed nothing, and learns that it was the database', async () => {
  const url = await testDatabase(`pool_${process.pid}`);
  const narrow = await openStore({ url: url ?? '', poolSize: 1 });
  let free: () => void = () => undefined;
  const holds = inTransaction(narrow.db, () => new Promise<void>((done) => (free = done)));
  await expect(inTransaction(narrow.db, async () => 'never')).rejects.toThrow(Unavailable);
  free();
  await holds;
  expect(await inTransaction(narrow.db, async () => 'now')).toBe('now');
  await narrow.close();
});

test('when the answer to a commit is lost, nobody says that nothing was done', async () => {
  const lost = inTransaction(store.db, async (tx) => {
    await add(tx, 'left');
    // The server ends the connection between the last statement and the commit.
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(store.db);
    await pause(100);
  });
  await expect(lost).rejects.toThrow(Unsure);
});
