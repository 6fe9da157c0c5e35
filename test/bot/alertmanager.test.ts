import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../services/core/clock.ts';
import { freePort } from '../child.ts';
import { HOOK_KEY, type House, openHouse, textOf } from '../house.ts';

/** Debian's own Alertmanager (package prometheus-alertmanager, which .ci/run installs) in front of the whole house. */
const BINARY = 'prometheus-alertmanager';
const run = promisify(execFile);
const FRAUD = '19:fraud-ops@thread.tacv2';

let house: House;
let env: Record<string, string>;
let alertmanager: ChildProcess | undefined;
let address = '';
const folder = mkdtempSync(join(tmpdir(), 'wardroom-alertmanager-'));
/** Its name is the database's, where there is a server. */
const home = mkdtempSync(join(tmpdir(), 'wardroom-alerted-'));

beforeAll(async () => {
  if (spawnSync(BINARY, ['--version']).status !== 0) {
    throw new Error(`${BINARY} is not installed, and this test is about it: apt-get install prometheus-alertmanager`);
  }
  env = { WARDROOM_SANDBOX_START: systemClock.now().toString(), PORT: String(await freePort()) };
  house = await openHouse({ home: home, env });
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route: { receiver: wardroom, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: wardroom
    webhook_configs:
      - url: ${house.url}/hooks/alertmanager
        send_resolved: true
        http_config: { authorization: { type: Bearer, credentials: ${HOOK_KEY} } }
`,
  );
  alertmanager = spawn(BINARY, [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    '--cluster.listen-address=',
  ]);
  address = await new Promise<string>((resolve, reject) => {
    let said = '';
    alertmanager?.once('exit', () => reject(new Error(`${BINARY} ended: ${said}`)));
    alertmanager?.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /Listening on.*address=127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
  });
});

afterAll(async () => {
  alertmanager?.removeAllListeners('exit');
  alertmanager?.kill('SIGKILL');
  await house?.stop();
  for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
});

const push = (alerts: readonly object[]) =>
  fetch(`${address}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
const events = () => house.app.rooms.db.selectFrom('hook_events').select(['source', 'state', 'body']).execute();
/** Alertmanager has a clock of its own: what it sends is waited for. */
async function until(arrived: () => Promise<boolean>, seconds = 20): Promise<void> {
  for (let left = seconds * 10; !(await arrived()); left -= 1) {
    if (left <= 0) throw new Error('Alertmanager did not send it');
    await systemClock.sleep(100);
  }
}

it('what amtool adds becomes an incident, and ends when Alertmanager says so, though we were away then', async () => {
  const add = ['alert', 'add', `--alertmanager.url=${address}`, 'FraudLatencyHigh', 'severity=page'];
  await run('amtool', [...add, 'endpoint=ep-fraud', 'deployment=green', '--annotation=summary=p95 is 431 ms']);
  await until(async () => (await events()).length > 0);
  await house.advance('PT10S');
  const [incident] = await house.app.rooms.alerts.list(house.app.rooms.db, { open: true, most: 9 });
  expect(incident).toMatchObject({ endpoint: 'ep-fraud', team: 'fraud', title: 'p95 is 431 ms', severity: 1 });
  const card = (await house.messages('ann', FRAUD)).find((message) => textOf(message).includes(incident?.id ?? '?'));
  expect(textOf(card)).toContain('p95 is 431 ms');
  expect(textOf(card)).toContain('Alertmanager, Azure Monitor');
  expect(card?.mentionsMe).toBe(true);

  // The end comes while nobody is there to hear it: Alertmanager tries again until somebody is.
  await house.stop();
  const labels = { alertname: 'FraudLatencyHigh', severity: 'page', endpoint: 'ep-fraud', deployment: 'green' };
  const ended = await push([{ labels, endsAt: systemClock.now().toString() }]);
  expect(ended.status).toBe(200);
  await systemClock.sleep(2_500);
  house = await openHouse({ home: home, env });
  await until(async () => (await events()).some(({ body }) => 'condition' in body && body.condition === 'resolved'));
  await house.advance('PT10S');
  expect(await house.app.rooms.alerts.list(house.app.rooms.db, { open: true, most: 9 })).toEqual([]);
});

it('a group of alerts is one delivery and each alert is kept once, however often it is repeated', async () => {
  const before = (await events()).length;
  const alerts = ['a', 'b', 'c'].map((host) => ({
    labels: { alertname: 'TargetDown', instance: `${host}:9100`, endpoint: 'http-metrics', severity: 'warning' },
    annotations: { summary: `${host} is down` },
  }));
  for (let time = 0; time < 3; time += 1) expect((await push(alerts)).status).toBe(200);
  await until(async () => (await events()).length >= before + 3);
  await systemClock.sleep(1_500);
  expect((await events()).length).toBe(before + 3);
  await house.advance('PT10S');
  const open = await house.app.rooms.alerts.list(house.app.rooms.db, { open: true, most: 9 });
  // The port “http-metrics” is no endpoint, so nothing makes one incident of three machines.
  expect(open.map(({ title, endpoint }) => [title, endpoint]).sort()).toEqual(
    ['a', 'b', 'c'].map((host) => [`${host} is down`, null]),
  );
});

const delivery = (alerts: readonly unknown[], version = '4') => ({ version, groupKey: 'g', receiver: 'r', alerts });

it('a wrong bearer token is refused, and a key in the address will do', async () => {
  const post = (query: string, headers: Record<string, string>) =>
    fetch(`${house.url}/hooks/alertmanager${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(delivery([])),
    });
  expect((await post('', { authorization: 'Bearer not-the-key' })).status).toBe(401);
  expect((await post('', {})).status).toBe(401);
  expect((await post(`?key=${HOOK_KEY}`, {})).status).toBe(200);
});

it('what does not fit is kept with its text and the reason, and its sender is told 400', async () => {
  const answer = await house.hook('/hooks/alertmanager', delivery([], '3'));
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ malformed: [{ index: 0, why: 'version: only version 4 is known' }] });
  const kept = (await events()).filter(({ state }) => state === 'malformed');
  expect(kept.map(({ body }) => body)).toMatchObject([{ body: { version: '3' } }]);
  const half = await house.hook('/hooks/alertmanager', delivery([7, { labels: { alertname: 'Half\0way\ud800' } }]));
  expect(half.status).toBe(200);
  expect(await half.json()).toMatchObject({ accepted: 1, malformed: [{ index: 0 }] });
});

it('a flood of nonsense is one delivery with its first hundred reasons', async () => {
  const answer = await house.hook('/hooks/alertmanager', delivery(new Array(200_000).fill(1)));
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { malformed: unknown[] }).malformed).toHaveLength(100);
});
