import { createRemoteJWKSet, customFetch, decodeJwt, type FetchImplementation, type JWTPayload, jwtVerify } from 'jose';
import {
  answerOptions,
  answerValidation,
  type HandshakeAnswer,
  type Headers,
  headerOf,
  subscriptionAllowed,
} from '../services/alerts/eventgrid-handshake.ts';
import {
  checkClaims,
  checkKey,
  checkSignature,
  SKEW_SECONDS,
  type Verdict,
} from '../services/alerts/hook-auth.rules.ts';
import type { HookSource } from '../services/alerts/index.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Config } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';

/** Who may deliver webhooks: an Entra token of Microsoft's sender, or one of our keys. */
export interface Gatekeeper {
  check(
    source: HookSource | 'heartbeat',
    req: { headers: Headers; query?: unknown; rawBody?: unknown },
  ): Promise<Verdict>;
  options(headers: Headers): HandshakeAnswer;
  validation(headers: Headers, body: unknown): HandshakeAnswer | undefined;
}

export function gatekeeper({
  hooks,
  clock,
  fetchKeys,
}: {
  hooks: Config['hooks'];
  clock: Clock;
  /** How Entra's keys are had; by the network's own fetch when left out. */
  fetchKeys?: FetchImplementation;
}): Gatekeeper {
  const { entra } = hooks;
  const keys =
    entra &&
    createRemoteJWKSet(new URL(`https://login.microsoftonline.com/${entra.tenantId}/discovery/v2.0/keys`), {
      ...(fetchKeys ? { [customFetch]: fetchKeys } : {}),
    });

  /** Signature first; issuer, audience, sender and role are judged by the rules, which say what is wrong. */
  async function claimsOf(token: string): Promise<JWTPayload | undefined> {
    if (!keys) return undefined;
    const { payload } = await jwtVerify(token, keys, {
      currentDate: new Date(clock.ms()),
      clockTolerance: SKEW_SECONDS,
    });
    return payload;
  }

  /** Of those that proved themselves: Event Grid only with the subscriptions that were meant. */
  function admitted(verdict: Verdict, source: string, { headers }: { headers: Headers }): Verdict {
    if (!verdict.ok || source !== 'eventgrid' || hooks.subscriptions === undefined) return verdict;
    const { ok, why } = subscriptionAllowed(headers, hooks.subscriptions);
    return ok ? verdict : { ok, code: 'wrong-subscription', why };
  }

  return {
    async check(source, req) {
      const bearer = /^Bearer\s+(\S+)$/i.exec(String(req.headers['authorization'] ?? ''))?.[1];
      // Only Microsoft's services send tokens; of everybody else a bearer token is one of our keys.
      if (bearer && entra && (source === 'eventgrid' || source === 'azure-monitor')) {
        try {
          const claims = await claimsOf(bearer);
          const policy = { tenant: entra.tenantId, audiences: [entra.audience], sender: source, apps: entra.appIds };
          return admitted(checkClaims(clock.now(), claims, policy), source, req);
        } catch (error) {
          // What is wrong with the token is refused; that Entra's keys cannot be had is no fault of the sender, who tries again.
          if (!isAboutToken(error)) throw error;
          return { ok: false, code: 'bad-claims', why: `${messageOf(error)} (key ${keyIdOf(bearer)})` };
        }
      }
      const proof = signatureOf(req);
      if (proof !== undefined) return admitted(checkSignature(clock.now(), proof, hooks.keys), source, req);
      const query = (req.query as { key?: unknown } | undefined)?.key;
      const offered = { headers: req.headers, query: typeof query === 'string' ? query : undefined };
      return admitted(checkKey(clock.now(), offered, hooks.keys), source, req);
    },
    options: (headers) => answerOptions(headers),
    // The key or token above proved the sender already; without a list any subscription name may then be validated.
    validation: (headers, body) => {
      const name = headerOf(headers, 'aeg-subscription-name') ?? 'authenticated';
      return answerValidation({ ...headers, 'aeg-subscription-name': name }, body, hooks.subscriptions ?? [name]);
    },
  };
}

/** A signed delivery and what was signed; undefined when none was tried. */
function signatureOf(req: { headers: Headers; rawBody?: unknown }) {
  if (headerOf(req.headers, 'x-wardroom-signature') === undefined) return undefined;
  const { rawBody } = req;
  const body = typeof rawBody === 'string' || rawBody instanceof Uint8Array ? rawBody : '';
  return { headers: req.headers, body };
}

/** jose names what is wrong with a token or its signature; everything else went wrong on the way to Entra's keys. */
const isAboutToken = (error: unknown): boolean => {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return (
    /^ERR_(JWT|JWS|JWK|JOSE_ALG|JOSE_NOT)/.test(code) && code !== 'ERR_JWKS_TIMEOUT' && code !== 'ERR_JWKS_INVALID'
  );
};

/** For the log: which app's token it claims to be; nothing that is secret. */
function keyIdOf(token: string): string {
  try {
    return String(decodeJwt(token)['appid'] ?? 'unknown');
  } catch {
    return 'unreadable';
  }
}
