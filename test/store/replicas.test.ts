import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, child, type Driven } from '../child.ts';
import { type Call, textOf } from '../house.ts';
import { eventually } from '../story/killed.ts';
import { only } from '../story/script.ts';
import { testDatabase } from '../support.ts';
import { visitor } from '../visitor.ts';
import { alert } from './alerts.ts';

type Process = Child & { drive: Driven };
const FRAUD = '19:fraud-ops@thread.tacv2';
const STEPS = 200;
const PLATFORM = '19:ml-platform@thread.tacv2';
const NORTHWIND = new URL('../../infra/sandbox/northwind.yaml', import.meta.url);
/** Alerts of this label speak as a group, at a pace. */
const PACED = `routes:
  - { id: paced, match: story = paced, groupBy: [alertname], groupWait: 2s, groupInterval: 1m, repeat: 1h, channels: [ml-platform] }
`;

describe('three processes on one PostgreSQL', () => {
  /** The first hosts the sandbox; the others follow it. */
  let all: Process[] = [];
  let host: Process;
  let db: pg.Pool;
  const folder = mkdtempSync(join(tmpdir(), 'wardroom-replicas-'));

  beforeAll(async () => {
    const url = (await testDatabase(`replicas_${process.pid}`)) ?? '';
    const WARDROOM_CONFIG = join(folder, 'wardroom.yaml');
    const text = readFileSync(NORTHWIND, 'utf8').replace(/^routes:/m, PACED);
    writeFileSync(WARDROOM_CONFIG, text.replace('  - id: money\n', '  - id: money\n    stepUp: { maxAge: 5m }\n'));
    host = await child({ DATABASE_URL: url, WARDROOM_CONFIG });
    await host.start();
    const shared = {
      DATABASE_URL: url,
      WARDROOM_CONFIG,
      WARDROOM_SANDBOX_URL: host.url,
      WARDROOM_PUBLIC_URL: host.url,
    };
    const followers = [0, 1].map(() => child(shared));
    all = [host, ...(await Promise.all(followers))];
    await Promise.all(all.slice(1).map((follower) => follower.start()));
    db = new pg.Pool({ connectionString: url, max: 2 });
    // The greetings of the first run are said.
    await host.drive.advance('PT5M');
  }, 180_000);
  afterAll(async () => {
    await db?.end();
    await Promise.all(all.slice(1).map((each) => each.end()));
    await host?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const count = async (text: string, values: unknown[] = []): Promise<number> =>
    Number((await db.query(text, values)).rows[0].n);
  const created = async (conversation: string): Promise<Call[]> =>
    (await host.drive.transcript()).filter(
      ({ operation, delivered, place }) => operation === 'create' && delivered === true && place === conversation,
    );
  const quiet = () =>
    eventually(async () => {
      const waiting = `select count(*) as n from outbox where wanted > drawn and state = 'open' and due_at <= $1`;
      const { now } = (await (await fetch(`${host.url}/sandbox/clock`)).json()) as { now: string };
      expect(await count(waiting, [now])).toBe(0);
    });

  it('makes one incident and one card of the same event posted to all three at once', async () => {
    const bodies = ['one', 'two', 'three', 'four', 'five'].map((id) => alert(id));
    const answers = await Promise.all(
      bodies.flatMap((body) => all.map(({ drive }) => drive.hook('/hooks/azure-monitor', body))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const said = (await Promise.all(answers.map((answer) => answer.json()))) as {
      accepted: number;
      duplicates: number;
    }[];
    expect(said.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(bodies.length);
    expect(said.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(bodies.length * 2);
    await host.drive.advance('PT10S');
    await quiet();
    expect(await count('select count(*) as n from incidents')).toBe(1);
    expect(await count('select count(*) as n from episodes')).toBe(bodies.length);
    await only(host.drive, 'ann', 'fraud-ops', /\| INC-101 \|/);
  });

  /** Of a group that speaks at a pace, by Alertmanager's webhook. */
  const paced = (alertname: string) => ({
    version: '4',
    groupKey: 'g',
    receiver: 'r',
    alerts: [{ status: 'firing', labels: { alertname, story: 'paced' }, fingerprint: alertname }],
  });
  const toldOf = async (alertname: string) =>
    (await created(PLATFORM)).filter(({ body }) => JSON.stringify(body).includes(alertname)).length;

  it('speaks once of a group whose alert was given to all three at once (scenario 18)', async () => {
    const answers = await Promise.all(all.map(({ drive }) => drive.hook('/hooks/alertmanager', paced('Eighteen'))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await host.drive.advance('PT1.5S');
    expect(await toldOf('Eighteen')).toBe(0);
    await host.drive.advance('PT4S');
    await eventually(async () => expect(await toldOf('Eighteen')).toBe(1));
    await host.drive.advance('PT5M');
    await quiet();
    expect(await toldOf('Eighteen')).toBe(1);
  });

  it('answers nonsense five times, whoever of the three hears it', async () => {
    const before = (await created('a:jon')).length;
    for (let n = 0; n < 9; n += 1)
      await fetch(`${all[n % 3]?.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          type: 'message',
          id: `nonsense-${n}`,
          channelId: 'msteams',
          serviceUrl: `${host.url}/connector/`,
          from: { id: '29:jon', name: 'Jon', aadObjectId: '00000000-0000-4000-8000-00000000000a' },
          recipient: { id: '28:wardroom', name: 'Wardroom' },
          conversation: { id: 'a:jon', conversationType: 'personal' },
          text: `qwfp zxcv ${n}`,
        }),
      });
    await host.drive.advance('PT1M');
    await quiet();
    expect((await created('a:jon')).length - before).toBe(5);
  });

  it('counts votes that are cast in different processes at the same instant once each', async () => {
    const card = await only(host.drive, 'ann', 'fraud-ops', /\| INC-101 \|/);
    await host.drive.click('dev', card.id, 'Roll back to blue');
    await quiet();
    const request = await only(host.drive, 'cara', 'fraud-ops', /\| REQ-101 \|/);
    const vote = (person: string, nn: string, at: Process, id: string) =>
      fetch(`${at.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          type: 'invoke',
          name: 'adaptiveCard/action',
          id,
          channelId: 'msteams',
          serviceUrl: `${host.url}/connector/`,
          from: { id: `29:${person}`, name: person, aadObjectId: `00000000-0000-4000-8000-0000000000${nn}` },
          recipient: { id: '28:wardroom', name: 'Wardroom' },
          conversation: { id: `${FRAUD};messageid=${request.id}`, conversationType: 'channel', isGroup: true },
          channelData: { channel: { id: FRAUD }, team: { id: '19:northwind-ml@thread.tacv2' } },
          replyToId: request.id,
          value: {
            action: {
              type: 'Action.Execute',
              verb: 'approvals.vote',
              data: { request: 'REQ-101', choice: 'approve' },
            },
            trigger: 'manual',
          },
        }),
      });
    // Each vote reaches every process, as if Teams had delivered it several times.
    const votes = all.flatMap((at) => [vote('cara', '03', at, 'f:cara'), vote('eva', '05', at, 'f:eva')]);
    const answers = await Promise.all(votes);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await count(`select count(*) as n from votes`)).toBe(2);
    expect(await count(`select count(*) as n from audit where action = 'approvals.approved'`)).toBe(1);
    expect(await count(`select count(*) as n from changes`)).toBe(1);
    await eventually(async () => {
      await host.drive.advance('PT15S');
      expect(textOf(await only(host.drive, 'cara', 'fraud-ops', /\| REQ-101 \|/))).toMatch(/REQ-101 done/);
    });
    expect(await count(`select count(*) as n from audit where action = 'fleet.change.started'`)).toBe(1);
  });

  it('counts a vote that one asked for, another sent to the sign-in and a third heard back of', async () => {
    const type = async (at: Process | undefined, as: string, text: string) =>
      (
        await fetch(`${at?.url}/console`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ as, text, yes: true }),
        })
      ).json() as Promise<{ data: { address: string; request: string; votes: { voter: string }[] } }>;
    const [, one, two] = all;
    const { request } = (
      await type(one, 'ann', 'raise budget fraud-monthly to 3000 because the campaign doubles the traffic')
    ).data;
    const { address } = (await type(one, 'eva', `approve ${request}`)).data;
    const browser = visitor();
    const issuer = await browser.go(`${two?.url}${new URL(address).pathname}`, {});
    const done = await browser.go(issuer.url, { as: 'eva' });
    expect([new URL(done.url).origin, done.text]).toEqual([
      host.url,
      expect.stringContaining(`Eva Moreau approved ${request}`),
    ]);
    expect((await type(two, 'jon', `request ${request}`)).data.votes).toHaveLength(1);
  });

  it('delivers by the others what a killed process was posting, once', { timeout: 120_000 }, async () => {
    const [, follower] = all as [Process, Process, Process];
    const before = (await created(FRAUD)).length;
    // Teams takes it and never answers; the process that posts it waits.
    await host.drive.fault({
      where: 'teams',
      answer: 'hang',
      delivered: true,
      on: 'create',
      conversation: 'fraud-ops',
    });
    const said = fetch(`${follower.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'message',
        id: '1795442400001',
        channelId: 'msteams',
        serviceUrl: `${host.url}/connector/`,
        from: { id: '29:ann', name: 'Ann Berg', aadObjectId: '00000000-0000-4000-8000-000000000001' },
        recipient: { id: '28:wardroom', name: 'Wardroom' },
        conversation: { id: FRAUD, conversationType: 'channel', isGroup: true },
        channelData: { channel: { id: FRAUD }, team: { id: '19:northwind-ml@thread.tacv2' } },
        text: '<at>Wardroom</at> incidents',
        entities: [{ type: 'mention', text: '<at>Wardroom</at>', mentioned: { id: '28:wardroom', name: 'Wardroom' } }],
      }),
    }).catch(() => undefined);
    await eventually(async () => expect((await created(FRAUD)).length).toBe(before + 1));
    // C1: what it had answered 2xx, and nobody had grouped yet, is told by the others.
    expect((await follower.drive.hook('/hooks/alertmanager', paced('Orphan'))).status).toBe(200);
    await follower.kill();
    await said;
    // Teams had no answer, so it delivers the question again, to another process.
    await host.drive.advance('PT30S');
    await quiet();
    expect((await created(FRAUD)).length).toBe(before + 1);
    expect(await toldOf('Orphan')).toBe(1);
    await follower.start();
  });

  it(`carries out each of ${STEPS} escalation steps that are due at once exactly once`, {
    timeout: 240_000,
  }, async () => {
    // As many incidents like this one, each with its own timer.
    await host.drive.hook('/hooks/azure-monitor', alert('six', 'ep-aml'));
    const incident = await eventually(async () => {
      const { rows } = await db.query(`select id from incidents where endpoint = 'ep-aml'`);
      expect(rows).toHaveLength(1);
      return rows[0].id as string;
    });
    await db.query(
      `insert into incidents select (jsonb_populate_record(i, jsonb_build_object('id', 'INC-' || (5000 + n)))).*
       from incidents i, generate_series(1, $1::int) n where i.id = $2`,
      [STEPS, incident],
    );
    await db.query(
      `insert into pgboss.job select (jsonb_populate_record(j, jsonb_build_object('id', gen_random_uuid(),
         'data', jsonb_set(j.data, '{incident}', to_jsonb('INC-' || (5000 + n)))))).*
       from pgboss.job j, generate_series(1, $1::int) n
       where j.name = 'alerts-escalate' and j.state < 'active' and j.data->>'incident' = $2`,
      [STEPS, incident],
    );
    const began = performance.now();
    await host.drive.advance('PT10M');
    const told = `select count(*) as n, count(distinct objects[1]) as incidents from audit
      where action = 'alerts.told' and objects[1] like 'INC-5%' and detail->>'step' = '2'`;
    await eventually(async () => expect(await count(told)).toBe(STEPS));
    const ms = Math.round(performance.now() - began);
    await host.drive.advance('PT1M');
    const { rows } = await db.query(told);
    expect(rows[0]).toEqual({ n: String(STEPS), incidents: String(STEPS) });
    const pages = `select count(distinct card) as n from outbox where kind = 'alerts.page' and card like 'incident:INC-5%'`;
    expect(await count(pages)).toBe(STEPS);
    process.stdout.write(`${STEPS} steps in ${ms} ms, lost 0, doubled 0\n`);
  });

  it('keeps one whole log', async () => {
    await host.drive.say('ann', 'personal', 'audit verify');
    await eventually(() => only(host.drive, 'ann', 'personal', /The audit log is whole/));
    for (const each of all) expect(each.alive(), each.log()).toBe(true);
  });
});
