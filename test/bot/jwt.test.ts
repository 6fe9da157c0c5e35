import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServer } from '../../bot/server.ts';
import { teams } from '../../bot/teams.ts';
import type { Inbound } from '../../bot/wire.ts';
import { systemClock } from '../../services/core/clock.ts';
import { BadConfig, readConfig } from '../../services/core/config.ts';
import { silentLog } from '../../services/core/log.ts';
import { createMetrics } from '../../services/core/metrics.ts';
import { activity, deliver } from './raw.ts';

/**
 * The door of /api/messages outside the sandbox: real tokens, signed here, held against the keys that a local OpenID
 * metadata server gives. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
const APP = '11111111-2222-4333-8444-555555555555';
const TENANT = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';
const ISSUER = 'https://api.botframework.com';
const SERVICE = 'https://smba.trafficmanager.net/emea/';

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let strangers: Awaited<ReturnType<typeof generateKeyPair>>;
let metadata: Server;
let door: { url: string; close(): void };
let heard: Inbound[] = [];

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  strangers = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'teams', use: 'sig', alg: 'RS256' };
  const known = [
    { ...jwk, endorsements: ['msteams'] },
    { ...jwk, kid: 'other-channel', endorsements: ['webchat'] },
  ];
  metadata = createHttpServer((req, res) => {
    res.setHeader('content-type', 'application/json');
    const address = `http://${req.headers.host}`;
    const openid = { issuer: ISSUER, jwks_uri: `${address}/keys`, id_token_signing_alg_values_supported: ['RS256'] };
    res.end(JSON.stringify(req.url === '/keys' ? { keys: known } : openid));
  });
  const config = readConfig({
    MicrosoftAppId: APP,
    MicrosoftAppPassword: 'a-client-secret-for-tests',
    MicrosoftAppTenantId: TENANT,
    WARDROOM_CONFIG: 'wardroom.yaml',
    WARDROOM_HOOK_KEYS: 'one:a-secret-that-is-long-enough',
    BotOpenIdMetadata: `${await listen(metadata)}/openid`,
  });
  const bot = teams({
    bot: config.bot,
    log: silentLog,
    ears: () => ({
      message: async (inbound) => void heard.push(inbound),
      action: async (inbound) => {
        heard.push(inbound);
        return { kind: 'message', text: 'done' };
      },
      taskFetch: async () => ({ kind: 'close' }),
      taskSubmit: async () => ({ kind: 'close' }),
      query: async () => ({ kind: 'message', text: '' }),
      fetchTask: async () => ({ kind: 'close' }),
      submitAction: async () => ({ kind: 'close' }),
      installed: async (inbound) => void heard.push(inbound),
    }),
  });
  const no = () => Promise.reject(new Error('not used here'));
  const server = createServer({
    clock: systemClock,
    config,
    log: silentLog,
    metrics: createMetrics(),
    teams: bot,
    gatekeeper: {
      check: async () => ({ ok: false, code: 'no-key', why: '' }),
      options: () => ({ status: 400 }),
      validation: () => undefined,
    },
    receive: no,
    beat: no,
    reject: no,
    committed: () => undefined,
    file: async () => undefined,
    picture: () => undefined,
    feed: async () => undefined,
    sign: { handle: no },
    ready: async () => ({ database: true }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  door = { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
});
afterAll(() => {
  door.close();
  metadata.close();
});
beforeEach(() => {
  heard = [];
  // The SDK writes every refusal to the console, stack and all.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

interface Token {
  issuer?: string;
  audience?: string;
  serviceUrl?: string;
  kid?: string;
  expires?: number;
  notBefore?: number;
  key?: CryptoKey;
}
const now = () => Math.floor(systemClock.ms() / 1000);
const token = (over: Token = {}) =>
  new SignJWT({ serviceurl: over.serviceUrl ?? SERVICE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: over.kid ?? 'teams' })
    .setIssuer(over.issuer ?? ISSUER)
    .setAudience(over.audience ?? APP)
    .setNotBefore(over.notBefore ?? now() - 60)
    .setExpirationTime(over.expires ?? now() + 3_600)
    .sign((over.key ?? keys.privateKey) as CryptoKey);

const knock = (authorization: string | undefined, more: object = {}) => {
  const said = { ...activity({ url: '' }), serviceUrl: SERVICE, text: 'incidents', ...more };
  return deliver(door, said, authorization === undefined ? {} : { authorization });
};

describe('the token of a call to /api/messages', () => {
  it('opens the door when it is good', async () => {
    expect(await knock(`Bearer ${await token()}`)).toMatchObject({ status: 200 });
    expect(heard).toMatchObject([{ text: 'incidents', from: { entraId: expect.stringMatching(/0001$/) } }]);
  });

  it('opens it for a click, whose answer comes in the response', async () => {
    const click = {
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', verb: 'alerts.acknowledge', data: { incident: 'INC-101' } } },
    };
    const { status, body } = await knock(`Bearer ${await token()}`, click);
    expect(status).toBe(200);
    expect(body).toEqual({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'done' });
    expect(heard).toMatchObject([{ verb: 'alerts.acknowledge', data: { incident: 'INC-101' } }]);
  });

  const unsigned = () =>
    new UnsecuredJWT({ serviceurl: SERVICE }).setIssuer(ISSUER).setAudience(APP).setExpirationTime('1h').encode();
  const tampered = async () => {
    const [header, , signature] = (await token()).split('.');
    const claims = { iss: ISSUER, aud: APP, serviceurl: SERVICE, exp: now() + 999_999 };
    return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  };
  const hmac = () =>
    new SignJWT({ serviceurl: SERVICE })
      .setProtectedHeader({ alg: 'HS256', kid: 'teams' })
      .setIssuer(ISSUER)
      .setAudience(APP)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('a shared secret that is long enough for HMAC'));

  const bad: Record<string, () => Promise<string | undefined>> = {
    'is missing': async () => undefined,
    'is empty': async () => 'Bearer ',
    'is no token': async () => 'Bearer not-a-token',
    'is of another scheme': async () => `Basic ${Buffer.from('teams:secret').toString('base64')}`,
    'has expired': async () => `Bearer ${await token({ expires: now() - 3_600, notBefore: now() - 7_200 })}`,
    'is not valid yet': async () => `Bearer ${await token({ notBefore: now() + 3_000 })}`,
    'is meant for another app': async () =>
      `Bearer ${await token({ audience: '99999999-2222-4333-8444-555555555555' })}`,
    'was issued by somebody else': async () => `Bearer ${await token({ issuer: 'https://login.example.com/' })}`,
    'claims to be the emulator': async () =>
      `Bearer ${await token({ issuer: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/' })}`,
    'is signed with a key nobody knows': async () => `Bearer ${await token({ kid: 'unknown' })}`,
    'is signed with the key of a stranger': async () =>
      `Bearer ${await token({ key: strangers.privateKey as CryptoKey })}`,
    'is signed for another channel': async () => `Bearer ${await token({ kid: 'other-channel' })}`,
    'names another service address': async () => `Bearer ${await token({ serviceUrl: 'https://evil.example/' })}`,
    'was changed after signing': async () => `Bearer ${await tampered()}`,
    'is not signed (alg none)': async () => `Bearer ${unsigned()}`,
    'is signed with a shared secret (HS256)': async () => `Bearer ${await hmac()}`,
  };
  for (const [what, make] of Object.entries(bad))
    it(`keeps it shut when it ${what}`, async () => {
      expect((await knock(await make())).status).toBe(401);
      expect(heard).toEqual([]);
    });

  it('keeps it shut for a click, too', async () => {
    const click = { type: 'invoke', name: 'adaptiveCard/action', value: { action: { verb: 'x.y', data: {} } } };
    expect((await knock(undefined, click)).status).toBe(401);
    expect(heard).toEqual([]);
  });
});

it('refuses to start where nobody would have to sign', () => {
  expect(() => readConfig({ WARDROOM_MODE: 'teams' })).toThrow(BadConfig);
  expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow(/listens to this machine only/);
});
