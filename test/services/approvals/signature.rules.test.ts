import { generateKeyPairSync, sign } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { signatureFault, signedFault, statesVote, voteStatement } from '../../../services/approvals/signature.rules.ts';
import { claimsSignedBy, nonceOf, type Proof } from '../../../services/core/proof.ts';

const NOW = Temporal.Instant.from('2026-11-23T14:05:00Z');
const DIGEST = '5c1f0a9be2d47786a3f51d0c4b9e8f60271ad3c95be8f4410c6f7d2a9e3b8045';
const CARA = '00000000-0000-4000-8000-000000000003';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = publicKey.export({ format: 'jwk' }) as Record<string, unknown>;

const vote = {
  request: 'REQ-102',
  title: 'fraud-detector:8 to ep-fraud',
  stage: 1,
  digest: DIGEST,
  choice: 'approve',
  reason: 'it finds more',
};
const due = Temporal.Instant.from('2026-11-27T16:00:00Z');
const statement = voteStatement({ ...vote, conditions: [{ what: 'the bias report covers age', owner: 'hugo', due }] });

function token(claims: object, head: object = { alg: 'RS256', typ: 'JWT' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(head)}.${part(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}
const claims = {
  oid: CARA,
  nonce: nonceOf('salt', statement),
  auth_time: Math.floor(NOW.epochMilliseconds / 1000) - 60,
  acrs: ['c1'],
};
const proof = (more: Partial<Proof> = {}): Proof => ({
  statement,
  salt: 'salt',
  idToken: token(claims),
  key,
  issuer: 'https://login.microsoftonline.com/t/v2.0',
  nonce: claims.nonce,
  account: CARA,
  signedInAt: '2026-11-23T14:04:00Z',
  acrs: ['c1'],
  ...more,
});

describe('the statement of a vote', () => {
  it('says choice, request, digest, reason and conditions, a line each', () => {
    expect(statement.split('\n')).toEqual([
      'Approve REQ-102',
      'fraud-detector:8 to ep-fraud',
      `Digest (SHA-256): ${DIGEST}`,
      'Reason: it finds more',
      'Condition: the bias report covers age; by hugo, until 2026-11-27T16:00:00Z',
    ]);
  });

  it.each([
    ['a line of its own', 'fine\nReject REQ-7'],
    ['another line separator', 'fine\u2028Reject REQ-7'],
    ['a change of direction', 'fine \u202E7-QER tcejeR\u202C'],
  ])('cannot be bent by %s in the reason', (_what, reason) => {
    const bent = voteStatement({ ...vote, reason });
    expect(bent.split('\n')).toHaveLength(4);
    expect(bent).not.toMatch(/[\u2028\u202A-\u202E]/);
    expect(statesVote(bent, { ...vote, reason })).toBe(true);
  });

  it('is that vote and no other', () => {
    expect(statesVote(statement, vote)).toBe(true);
    for (const other of [
      { choice: 'reject' },
      { request: 'REQ-103' },
      { digest: null },
      { stage: 2 },
      { reason: null },
      { reason: 'it finds less' },
    ])
      expect(statesVote(statement, { ...vote, ...other }), JSON.stringify(other)).toBe(false);
  });
});

describe('a proof', () => {
  const stepUp = { maxAge: 5, acrs: 'c1' };
  it.each<[string, Parameters<typeof proof>[0] | undefined, RegExp | undefined]>([
    ['holds', {}, undefined],
    ['is missing', undefined, /signed, and this one is not/],
    ['says something else', { statement: `${statement} ` }, /not what is asked for now/],
    ['has another nonce', { nonce: '0'.repeat(64) }, /not what is asked for now/],
    ['is as old as it may be, and a minute of skew', { signedInAt: '2026-11-23T13:59:00Z' }, undefined],
    ['is older', { signedInAt: '2026-11-23T13:58:59Z' }, /6 min ago, and 5 min is the most/],
    ['lies ahead', { signedInAt: '2026-11-23T14:06:01Z' }, /in the future/],
    ['lacks the context', { acrs: ['c2'] }, /authentication context c1/],
  ])('that %s', (_what, more, fault) => {
    const found = signatureFault(NOW, stepUp, statement, more && proof(more));
    if (fault) expect(found).toMatch(fault);
    else expect(found).toBeUndefined();
  });

  const kept = { ...vote, at: NOW.toString() };
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  it.each<[string, object, Partial<Proof> | null, string, RegExp | undefined]>([
    ['holds', stepUp, {}, CARA, undefined],
    ['was left out', stepUp, null, CARA, /is not signed/],
    ['has the key of somebody else', stepUp, { key: other as Record<string, unknown> }, CARA, /does not hold/],
    ['has no key', stepUp, { key: {} }, CARA, /does not hold/],
    ['has no token', stepUp, { idToken: 'a.b' }, CARA, /does not hold/],
    [
      'has a token without an algorithm',
      stepUp,
      { idToken: `${token(claims, { alg: 'none' })}` },
      CARA,
      /does not hold/,
    ],
    ['was made for other words', stepUp, { salt: 'pepper' }, CARA, /not what was signed/],
    ['is of another account', stepUp, {}, 'somebody', /another account/],
    [
      'is of another day',
      stepUp,
      { idToken: token({ ...claims, auth_time: claims.auth_time - 86_400 }) },
      CARA,
      /another time/,
    ],
    ['does not say when', stepUp, { idToken: token({ ...claims, auth_time: undefined }) }, CARA, /another time/],
    ['lacks the context', stepUp, { idToken: token({ ...claims, acrs: 'c9' }) }, CARA, /without the context c1/],
    ['needs none', { maxAge: 5 }, { idToken: token({ ...claims, acrs: undefined }) }, CARA, undefined],
  ])('that leaves the house and %s', (_what, policy, more, account, fault) => {
    const found = signedFault(policy as typeof stepUp, kept, more && proof(more), account);
    if (fault) expect(found).toMatch(fault);
    else expect(found).toBeUndefined();
  });

  it('is no signature of a shared secret passed off as a key', () => {
    const secret = { kty: 'oct', k: Buffer.from('secret').toString('base64url') };
    expect(claimsSignedBy(secret, token(claims))).toBeUndefined();
  });
});
