import { describe, expect, it } from 'vitest';
import {
  checkClaims,
  checkKey,
  checkSignature,
  type HookKey,
  SENDERS,
  sign,
  type TokenPolicy,
} from '../../../services/alerts/hook-auth.rules.ts';
import { at, minutes, T0 } from './signal-fixtures.ts';

const KEYS: HookKey[] = [
  { id: 'old', secret: 'an old secret of the hook', notAfter: minutes(10) },
  { id: 'new', secret: 'a new secret of the hook', notBefore: minutes(-10) },
];
const [OLD, NEW] = KEYS.map(({ secret }) => secret) as [string, string];

describe('a key', () => {
  it.each([
    ['in our header', { headers: { 'x-wardroom-key': OLD } }, 'key old'],
    ['in a static delivery header', { headers: { 'aeg-wardroom-key': NEW } }, 'key new'],
    ['in the query', { headers: {}, query: NEW }, 'key new'],
  ])('passes %s', (_where, offered, by) => {
    expect(checkKey(T0, offered, KEYS)).toEqual({ ok: true, by });
  });

  it.each([
    ['none is sent', {}, KEYS, 'no-key'],
    ['it is empty', { 'x-wardroom-key': '' }, KEYS, 'no-key'],
    ['it is wrong', { 'x-wardroom-key': 'guess' }, KEYS, 'wrong-key'],
    ['it is a part of the secret', { 'x-wardroom-key': OLD.slice(0, -1) }, KEYS, 'wrong-key'],
    ['none is configured', { 'x-wardroom-key': OLD }, [], 'not-configured'],
    ['the configured one is empty', { 'x-wardroom-key': '' }, [{ id: 'x', secret: '' }], 'not-configured'],
  ])('is refused when %s', (_why, headers, keys, code) => {
    expect(checkKey(T0, { headers }, keys)).toMatchObject({ ok: false, code });
  });

  it('is rotated: both are valid for a while, then only the new one', () => {
    const check = (secret: string, when: number) =>
      checkKey(minutes(when), { headers: { 'x-wardroom-key': secret } }, KEYS);
    expect([check(OLD, 9).ok, check(OLD, 10).ok, check(NEW, 10).ok, check(NEW, -11).ok]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(check(OLD, 10)).toEqual({ ok: false, code: 'expired-key', why: 'key old is not valid at this time' });
  });

  it('is never repeated in a reason', () => {
    for (const key of [OLD, 'guess-the-secret']) {
      expect(JSON.stringify(checkKey(minutes(20), { headers: {}, query: key }, KEYS))).not.toContain(key);
    }
  });
});

describe('a signature', () => {
  const body = '{"a":1}';
  const stamp = String(T0.epochMilliseconds / 1000);
  const headers = (over: Record<string, string> = {}) => ({
    'x-wardroom-timestamp': stamp,
    'x-wardroom-signature': `v1=${sign(NEW, stamp, body)}`,
    ...over,
  });
  const check = (over: Record<string, string> = {}, text: string | Uint8Array = body, when = T0) =>
    checkSignature(when, { headers: headers(over), body: text }, KEYS);

  it('passes with any valid key, for text and for bytes', () => {
    expect(check()).toEqual({ ok: true, by: 'signature with key new' });
    expect(check({}, Buffer.from(body)).ok).toBe(true);
    const both = `v1=${'0'.repeat(64)}, v1=${sign(OLD, stamp, body)}`;
    expect(check({ 'x-wardroom-signature': both })).toEqual({ ok: true, by: 'signature with key old' });
  });

  it('is what another implementation computes (the hmac module of Python)', () => {
    expect(sign('Jefe', '1795446000', body)).toBe('b73e009dc3c693e55d5cc50986ed98de324f89bfe4aee9421fe1b170c3c58d3e');
  });

  it.each<[string, Record<string, string>, string]>([
    ['missing', { 'x-wardroom-signature': '' }, 'no-signature'],
    ['of another version', { 'x-wardroom-signature': `v0=${'0'.repeat(64)}` }, 'no-signature'],
    ['wrong', { 'x-wardroom-signature': `v1=${'0'.repeat(64)}` }, 'wrong-signature'],
    ['for another time', { 'x-wardroom-timestamp': String(Number(stamp) + 1) }, 'wrong-signature'],
    ['without a time', { 'x-wardroom-timestamp': '' }, 'bad-timestamp'],
    ['with a strange time', { 'x-wardroom-timestamp': '1e9' }, 'bad-timestamp'],
  ])('is refused when it is %s', (_why, over, code) => {
    expect(check(over)).toMatchObject({ ok: false, code });
  });

  it('is refused for a changed body, and outside its window on both sides', () => {
    expect(check({}, '{"a":2}')).toMatchObject({ code: 'wrong-signature' });
    expect([check({}, body, at(300)).ok, check({}, body, at(301)).ok, check({}, body, at(-301)).ok]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the claims of a token', () => {
  const TENANT = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';
  const policy = (over: Partial<TokenPolicy> = {}): TokenPolicy => ({
    tenant: TENANT,
    audiences: ['api://wardroom-hook'],
    sender: 'eventgrid',
    ...over,
  });
  const claims = (over: Record<string, unknown> = {}) => ({
    iss: `https://sts.windows.net/${TENANT}/`,
    aud: 'api://wardroom-hook',
    exp: minutes(60).epochMilliseconds / 1000,
    nbf: minutes(-5).epochMilliseconds / 1000,
    appid: SENDERS.eventgrid.app,
    roles: [SENDERS.eventgrid.role],
    ...over,
  });

  it.each<[string, Record<string, unknown>, Partial<TokenPolicy>]>([
    ['Event Grid', {}, {}],
    [
      'a version 2 token',
      { iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, appid: undefined, azp: SENDERS.eventgrid.app },
      {},
    ],
    ['several audiences', { aud: ['x', 'API://wardroom-hook'] }, {}],
    [
      'an action group',
      { appid: SENDERS['azure-monitor'].app, roles: [SENDERS['azure-monitor'].role] },
      { sender: 'azure-monitor' },
    ],
    ['an app of our own', { appid: 'own-app' }, { apps: ['own-app'] }],
  ])('pass for %s', (_who, over, rules) => {
    expect(checkClaims(T0, claims(over), policy(rules)).ok).toBe(true);
  });

  it.each<[string, unknown, Partial<TokenPolicy>, string, string]>([
    ['no token', undefined, {}, 'no-token', 'no bearer token was sent'],
    ['no expiry', claims({ exp: undefined }), {}, 'bad-claims', 'the claim exp is missing or has the wrong type'],
    ['roles as text', claims({ roles: 'x' }), {}, 'bad-claims', 'the claim roles is missing or has the wrong type'],
    ['expired', claims({ exp: minutes(-6).epochMilliseconds / 1000 }), {}, 'expired-token', 'the token has expired'],
    [
      'not yet valid',
      claims({ nbf: minutes(6).epochMilliseconds / 1000 }),
      {},
      'expired-token',
      'the token is not valid yet',
    ],
    [
      'another directory',
      claims({ iss: 'https://sts.windows.net/evil/' }),
      {},
      'wrong-issuer',
      'issuer https://sts.windows.net/evil/ is not our directory',
    ],
    [
      'another audience',
      claims({ aud: 'api://other' }),
      {},
      'wrong-audience',
      'the token is for api://other, not for this hook',
    ],
    ['another app', claims({ appid: 'evil' }), {}, 'wrong-app', 'app evil may not deliver here'],
    ['no app', claims({ appid: undefined }), {}, 'wrong-app', 'app without a name may not deliver here'],
    [
      'the other sender',
      claims(),
      { sender: 'azure-monitor' },
      'wrong-app',
      `app ${SENDERS.eventgrid.app} may not deliver here`,
    ],
    [
      'no role',
      claims({ roles: undefined }),
      {},
      'no-role',
      `app ${SENDERS.eventgrid.app} does not hold the app role AzureEventGridSecureWebhookSubscriber`,
    ],
    ['nothing configured', claims(), { audiences: [] }, 'not-configured', 'no tenant or audience is configured'],
  ])('are refused with %s', (_what, given, rules, code, why) => {
    expect(checkClaims(T0, given, policy(rules))).toEqual({ ok: false, code, why });
  });

  it('cannot write lines into the log', () => {
    const verdict = checkClaims(T0, claims({ iss: `x\ny${'z'.repeat(500)}` }), policy());
    expect(verdict.ok ? '' : verdict.why).toMatch(/^issuer x\?yz{117} is not our directory$/);
  });
});
