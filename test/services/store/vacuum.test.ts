import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../../../services/store/store.ts';
import { vacuum } from '../../../services/store/vacuum.ts';
import { testStore } from '../../support.ts';

let store: Store;
beforeAll(async () => {
  store = await testStore();
  await sql`create table notes (id int primary key, words text not null)`.execute(store.db);
  await sql`insert into notes select i, repeat('a', 500) from generate_series(1, 200) i`.execute(store.db);
});
afterAll(() => store.close());

/** As a busy day would: each row is written 30 times. */
async function changed(): Promise<number> {
  for (let times = 0; times < 30; times += 1) await sql`update notes set words = words || ''`.execute(store.db);
  const { rows } = await sql<{ bytes: number }>`select pg_total_relation_size('notes') as bytes`.execute(store.db);
  return rows[0]?.bytes ?? 0;
}

it('a table whose rows change all the time grows no more', async () => {
  const first = await changed();
  expect(first).toBeGreaterThan(20 * 200 * 500);
  expect(await vacuum(store)).toContain('public.notes');
  expect(await changed()).toBeLessThan(1.1 * first);
});

it('what has hardly changed is left alone, and a server is', async () => {
  await vacuum(store);
  await sql`update notes set words = 'b' where id < 50`.execute(store.db);
  expect(await vacuum(store)).not.toContain('public.notes');
  await changed();
  expect(await vacuum({ ...store, kind: 'postgres' })).toEqual([]);
});
