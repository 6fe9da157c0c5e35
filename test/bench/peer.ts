import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../../services/core/clock.ts';
import { SANDBOX_HOOK_KEY } from '../../services/core/config.ts';
import { startChild } from './child.ts';
import type { FakeConnector } from './connector.ts';
import { freshDatabase } from './database.ts';
import { closedLoop, percentiles, poster } from './load.ts';
import { endpointName, knowChannels, newHome, seed } from './seed.ts';
import { install, withRoutes } from './storm.ts';

/** Debian's prometheus-alertmanager beside ours: the same batches, the same machine, the same run. */
const BATCH = 100;
const CONNECTIONS = 8;
const MOST_WAIT_MS = 60_000;

export interface PeerResult {
  what: 'Wardroom, PostgreSQL' | 'Alertmanager';
  /** Events that were stored before. */
  stored: number;
  /** Alerts a second whose delivery was answered 200: after the commit, or once they are in memory. */
  perSecond: number;
  /** Milliseconds from POST to the first outgoing webhook (a message in a channel) about that alert. */
  webhook: { p50: number; p99: number };
}

interface Subject {
  batchUrl: string;
  headers: Record<string, string>;
  wrap: (alerts: readonly object[]) => unknown;
  /** Told for every outgoing body. */
  listen: (heard: (body: string) => void) => void;
}

export async function measurePeers(
  connector: FakeConnector,
  options: { stored: readonly number[]; batches: number; singles: number; postgres: string },
): Promise<PeerResult[]> {
  const results: PeerResult[] = [];
  for (const stored of options.stored) {
    results.push(await ours(connector, stored, options));
    results.push(await theirs(stored, options));
  }
  return results;
}

async function ours(
  connector: FakeConnector,
  stored: number,
  options: { batches: number; singles: number; postgres: string },
): Promise<PeerResult> {
  const database = await freshDatabase(options.postgres);
  const home = newHome({ DATABASE_URL: database });
  // Both speak about each alert alone and at once: what is compared is the way through, not the wait.
  withRoutes(home, [{ id: 'default', groupBy: ['...'], groupWait: '1ms', groupInterval: '1s', repeat: '4h' }]);
  await seed(home, (store) => knowChannels(store).then(() => undefined));
  if (stored > 0) await fill(database, stored);
  const house = await startChild('../../bot/main.ts', home.env);
  try {
    await install(house, connector);
    const measured = await measure(
      {
        batchUrl: `${house.url}/hooks/alertmanager`,
        headers: { 'x-wardroom-key': SANDBOX_HOOK_KEY.secret },
        wrap: (alerts) => ({ version: '4', groupKey: 'g', receiver: 'r', alerts }),
        listen: (heard) => {
          connector.onCall = ({ what, body }) => what === 'create' && heard(body.toString());
        },
      },
      options,
    );
    return { what: 'Wardroom, PostgreSQL', stored, ...measured };
  } finally {
    connector.onCall = undefined;
    await house.stop();
    home.remove();
  }
}

async function theirs(stored: number, options: { batches: number; singles: number }): Promise<PeerResult> {
  const folder = mkdtempSync(join(tmpdir(), 'wardroom-peer-'));
  let heard: (body: string) => void = () => undefined;
  const receiver = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      heard(Buffer.concat(chunks).toString());
      res.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(
    config,
    `route: { receiver: out, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 4h }
receivers: [{ name: out, webhook_configs: [{ url: 'http://127.0.0.1:${(receiver.address() as AddressInfo).port}/' }] }]
`,
  );
  const flags = [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    '--cluster.listen-address=',
  ];
  const child = spawn('prometheus-alertmanager', flags);
  try {
    const address = await addressOf(child);
    const measured = await measure(
      {
        batchUrl: `${address}/api/v2/alerts`,
        headers: {},
        wrap: (alerts) => alerts,
        listen: (listener) => {
          heard = listener;
        },
      },
      options,
    );
    return { what: 'Alertmanager', stored, ...measured };
  } finally {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    receiver.closeAllConnections();
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  subject: Subject,
  { batches, singles }: { batches: number; singles: number },
): Promise<Pick<PeerResult, 'perSecond' | 'webhook'>> {
  const hook = poster(subject.batchUrl, CONNECTIONS, subject.headers);
  const send = async (alerts: readonly object[]) => {
    const status = await hook.post(JSON.stringify(subject.wrap(alerts)));
    if (status !== 200) throw new Error(`${subject.batchUrl} answered ${status}`);
  };
  // First the way through, while nothing waits: one alert after the other, each until somebody hears of it.
  const took: number[] = [];
  for (let index = 0; index < singles; index += 1) {
    const name = `Single${randomUUID().replaceAll('-', '')}`;
    const arrived = new Promise<void>((resolve, reject) => {
      const late = systemClock.timeout(() => reject(new Error('nobody heard of an alert')), MOST_WAIT_MS);
      subject.listen((body) => {
        if (!body.includes(name)) return;
        late.cancel();
        resolve();
      });
    });
    const at = systemClock.monotonic();
    await send([alertOf(name)]);
    await arrived;
    took.push(systemClock.monotonic() - at);
  }
  subject.listen(() => undefined);
  const { perSecond } = await closedLoop(CONNECTIONS, batches, () =>
    send(Array.from({ length: BATCH }, () => alertOf(`Batch${randomUUID().replaceAll('-', '')}`))),
  );
  hook.close();
  return { perSecond: perSecond * BATCH, webhook: percentiles(took) };
}

/** About an endpoint whose channel is heard. */
const alertOf = (alertname: string) => ({
  labels: { alertname, severity: 'warning', instance: 'node-1', endpoint: endpointName(alertname.charCodeAt(8)) },
  annotations: { summary: `${alertname} fires` },
  startsAt: systemClock.now().toString(),
});

/** Events that were looked at long ago, as many as asked. */
async function fill(database: string, stored: number): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query(
    `insert into hook_events (source, key, type, body, received_at, state, result)
     select 'alertmanager', 'old-' || n, 'signal', jsonb_build_object('headline', 'alert ' || n, 'rule', 'Old', 'labels', '{}'::jsonb),
       timestamptz '2026-10-01T00:00:00Z' + n * interval '1 second', 'done', '{"action":"record","reason":"old"}'::jsonb
     from generate_series(1, $1::int) as n`,
    [stored],
  );
  await client.query(
    `insert into alert_keys (key, marks, updated_at)
     select 'old-' || n, '{"fired":[],"ended":[]}'::jsonb, timestamptz '2026-10-01T00:00:00Z' from generate_series(1, $1::int) as n`,
    [stored],
  );
  await client.query('analyze');
  await client.end();
}

const addressOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Alertmanager ended: ${said}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /Listening on.*address=127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
  });
