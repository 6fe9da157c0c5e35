import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Clock } from '../../../services/core/clock.ts';
import type { Ids } from '../../../services/core/ids.ts';
import { foreign, HttpError, matchPath, sendError, sendJson } from '../teams/http.ts';
import { signInPage } from './page.ts';

/**
 * Stands in for the sign-in of Microsoft Entra: an OpenID provider (OpenID Connect Core 1.0, authorization code flow with
 * PKCE) that asks for no password. It knows the people of the sandbox, keeps a session per browser, honours `max_age`,
 * `prompt=login` and a demand for an authentication context, and can be told to misbehave.
 */
export const SANDBOX_CLIENT = {
  id: '5a7db0c5-0000-4000-8000-0000000000e1',
  secret: 'sandbox-client-secret-not-for-real-use',
};
const ROOT = '/sandbox/entra';
export const issuerAt = (origin: string, tenant: string): string => `${origin}${ROOT}/${tenant}/v2.0`;

export interface IssuerPerson {
  id: string;
  name: string;
  entraId: string;
  email?: string | undefined;
  active: boolean;
}

interface Code {
  person: IssuerPerson;
  signedInAt: number;
  nonce: string;
  challenge: string;
  redirect: string;
  acrs: string[];
  ends: number;
  /** Leaves out auth_time, as an app registration without the optional claim does. */
  bare: boolean;
}

/** Any process of this sandbox. */
const WAY_BACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/sign\/callback$/;
const COOKIE = 'sandbox-entra';
const [CODE_MS, TOKEN_SECONDS] = [60_000, 3_600];
/** How old the session is that "as of two hours ago" pretends. */
const OLD_MS = 2 * 3_600_000;

export function createIssuer(deps: {
  clock: Clock;
  ids: Ids;
  people: readonly IssuerPerson[];
  tenant: string;
  origin: () => string;
}) {
  const { clock, ids, people, tenant, origin } = deps;
  // In memory: a sign-in that is under way when the sandbox ends is begun again.
  const codes = new Map<string, Code>();
  const sessions = new Map<string, { person: IssuerPerson; at: number }>();
  // Made when somebody signs in for the first time: most houses never need it.
  let made: ReturnType<typeof signingKeys> | undefined;
  const keys = () => {
    made ??= signingKeys();
    return made;
  };
  const issuer = () => issuerAt(origin(), tenant);
  const below = (path: string) => `${origin()}${ROOT}/${tenant}${path}`;

  const metadata = () => ({
    issuer: issuer(),
    authorization_endpoint: below('/oauth2/v2.0/authorize'),
    token_endpoint: below('/oauth2/v2.0/token'),
    jwks_uri: below('/discovery/v2.0/keys'),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['pairwise'],
    scopes_supported: ['openid', 'profile'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
  });

  /** What the page was asked for; a client that is not ours, or another way back, is told on the page and not sent on. */
  function askedFor(query: URLSearchParams) {
    const redirect = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== SANDBOX_CLIENT.id || !WAY_BACK.test(redirect))
      throw new HttpError(400, 'invalid_request', 'the client or its redirect_uri is not registered here');
    if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256')
      throw new HttpError(
        400,
        'invalid_request',
        'this provider knows response_type=code with code_challenge_method=S256',
      );
    const claims = query.get('claims');
    const wanted = claims ? (JSON.parse(claims) as { id_token?: { acrs?: { value?: string } } }) : {};
    return {
      redirect,
      state: query.get('state') ?? '',
      nonce: query.get('nonce') ?? '',
      challenge: query.get('code_challenge') ?? '',
      maxAge: query.has('max_age') ? Number(query.get('max_age')) : undefined,
      hint: query.get('login_hint') ?? '',
      again: query.get('prompt') === 'login',
      acrs: wanted.id_token?.acrs?.value,
    };
  }
  type Wanted = ReturnType<typeof askedFor>;

  function back(
    res: ServerResponse,
    { redirect, state }: Wanted,
    answer: Record<string, string>,
    cookie?: string,
  ): void {
    const to = new URL(redirect);
    for (const [name, value] of Object.entries({ ...answer, state })) to.searchParams.set(name, value);
    res.writeHead(302, { location: to.href, 'cache-control': 'no-store', ...(cookie ? { 'set-cookie': cookie } : {}) });
    res.end();
  }

  function signedIn(person: IssuerPerson, wanted: Wanted, at: number, more: Pick<Code, 'acrs' | 'bare'>): string {
    const code = ids.uuid();
    const { nonce, challenge, redirect } = wanted;
    codes.set(code, { person, signedInAt: at, nonce, challenge, redirect, ends: clock.ms() + CODE_MS, ...more });
    return code;
  }

  async function authorize(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
    const wanted = askedFor(url.searchParams);
    const form = req.method === 'POST' ? new URLSearchParams(await text(req)) : undefined;
    const held = sessions.get(cookieOf(req) ?? '');
    const hinted = people.find(({ email, id }) => [email, id].includes(wanted.hint));
    if (!form) {
      const fresh = held && (wanted.maxAge === undefined || clock.ms() - held.at <= wanted.maxAge * 1000);
      const enough = fresh && !wanted.again && wanted.acrs === undefined && (!hinted || hinted === held.person);
      if (enough) return back(res, wanted, { code: signedIn(held.person, wanted, held.at, { acrs: [], bare: false }) });
      return void sendPage(
        res,
        signInPage({ people: people.filter(({ active }) => active), hinted, acrs: wanted.acrs }),
      );
    }
    if (form.get('as') === 'cancel')
      return back(res, wanted, { error: 'access_denied', error_description: 'the user declined to sign in' });
    const person = people.find(({ id, active }) => active && id === form.get('as'));
    if (!person) throw new HttpError(400, 'invalid_request', 'nobody here has that id');
    const how = form.get('how');
    const at = clock.ms() - (how === 'old' ? OLD_MS : 0);
    const session = ids.uuid();
    sessions.set(session, { person, at });
    const acrs = wanted.acrs !== undefined && how !== 'weak' ? [wanted.acrs] : [];
    const code = signedIn(person, wanted, at, { acrs, bare: how === 'bare' });
    back(res, wanted, { code }, `${COOKIE}=${session}; Path=${ROOT}; HttpOnly; SameSite=Lax`);
  }

  async function token(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(req));
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const known = form.get('client_id') === SANDBOX_CLIENT.id && form.get('client_secret') === SANDBOX_CLIENT.secret;
    if (!known)
      return sendJson(res, 401, { error: 'invalid_client', error_description: 'no such client, or not its secret' });
    const verifier = form.get('code_verifier') ?? '';
    const proven = code?.challenge === createHash('sha256').update(verifier).digest('base64url');
    if (!code || !proven || code.ends < clock.ms() || code.redirect !== form.get('redirect_uri'))
      return sendJson(res, 400, {
        error: 'invalid_grant',
        error_description: 'the code is used, too old, or not yours',
      });
    const { privateKey, jwk } = await keys();
    const now = Math.floor(clock.ms() / 1000);
    const idToken = await new SignJWT({
      ver: '2.0',
      tid: tenant,
      oid: code.person.entraId,
      name: code.person.name,
      nonce: code.nonce,
      ...(code.bare ? {} : { auth_time: Math.floor(code.signedInAt / 1000) }),
      ...(code.acrs.length > 0 ? { acrs: code.acrs } : {}),
    })
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid, typ: 'JWT' })
      .setIssuer(issuer())
      .setAudience(SANDBOX_CLIENT.id)
      .setSubject(`sandbox-${code.person.id}`)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .sign(privateKey);
    sendJson(res, 200, {
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      access_token: ids.uuid(),
      id_token: idToken,
    });
  }

  return {
    /** True when it answered. */
    async handle(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
      const url = new URL(req.url ?? '/', 'http://sandbox');
      if (!url.pathname.startsWith(`${ROOT}/`)) return false;
      try {
        const refusal = foreign(req);
        if (refusal) throw new HttpError(403, 'Forbidden', refusal);
        const path = url.pathname.slice(ROOT.length);
        const is = (pattern: string) => matchPath(pattern, path)?.['tenant'] === tenant;
        if (is('/{tenant}/v2.0/.well-known/openid-configuration')) sendJson(res, 200, metadata());
        else if (is('/{tenant}/discovery/v2.0/keys')) sendJson(res, 200, { keys: [(await keys()).jwk] });
        else if (is('/{tenant}/oauth2/v2.0/authorize')) await authorize(req, res, url);
        else if (is('/{tenant}/oauth2/v2.0/token') && req.method === 'POST') await token(req, res);
        else throw new HttpError(404, 'NotFound', 'the sandbox has no such page of Entra');
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        sendError(res, error);
      }
      return true;
    },
  };
}

async function signingKeys() {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  return { ...pair, jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'RS256' } };
}

const cookieOf = (req: IncomingMessage): string | undefined =>
  new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(req.headers.cookie ?? '')?.[1];

function sendPage(res: ServerResponse, page: string): void {
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  res.end(page);
}
