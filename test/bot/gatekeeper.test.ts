import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gatekeeper } from '../../bot/hooks.ts';
import { systemClock } from '../../services/core/clock.ts';
import { BadConfig, readConfig } from '../../services/core/config.ts';
import { type House, openHouse } from '../house.ts';

/** Who may deliver: keys that are changed without a gap, signed deliveries, the subscriptions that were meant. */
const KEYS = 'old@2026-11-24:an-old-secret-of-twenty-letters,new:a-new-secret-of-twenty-letters';
const env = { WARDROOM_HOOK_KEYS: KEYS, WARDROOM_HOOK_SUBSCRIPTIONS: 'sub-ml, sub-runs' };
let house: House;
beforeAll(async () => {
  house = await openHouse({ env });
});
afterAll(() => house.stop());

const BATCH = [
  {
    specversion: '1.0',
    id: 'e-1',
    source:
      '/subscriptions/6f3c1d2e/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw-payments-weu',
    subject: 'models/fraud-detector:9',
    type: 'Microsoft.MachineLearningServices.ModelRegistered',
    time: '2026-11-23T14:00:00Z',
    data: { ModelName: 'fraud-detector', ModelVersion: 9 },
  },
];
const post = (body: string, headers: Record<string, string>) =>
  fetch(`${house.url}/hooks/eventgrid`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
const sub = { 'aeg-subscription-name': 'SUB-ML' };
const fresh = { 'x-wardroom-key': 'a-new-secret-of-twenty-letters', ...sub };

it('both keys are good during a change, and the old one until its day', async () => {
  const old = { 'x-wardroom-key': 'an-old-secret-of-twenty-letters', ...sub };
  expect((await post(JSON.stringify(BATCH), old)).status).toBe(200);
  expect((await post(JSON.stringify(BATCH), fresh)).status).toBe(200);
  await house.advance('P1D');
  expect((await post(JSON.stringify(BATCH), old)).status).toBe(401);
  expect((await post(JSON.stringify(BATCH), fresh)).status).toBe(200);
});

it('a delivery signed with a key needs no key in it, and its body cannot be changed', async () => {
  const { now } = (await (await fetch(`${house.url}/sandbox/clock`)).json()) as { now: string };
  const stamp = String(Math.floor(Date.parse(now) / 1000));
  const body = JSON.stringify([{ ...BATCH[0], id: 'e-signed' }]);
  const signature = createHmac('sha256', 'a-new-secret-of-twenty-letters').update(`${stamp}.${body}`).digest('hex');
  const signed = { 'x-wardroom-timestamp': stamp, 'x-wardroom-signature': `v1=${signature}`, ...sub };
  expect((await post(body.replace('e-signed', 'e-forged'), signed)).status).toBe(401);
  expect((await post(body, { ...signed, 'x-wardroom-timestamp': '1' })).status).toBe(401);
  const answer = await post(body, signed);
  expect(await answer.json()).toMatchObject({ accepted: 1 });
});

it('only the event subscriptions that were named may deliver and be validated', async () => {
  const stranger = { ...fresh, 'aeg-subscription-name': 'somebody-else' };
  expect((await post(JSON.stringify(BATCH), stranger)).status).toBe(401);
  const validation = JSON.stringify([
    {
      id: 'v',
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      eventTime: '2026-11-23T14:00:00Z',
      topic: '/subscriptions/x',
      subject: '',
      dataVersion: '1',
      data: { validationCode: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6' },
    },
  ]);
  const type = { 'aeg-event-type': 'SubscriptionValidation' };
  expect((await post(validation, { ...stranger, ...type })).status).toBe(401);
  const answer = await post(validation, { ...fresh, ...type });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ validationResponse: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6' });
  await house.say('ann', '19:fraud-ops@thread.tacv2', '@Wardroom rejected calls');
  const rejected = await house.app.rooms.alerts.rejections(house.app.rooms.db, 20);
  expect(rejected.map(({ reason }) => reason)).toContain('wrong-subscription');
});

it.each([
  ['an array', 'application/json', JSON.stringify([{ ...BATCH[0], id: 'ce-1' }])],
  ['one CloudEvent', 'application/cloudevents+json; charset=utf-8', JSON.stringify({ ...BATCH[0], id: 'ce-2' })],
  ['a batch', 'application/cloudevents-batch+json', JSON.stringify([{ ...BATCH[0], id: 'ce-3' }])],
])('%s as %s is taken', async (_what, type, body) => {
  const answer = await post(body, { ...fresh, 'content-type': type });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ accepted: 1, malformed: [] });
});

it('a token of Entra is held against its published keys, issuer, audience, app and role', async () => {
  const tenant = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';
  const app = '4962773b-9cdb-44cf-a8bf-237846a00ab7';
  const config = readConfig({
    WARDROOM_HOOK_TENANT: tenant,
    WARDROOM_HOOK_AUDIENCE: 'api://wardroom',
    WARDROOM_HOOK_APPS: app,
  });
  const [ours, strangers] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'k', use: 'sig', alg: 'RS256' };
  const asked: string[] = [];
  const door = gatekeeper({
    hooks: config.hooks,
    clock: systemClock,
    fetchKeys: async (url) => {
      asked.push(String(url));
      return Response.json({ keys: [jwk] });
    },
  });
  const now = Math.floor(systemClock.ms() / 1000);
  const good = {
    iss: `https://sts.windows.net/${tenant}/`,
    aud: 'api://wardroom',
    appid: app,
    roles: ['AzureEventGridSecureWebhookSubscriber'],
    nbf: now - 60,
    exp: now + 3600,
  };
  const knock = async (over: object, key = ours.privateKey, kid = 'k') => {
    const token = await new SignJWT({ ...good, ...over }).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
    const verdict = await door.check('eventgrid', { headers: { authorization: `Bearer ${token}` } });
    return verdict.ok ? 'open' : verdict.code;
  };
  expect(await knock({})).toBe('open');
  expect(await knock({ nbf: now + 120 })).toBe('open');
  expect(await knock({ exp: now - 120 })).toBe('open');
  expect(await knock({ exp: now - 400 })).toBe('bad-claims');
  expect(await knock({ iss: 'https://sts.windows.net/somebody-else/' })).toBe('wrong-issuer');
  expect(await knock({ aud: 'api://other' })).toBe('wrong-audience');
  expect(await knock({ appid: 'another' })).toBe('wrong-app');
  expect(await knock({ roles: [] })).toBe('no-role');
  expect(await knock({}, strangers.privateKey)).toBe('bad-claims');
  expect(await knock({}, ours.privateKey, 'unknown')).toBe('bad-claims');
  expect(asked[0]).toBe(`https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`);
});

it('when Entra’s keys cannot be had nobody is refused for it: the sender tries again', async () => {
  const config = readConfig({
    WARDROOM_HOOK_TENANT: '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001',
    WARDROOM_HOOK_AUDIENCE: 'api://wardroom',
    WARDROOM_HOOK_APPS: '4962773b-9cdb-44cf-a8bf-237846a00ab7',
  });
  const unreachable = gatekeeper({
    hooks: config.hooks,
    clock: systemClock,
    fetchKeys: async () => {
      throw new TypeError('fetch failed');
    },
  });
  const token = `${b64({ alg: 'RS256', kid: 'k' })}.${b64({ appid: 'x' })}.AAAA`;
  const asked = unreachable.check('eventgrid', { headers: { authorization: `Bearer ${token}` } });
  await expect(asked).rejects.toThrow('fetch failed');
  const forged = await unreachable.check('eventgrid', { headers: { authorization: 'Bearer not.a.token' } });
  expect(forged).toMatchObject({ ok: false, code: 'bad-claims' });
});
const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

it.each([
  ['WARDROOM_HOOK_KEYS', 'old@2026-13-40:an-old-secret-of-twenty-letters', 'is no date'],
  ['WARDROOM_HOOK_KEYS', 'a@2026-11-24:an-old-secret-of-twenty-letters,a:another-secret-of-twenty-1', 'two secrets'],
  ['WARDROOM_HOOK_SUBSCRIPTIONS', 'a b', 'names of event subscriptions'],
])('%s=%s is refused: %s', (name, value, why) => {
  expect(() => readConfig({ [name]: value })).toThrow(BadConfig);
  expect(() => readConfig({ [name]: value })).toThrow(why);
});

// The last one: what is kept is looked at afterwards, and nobody waits for it here.
it('5,000 events in one delivery are one transaction', async () => {
  const many = Array.from({ length: 5_000 }, (_, n) => ({ ...BATCH[0], id: `many-${n}` }));
  const answer = await post(JSON.stringify(many), fresh);
  expect(await answer.json()).toMatchObject({ accepted: 5_000, duplicates: 0 });
  const again = await post(JSON.stringify(many), fresh);
  expect(await again.json()).toMatchObject({ accepted: 0, duplicates: 5_000 });
});
