import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../services/store/store.ts';
import { openHouse } from '../house.ts';
import { testDatabase } from '../support.ts';
import { terminal } from '../terminal.ts';

let home: string;
let url: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wardroom-'));
  url = (await testDatabase(basename(home).toLowerCase())) ?? '';
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const copy = (to = url, from = home) => terminal(['copy-store', to], { env: { WARDROOM_HOME: from } });

it('a house that began in PGlite goes on in PostgreSQL: open votes, timers, numbers and the record', async () => {
  const small = await openHouse({ home, env: { DATABASE_URL: '' } });
  await small.event('drift');
  await small.advance('PT2M');
  await small.say('dev', 'personal', 'rollback ep-fraud because v7 drifts');
  await small.say('cara', 'personal', 'approve REQ-101 because “<b>” & \\ \u{1F680} "quoted"');
  const open = await copy();
  expect(open.code, 'a store that is open is not copied').toBe(1);
  expect(open.err).toContain('is open in process');
  await small.stop();

  const copied = await copy();
  expect(copied).toMatchObject({ code: 0, err: '' });
  expect(copied.out).toMatch(/\d+ rows of \d+ tables and \d+ timers are in the new store/);
  expect(copied.out).toContain('Its record is whole, as before');

  const [before, after] = [await openStore({ directory: home }), await openStore({ url })];
  const audits = async ({ db }: typeof before) => (await sql`select * from audit order by seq`.execute(db)).rows;
  expect(await audits(after)).toEqual(await audits(before));
  await Promise.all([before.close(), after.close()]);

  const large = await openHouse({ home, env: { DATABASE_URL: url, PORT: new URL(small.url).port } });
  const ask = async (as: string, words: string) => {
    await large.say(as, 'personal', words);
    return JSON.stringify(await large.messages(as, 'personal'));
  };
  expect(await ask('dev', 'approve REQ-101')).toContain('own');
  // Nobody acknowledged: the timer that was set before the move calls the second person.
  await large.advance('PT15M');
  expect(JSON.stringify(await large.messages('ben', 'personal'))).toContain('INC-101');
  await ask('eva', 'approve REQ-101');
  await large.advance('PT5M');
  const state = (await (await fetch(`${large.url}/sandbox/state`)).json()) as { estate: { endpoints: unknown[] } };
  expect(state.estate.endpoints).toContainEqual(
    expect.objectContaining({ endpoint: 'ep-fraud', traffic: { blue: 100, green: 0 } }),
  );
  expect(await ask('finn', 'audit verify')).toContain('The audit log is whole');
  expect(await ask('dev', 'request approval for fraud-detector:7 on ep-fraud')).toContain('REQ-102');
  await large.stop();
});

it('a database that is in use, an address that is none and a home without a store change nothing', async () => {
  const again = await copy();
  expect(again.code).toBe(1);
  expect(again.err).toMatch(/That database is in use: .*Name an empty one; nothing was changed/);
  expect(await copy('mysql://x')).toMatchObject({ code: 2, err: expect.stringContaining('postgres://') });
  const none = mkdtempSync(join(tmpdir(), 'wardroom-'));
  expect(await copy(url, none)).toMatchObject({ code: 1, err: expect.stringContaining('holds no store') });
  rmSync(none, { recursive: true, force: true });
});
