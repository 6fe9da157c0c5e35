import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../child.ts';
import { HOOK_KEY, type House, openHouse, textOf } from '../house.ts';

const PLATFORM = '19:ml-platform@thread.tacv2';
const home = mkdtempSync(join(tmpdir(), 'wardroom-heartbeats-'));
let house: House;
/** The same port in each life: Teams remembers where the bot's Connector is. */
let env: Record<string, string>;
beforeAll(async () => {
  env = { PORT: String(await freePort()) };
  house = await openHouse({ home, env });
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

const beat = (id = 'feature-store') => house.hook(`/hooks/heartbeat/${id}`, '');
const open = () => house.app.rooms.alerts.list(house.app.rooms.db, { open: true, most: 9 });
const state = async (id = 'feature-store') =>
  (await house.app.rooms.alerts.heartbeats(house.app.rooms.db)).find(({ expected }) => expected.id === id)?.state;
const timers = async () =>
  (
    await sql<{ n: number }>`
      select count(*)::int as n from pgboss.job where name = 'alerts-heartbeat' and state < 'active'`.execute(
      house.app.rooms.db,
    )
  ).rows[0]?.n;

it('nobody is called for a heartbeat that was never heard', async () => {
  await house.advance('PT1H');
  expect(await state()).toBe('waiting');
  expect(await open()).toEqual([]);
});

it('as long as it is heard nothing happens, and many beats leave one timer', async () => {
  for (let count = 0; count < 20; count += 1) expect((await beat()).status).toBe(200);
  expect(await timers()).toBe(1);
  for (let count = 0; count < 3; count += 1) {
    await house.advance('PT14M');
    expect((await beat()).status).toBe(200);
  }
  expect(await state()).toBe('alive');
  await house.advance('PT18M');
  expect(await state()).toBe('late');
  expect(await open()).toEqual([]);
  expect(await timers()).toBe(1);
  expect((await beat()).status).toBe(200);
});

it('its silence is told to its team once, also after a restart in the midst of the wait', async () => {
  await house.advance('PT10M');
  await house.stop();
  house = await openHouse({ home, env });
  await house.advance('PT9M');
  expect(await open()).toEqual([]);
  await house.advance('PT2M');
  const [incident, ...more] = await open();
  expect(more).toEqual([]);
  expect(incident).toMatchObject({ team: 'platform', endpoint: null, channel: 'channel:ml-platform' });
  expect(incident?.title).toMatch(/^feature-store was not heard for .* it is expected every 15 min$/);
  const card = (await house.messages('dev', PLATFORM)).find((each) => textOf(each).includes('INC-101'));
  expect(textOf(card)).toContain('feature-store was not heard');
  // Dev is on call for the platform, by the policy that the heartbeat names.
  expect(card?.mentionsMe).toBe(true);
  expect(await state()).toBe('missing');
  await house.advance('PT2H');
  expect(await open()).toHaveLength(1);
  expect(await timers()).toBe(0);
});

it('who asks sees which are silent', async () => {
  await house.say('kim', 'personal', 'heartbeats');
  const shown = textOf((await house.messages('kim', 'personal')).at(-1));
  expect(shown).toContain('✖ missing · **feature-store**');
  expect(shown).toContain('○ never heard · **nightly-labels**');
});

it('heard again, it closes its incident; silent again, it makes a new one', async () => {
  expect((await beat()).status).toBe(200);
  await house.advance('PT10S');
  expect(await open()).toEqual([]);
  expect(await state()).toBe('alive');
  await house.advance('PT21M');
  expect(await open()).toHaveLength(1);
  expect((await beat()).status).toBe(200);
  await house.advance('PT10S');
  expect(await open()).toEqual([]);
});

it('may be called by GET with the key in the address, and tells when it must be heard again', async () => {
  const answer = await fetch(`${house.url}/hooks/heartbeat/nightly-labels?key=${HOOK_KEY}`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ ok: true, before: expect.stringMatching(/Z$/) });
  expect(await state('nightly-labels')).toBe('alive');
});

it('without the key nobody beats, and names that are not in wardroom.yaml are 404', async () => {
  expect((await fetch(`${house.url}/hooks/heartbeat/feature-store`)).status).toBe(401);
  expect((await house.hook('/hooks/heartbeat/x', '', { 'x-wardroom-key': 'wrong' })).status).toBe(401);
  for (const name of ['x', '__proto__', 'feature-store%00', '%3Cat%3E']) expect((await beat(name)).status).toBe(404);
});
