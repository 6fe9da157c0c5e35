import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../../services/core/audit.ts';
import type { Store } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

describe('the audit chain', () => {
  const clock = testClock();
  const log = audit({ clock });
  let store: Store;

  beforeEach(async () => {
    store = await testStore();
    for (const n of [1, 2, 3, 4]) {
      await store.db.transaction().execute((tx) =>
        log.append(tx, {
          actor: 'ann',
          action: 'alerts.ack',
          objects: ['INC-101'],
          why: `because ${n}`,
          detail: { n, nested: { b: 1, a: [1.5, null, 'é'] } },
        }),
      );
    }
  });
  afterEach(() => store.close());

  it('verifies what was not touched', async () => {
    expect(await log.verify(store.db)).toMatchObject({ ok: true, rows: 4 });
  });

  it.each([
    ['an altered reason', `update audit set why = 'another' where seq = 2`, 2, /altered/],
    ['an altered detail', `update audit set detail = '{"n":9}' where seq = 3`, 3, /altered/],
    ['an altered time', `update audit set at = at + interval '1 second' where seq = 4`, 4, /altered/],
    ['a removed row', 'delete from audit where seq = 2', 2, /missing/],
    ['a cut end', 'delete from audit where seq = 4', 4, /cut off/],
    ['a row hashed anew', `update audit set hash = repeat('a', 64) where seq = 1`, 1, /altered/],
  ])('names the first bad row after %s', async (_name, statement, seq, why) => {
    await sql.raw(statement).execute(store.db);
    const verdict = await log.verify(store.db);
    expect(verdict.ok).toBe(false);
    expect(verdict.broken?.seq).toBe(seq);
    expect(verdict.broken?.why).toMatch(why);
  });

  it('keeps one order when many write at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        store.db.transaction().execute((tx) => log.append(tx, { actor: 'ben', action: 'x', objects: [`O-${n}`] })),
      ),
    );
    expect(await log.verify(store.db)).toMatchObject({ ok: true, rows: 24 });
    expect(await log.about(store.db, 'O-7')).toHaveLength(1);
  });
});
