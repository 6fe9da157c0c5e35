import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';

/**
 * Answers of the gate are signed: a compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037), whose public keys stand at
 * /gate/keys as a JWK set. The private key is derived from a configured secret (HKDF, RFC 5869), so that every replica signs
 * alike and a secret that is added or taken away is a key that is added or taken away; the first one signs.
 */
export interface GateKey {
  id: string;
  secret: string;
}

/** How long an answer may be shown to somebody else. */
export const ANSWER_SECONDS = 300;

/** PKCS #8 of an Ed25519 key (RFC 8410) up to its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const made = new Map<string, KeyObject>();
function privateKey({ id, secret }: GateKey): KeyObject {
  const name = `${id}\n${secret}`;
  let key = made.get(name);
  if (!key) {
    const seed = Buffer.from(hkdfSync('sha256', secret, 'wardroom gate', id, 32));
    key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
    made.set(name, key);
  }
  return key;
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const jwkSet = (keys: readonly GateKey[]) => ({
  keys: keys.map((key) => ({
    ...createPublicKey(privateKey(key)).export({ format: 'jwk' }),
    kid: key.id,
    alg: 'EdDSA',
    use: 'sig',
  })),
});

/** `claims` with `iat`, `exp` and `jti`, signed by the first key; undefined when there is none. */
export function signAnswer(
  claims: object,
  keys: readonly GateKey[],
  now: Temporal.Instant,
  jti: string,
): string | undefined {
  const [key] = keys;
  if (!key) return undefined;
  const iat = Math.floor(now.epochMilliseconds / 1000);
  const head = base64({ alg: 'EdDSA', typ: 'JWT', kid: key.id });
  const body = base64({ iss: 'wardroom', ...claims, iat, exp: iat + ANSWER_SECONDS, jti });
  const signature = sign(null, Buffer.from(`${head}.${body}`), privateKey(key)).toString('base64url');
  return `${head}.${body}.${signature}`;
}

export type Checked =
  | { valid: true; claims: Record<string, unknown> }
  | { valid: false; code: 'malformed' | 'unknown-key' | 'wrong-signature' | 'expired-signature'; why: string };

/** Judges an answer that somebody shows. One signed by a key that was taken away is no longer good. */
export function checkAnswer(token: string, keys: readonly GateKey[], now: Temporal.Instant): Checked {
  const no = (code: Exclude<Checked, { valid: true }>['code'], why: string): Checked => ({ valid: false, code, why });
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  const header = parsed(head);
  const claims = parsed(body);
  if (rest.length > 0 || !header || !claims) return no('malformed', 'this is no signed answer of the gate');
  const key = keys.find(({ id }) => id === header['kid']);
  if (!key || header['alg'] !== 'EdDSA') return no('unknown-key', `no key ${String(header['kid'])} is in use`);
  const good = verify(
    null,
    Buffer.from(`${head}.${body}`),
    createPublicKey(privateKey(key)),
    Buffer.from(signature, 'base64url'),
  );
  if (!good) return no('wrong-signature', 'it was not signed by this gate, or was altered');
  const exp = Number(claims['exp']);
  const at = now.epochMilliseconds / 1000;
  if (!(exp > at)) return no('expired-signature', `it expired ${Math.round(at - exp)} s ago; ask the gate again`);
  return { valid: true, claims };
}

function parsed(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** GitHub's `X-Hub-Signature-256` over the raw body. */
export function githubSigned(secrets: readonly string[], rawBody: string, header: string | undefined): boolean {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(header ?? '')?.[1];
  if (!given) return false;
  return secrets.some((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(rawBody).digest(), Buffer.from(given, 'hex')),
  );
}

/** Standard Webhooks: base64 of the HMAC-SHA256 of `id.timestamp.body`. https://www.standardwebhooks.com */
export const webhookSignature = (secret: string, id: string, timestamp: string, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
