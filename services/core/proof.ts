import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson, sha256 } from './canonical.ts';

/** What somebody has to sign in for once more before they are believed. */
export interface StepUp {
  /** How long ago the sign-in may be when it counts, in minutes (`max_age` of OpenID Connect Core 1.0, 3.1.2.1). */
  maxAge: number;
  /** An authentication context of Conditional Access, "c1" to "c99", that the sign-in must satisfy. */
  acrs?: string | undefined;
}

/**
 * That a person signed in again to say something: an ID token whose `nonce` is made from what was said, so that nobody,
 * this house included, can put it beside something else later.
 */
export interface Proof {
  /** What was said, in the words that the person was shown before they signed in. */
  statement: string;
  /** Random; without it the few things that there are to say could be tried out. */
  salt: string;
  /** The ID token as it came (JWS, compact), and the public key of the issuer that its signature was checked with (JWK). */
  idToken: string;
  key: Readonly<Record<string, unknown>>;
  issuer: string;
  nonce: string;
  /** Object id of the account in Entra (`oid`). */
  account: string;
  /** When the person last typed a password, used a key or the like (`auth_time`); ISO 8601. */
  signedInAt: string;
  /** Authentication contexts that the sign-in satisfied. */
  acrs: readonly string[];
}

/** The nonce of the ID token that signs a statement: SHA-256 in hexadecimal. */
export const nonceOf = (salt: string, statement: string): string => sha256(canonicalJson([salt, statement]));

/**
 * What an ID token says, when this key signed it: JWS in its compact form (RFC 7515) with RS256, which is what Entra signs
 * with. `undefined` for anything else, whatever is wrong with it. Whether the token was meant for us is not asked here.
 */
export function claimsSignedBy(key: Readonly<Record<string, unknown>>, idToken: string): Claims | undefined {
  const [head = '', body = '', signature = '', ...more] = idToken.split('.');
  try {
    const { alg } = JSON.parse(bytesOf(head).toString('utf8')) as { alg?: unknown };
    const publicKey = createPublicKey({ key: key as never, format: 'jwk' });
    if (more.length > 0 || alg !== 'RS256' || publicKey.asymmetricKeyType !== 'rsa') return undefined;
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), publicKey, bytesOf(signature))) return undefined;
    return JSON.parse(bytesOf(body).toString('utf8')) as Claims;
  } catch {
    // No key, or no JSON: somebody made it up.
    return undefined;
  }
}
/** Of an ID token (OpenID Connect Core 1.0, section 2; `oid` and `acrs` are Entra's). */
export interface Claims {
  iss?: unknown;
  aud?: unknown;
  oid?: unknown;
  nonce?: unknown;
  auth_time?: unknown;
  acrs?: unknown;
}
/** Authentication contexts that a token names: one, several, or none. */
export const contextsOf = ({ acrs }: Claims): string[] => [acrs ?? []].flat().map(String);
const bytesOf = (part: string): Buffer => Buffer.from(part, 'base64url');

/** A browser that is sent to the issuer, and comes back. */
export interface SignIn {
  /** Where the browser goes: the issuer's page. Throws Unavailable. */
  begin(asked: Asked): Promise<string>;
  /**
   * What the answer proves, in the address that the issuer sent the browser back to. Throws Refused with the code `step-up`
   * when signing in again may help, Unavailable when the issuer does not answer.
   */
  finish(answer: URL, asked: Pick<Asked, 'state' | 'nonce' | 'verifier'>): Promise<SignedIn>;
}

export interface Asked {
  state: string;
  nonce: string;
  /** Of the code (RFC 7636), 43 to 128 unreserved characters. */
  verifier: string;
  /** Where the issuer sends the browser back to; registered with the app. */
  redirect: string;
  maxAgeSeconds: number;
  acrs?: string | undefined;
  /** Whose sign-in it should be: the name they sign in with. */
  hint?: string | undefined;
  /** A session that the browser has is not enough. */
  again: boolean;
}

export type SignedIn = Omit<Proof, 'statement' | 'salt'>;
