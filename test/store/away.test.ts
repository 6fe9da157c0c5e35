import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, child, type Driven } from '../child.ts';
import { eventually, pause } from '../story/killed.ts';
import { only } from '../story/script.ts';
import { testDatabase } from '../support.ts';
import { alert } from './alerts.ts';

/** Stands between the house and its database, and can cut the line in two ways. */
function line(target: URL): { server: Server; cut(how: 'refused' | 'silent'): void; mend(): void } {
  const open = new Set<Socket>();
  let broken: 'refused' | 'silent' | undefined;
  const server = createServer((near) => {
    open.add(near);
    near.on('error', () => undefined).on('close', () => open.delete(near));
    if (broken === 'refused') return void near.destroy();
    if (broken === 'silent') return;
    const far = connect(Number(target.port), target.hostname);
    open.add(far);
    far.on('error', () => near.destroy()).on('close', () => open.delete(far) && near.destroy());
    near.on('close', () => far.destroy());
    // By hand, so that a silent line swallows what is under way.
    near.on('data', (bytes) => broken ?? far.write(bytes));
    far.on('data', (bytes) => broken ?? near.write(bytes));
  });
  return {
    server,
    cut(how) {
      broken = how;
      if (how === 'refused') for (const socket of open) socket.destroy();
    },
    mend() {
      broken = undefined;
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * Real seconds; the time of the house goes on as well. `WARDROOM_AWAY=long` is an outage as operators know it: a minute, in
 * a storm of 300 alerts.
 */
const LONG = process.env['WARDROOM_AWAY'] === 'long';
const AWAY_MS = LONG ? { refused: 60_000, silent: 60_000 } : { refused: 10_000, silent: 20_000 };
const STORM = LONG ? 300 : 60;
const NORTHWIND = new URL('../../infra/sandbox/northwind.yaml', import.meta.url);
/** The second time they are alerts of a group that speaks at a pace: one message for all of them, when its wait is over. */
const PACED = `routes:
  - { id: paced, match: story = paced, groupBy: [], groupWait: 15s, groupInterval: 1h, repeat: 4h, channels: [ml-platform] }
`;
const paced = (id: string) => ({
  version: '4',
  groupKey: 'g',
  receiver: 'r',
  alerts: [{ status: 'firing', labels: { alertname: id, story: 'paced' }, fingerprint: id }],
});

describe('a database that is away', () => {
  let house: Child & { drive: Driven };
  let database: ReturnType<typeof line>;
  const folder = mkdtempSync(join(tmpdir(), 'wardroom-away-'));

  beforeAll(async () => {
    const url = new URL((await testDatabase(`away_${process.pid}`)) ?? '');
    database = line(new URL(url));
    await new Promise<void>((resolve) => database.server.listen(0, '127.0.0.1', resolve));
    url.port = String((database.server.address() as AddressInfo).port);
    const WARDROOM_CONFIG = join(folder, 'wardroom.yaml');
    writeFileSync(WARDROOM_CONFIG, readFileSync(NORTHWIND, 'utf8').replace(/^routes:/m, PACED));
    house = await child({ DATABASE_URL: url.toString(), WARDROOM_CONFIG, WARDROOM_SANDBOX_CLOCK: 'running' });
    await house.start();
    await house.drive.advance('PT5M');
  }, 120_000);
  afterAll(async () => {
    await house?.end();
    database?.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ready = async () => (await fetch(`${house.url}/readyz`)).status;
  const post = async (id: string) =>
    (
      await (id.startsWith('silent')
        ? house.drive.hook('/hooks/alertmanager', paced(id))
        : house.drive.hook('/hooks/azure-monitor', alert(id)))
    ).status;
  const place = { refused: 'fraud-ops', silent: 'ml-platform' } as const;

  for (const how of ['refused', 'silent'] as const) {
    it(`is waited for when it is ${how}: senders keep their events, nothing is lost`, {
      timeout: 240_000,
    }, async () => {
      expect(await ready()).toBe(200);
      database.cut(how);
      const began = performance.now();
      const kept = new Set(Array.from({ length: STORM }, (_, index) => `${how}-${index}`));
      const statuses = new Map<number, number>();
      const offer = async (id: string) => {
        const status = await post(id);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 200) kept.delete(id);
      };
      expect(await Promise.race([ready(), pause(15_000).then(() => 'no answer')])).toBe(503);
      // As Event Grid and Azure Monitor do: what is not taken is offered again.
      while (performance.now() - began < AWAY_MS[how]) await Promise.all([...kept].slice(0, 10).map(offer));
      expect([...statuses.keys()]).toEqual([503]);
      expect(house.alive(), house.log()).toBe(true);
      database.mend();
      const back = performance.now();
      await eventually(async () => {
        await Promise.all([...kept].map(offer));
        expect(kept.size).toBe(0);
      }, 60_000);
      expect(await ready()).toBe(200);
      expect([...statuses.keys()].sort()).toEqual([200, 503]);
      await eventually(async () => {
        const incident = how === 'refused' ? /\| INC-101 \|/ : /\| INC-102 \|/;
        const { attachments } = await only(house.drive, 'ann', place[how], incident);
        expect(JSON.stringify(attachments)).toMatch(new RegExp(`${STORM} alerts`));
      }, 60_000);
      process.stdout.write(
        `${how}: away ${AWAY_MS[how] / 1000} s, ${statuses.get(503)} times 503, whole ${Math.round(performance.now() - back)} ms after it was back\n`,
      );
      expect(house.alive(), house.log()).toBe(true);
      expect(house.log()).not.toMatch(/unhandled|uncaught/i);
    });
  }

  it('answers what was said meanwhile, once', { timeout: 90_000 }, async () => {
    database.cut('refused');
    // Teams has no 2xx, so it delivers the question once more after 15 seconds.
    const said = house.drive.say('finn', 'personal', 'incidents');
    await pause(5_000);
    database.mend();
    await said;
    await eventually(() => only(house.drive, 'finn', 'personal', /INC-101/));
  });

  it('has a whole log afterwards, and said everything once', async () => {
    await house.drive.say('ann', 'personal', 'audit verify');
    await eventually(() => only(house.drive, 'ann', 'personal', /The audit log is whole/));
    const created = (await house.drive.transcript()).filter(
      ({ operation, place, delivered }) => operation === 'create' && delivered && place === '19:fraud-ops@thread.tacv2',
    );
    const words = created.map(({ body }) => (body as { summary?: string }).summary ?? '');
    expect(words.filter((summary) => /INC-101|SEV 1/.test(summary))).toHaveLength(1);
    const group = (await house.drive.transcript()).filter(
      ({ operation, place: where, delivered, body }) =>
        operation === 'create' &&
        delivered &&
        String(where).startsWith('19:ml-platform') &&
        JSON.stringify(body).includes('INC-102'),
    );
    expect(group).toHaveLength(1);
  });
});
