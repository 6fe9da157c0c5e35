import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookSignature } from '../../services/windows/index.ts';
import { HOOK_KEY, type House, openHouse, textOf } from '../house.ts';

/** It is Monday 15:05 in Amsterdam; payments are open until 20:00. */
describe('the gate', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(async () => house.stop());

  const type = async (as: string, text: string) => {
    const answer = await house.app.console.ask({ as, text, yes: true });
    if (answer.status !== 200 || answer.body.kind !== 'answer') throw new Error(JSON.stringify(answer.body));
    return answer.body.data as { id: string };
  };
  const get = async (path: string, headers: Record<string, string> = { 'x-wardroom-key': HOOK_KEY }) => {
    const answer = await fetch(`${house.url}${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await house.hook(path, body, headers);
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const hasCurl = spawnSync('curl', ['--version']).status === 0;
  /** The client that pipelines use: its exit code is the answer. */
  const curl = (...words: string[]) =>
    new Promise<{ code: number | null; out: string }>((done) => {
      const env = { ...process.env, WARDROOM_URL: house.url, WARDROOM_KEY: HOOK_KEY };
      const client = spawn('sh', ['infra/gate/curl.sh', ...words], { env });
      let out = '';
      client.stdout.on('data', (part) => {
        out += String(part);
      });
      client.on('close', (code) => done({ code, out }));
    });
  const outcomes = async (action: string) =>
    (await house.app.rooms.audit.about(house.app.rooms.db, 'ep-fraud')).filter((entry) => entry.action === action);

  it('answers by status for curl, with whom to ask and until when, signed by a published key', async () => {
    const open = await get('/gate/ep-fraud?minutes=30');
    expect(open).toMatchObject({
      status: 200,
      body: { allowed: true, code: 'open', until: '2026-11-23T19:00:00Z', ask: 'Fraud', status: 'approved' },
    });
    expect(await get('/gate/ep-aml?minutes=600')).toMatchObject({ status: 200 });
    expect(await get('/gate/ep-nothing')).toMatchObject({
      status: 404,
      body: { allowed: false, code: 'unknown-endpoint' },
    });
    expect(await get('/gate/ep-fraud', {})).toMatchObject({ status: 401, body: { code: 'no-key' } });
    expect(await get('/gate/ep-fraud?minutes=soon')).toMatchObject({ status: 400, body: { code: 'bad-question' } });
    const keys = (await get('/gate/keys', {})).body as unknown as JSONWebKeySet;
    const { payload } = await jwtVerify(open.body['token'] ?? '', createLocalJWKSet(keys), {
      currentDate: new Date('2026-11-23T14:05:30Z'),
    });
    expect(payload).toMatchObject({ iss: 'wardroom', sub: 'ep-fraud', allowed: true });
    expect(await post('/gate/verify', { token: open.body['token'] })).toMatchObject({
      status: 200,
      body: { valid: true },
    });
    const altered = (open.body['token'] ?? '').replace(
      /\.[^.]+\./,
      `.${Buffer.from('{"allowed":true}').toString('base64url')}.`,
    );
    expect(await post('/gate/verify', { token: altered })).toMatchObject({
      status: 401,
      body: { code: 'wrong-signature' },
    });
    await house.advance('PT6M');
    expect(await post('/gate/verify', { token: open.body['token'] })).toMatchObject({
      status: 401,
      body: { code: 'expired-signature' },
    });
  });

  it('takes a signed request once, and within five minutes', async () => {
    const body = JSON.stringify({ endpoint: 'ep-fraud' });
    const now = Math.floor(Date.parse('2026-11-23T14:11:00Z') / 1000);
    const signed = (id: string, at: number) => ({
      'x-wardroom-key': '',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': webhookSignature(HOOK_KEY, id, String(at), body),
    });
    expect(await post('/gate/checks', body, signed('msg_1', now))).toMatchObject({
      status: 200,
      body: { status: 'approved' },
    });
    expect(await post('/gate/checks', body, signed('msg_1', now))).toMatchObject({
      status: 409,
      body: { code: 'replay' },
    });
    expect(await post('/gate/checks', body, signed('msg_2', now - 900))).toMatchObject({
      status: 401,
      body: { code: 'expired-signature' },
    });
    expect(await post('/gate/checks', `${body} `, signed('msg_3', now))).toMatchObject({
      status: 401,
      body: { code: 'wrong-signature' },
    });
  });

  it('closes with a freeze, tells a check of Azure DevOps at once or when it opens, and GitHub by its callback', async () => {
    const { id } = await type('ann', 'freeze ep-fraud until tomorrow 08:00 because of an audit');
    expect(await get('/gate/ep-fraud')).toMatchObject({
      status: 423,
      body: { allowed: false, code: 'freeze', next: '2026-11-24T07:00:00Z' },
    });
    expect(await get('/gate/ep-fraud?class=security')).toMatchObject({ status: 200 });
    if (hasCurl) {
      const closed = await curl('ep-fraud', '45');
      expect(closed).toMatchObject({ code: 22, out: expect.stringContaining('Frozen by “an audit”') });
      expect(await curl('ep-credit', '45')).toMatchObject({ code: 0, out: expect.stringContaining('approved') });
      expect((await curl('ep-nothing')).code).toBe(22);
    }
    expect(await post('/gate/checks', { endpoint: 'ep-fraud' })).toMatchObject({
      status: 200,
      body: { status: 'pending' },
    });
    const azure = {
      planurl: 'https://dev.azure.com/northwind',
      projectid: 'retail',
      hubname: 'build',
      planid: 'p1',
      jobid: 'j1',
      taskinstanceid: 't1',
      authtoken: 'secret',
    };
    const waits = await post('/gate/checks', { endpoint: 'ep-fraud', mode: 'callback' }, azure);
    expect(waits.status).toBe(202);
    expect(await post('/gate/checks', { endpoint: 'ep-fraud', mode: 'callback' }, azure)).toMatchObject({
      status: 200,
      body: { code: 'replay' },
    });
    expect(
      await post(
        '/gate/checks',
        { endpoint: 'ep-fraud', mode: 'callback' },
        { ...azure, planurl: 'https://evil.example' },
      ),
    ).toMatchObject({ status: 400, body: { code: 'bad-callback' } });
    const event = (callback: string) =>
      JSON.stringify({
        action: 'requested',
        environment: 'production',
        deployment_callback_url: callback,
        repository: { full_name: 'northwind-ml/fraud-detector' },
      });
    const github = (body: string, delivery: string) =>
      post('/gate/github', body, {
        'x-github-event': 'deployment_protection_rule',
        'x-github-delivery': delivery,
        'x-hub-signature-256': `sha256=${createHmac('sha256', HOOK_KEY).update(body).digest('hex')}`,
      });
    const good = event(
      'https://api.github.com/repos/northwind-ml/fraud-detector/actions/runs/1/deployment_protection_rule',
    );
    expect(await github(good, 'd1')).toMatchObject({ status: 202 });
    expect(await post('/gate/github', good, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })).toMatchObject({
      status: 401,
      body: { code: 'wrong-signature' },
    });
    expect(await github(event('https://api.github.com/nowhere'), 'd2')).toMatchObject({ status: 202 });
    await house.advance('PT1M');
    expect(await outcomes('windows.gate.answered')).toEqual([]);
    await type('ann', `end freeze ${id}`);
    await house.advance('PT1S');
    expect((await outcomes('windows.gate.answered')).map(({ detail }) => detail['source']).sort()).toEqual([
      'azure-devops',
      'github',
    ]);
    // A callback that nobody takes is not forgotten: it is on record, and the board reads of it.
    expect(await outcomes('windows.gate.undeliverable')).toHaveLength(1);
    await house.advance('PT1S');
    const board = (await house.messages('finn', 'change-board')).map(textOf).join();
    expect(board).toContain('could not be told: /nowhere is no callback of a protection rule');
  });

  it('says no by itself to a pipeline that nobody let through for a day', async () => {
    await type('ann', 'freeze ep-fraud until in 72 hours because of an audit');
    const azure = {
      planurl: 'https://dev.azure.com/northwind',
      projectid: 'retail',
      hubname: 'build',
      planid: 'p2',
      jobid: 'j1',
      taskinstanceid: 't1',
      authtoken: 'secret',
    };
    expect(await post('/gate/checks', { endpoint: 'ep-fraud', mode: 'callback' }, azure)).toMatchObject({
      status: 202,
    });
    await house.advance('PT24H1M');
    const [expired] = await outcomes('windows.gate.expired');
    expect(expired).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('Nobody opened it within 24 hours.'),
    });
    expect(await get('/gate/ep-fraud?change=RFC-999')).toMatchObject({ status: 404, body: { code: 'unknown-change' } });
  });
});
