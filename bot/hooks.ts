import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import {
  answerOptions,
  answerValidation,
  type HandshakeAnswer,
  type Headers,
  headerOf,
} from '../services/alerts/eventgrid-handshake.ts';
import { checkClaims, checkKey, type Verdict } from '../services/alerts/hook-auth.rules.ts';
import type { HookSource } from '../services/alerts/index.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Config } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';

/** Who may deliver webhooks: an Entra token of Microsoft's sender, or one of our keys. */
export interface Gatekeeper {
  check(source: HookSource | 'heartbeat', req: { headers: Headers; query?: unknown }): Promise<Verdict>;
  options(headers: Headers): HandshakeAnswer;
  validation(headers: Headers, body: unknown): HandshakeAnswer | undefined;
}

export function gatekeeper({ hooks, clock }: { hooks: Config['hooks']; clock: Clock }): Gatekeeper {
  const { entra } = hooks;
  const keys =
    entra && createRemoteJWKSet(new URL(`https://login.microsoftonline.com/${entra.tenantId}/discovery/v2.0/keys`));

  /** Signature first; issuer, audience, sender and role are judged by the rules, which say what is wrong. */
  async function claimsOf(token: string): Promise<JWTPayload | undefined> {
    if (!keys) return undefined;
    const { payload } = await jwtVerify(token, keys, { currentDate: new Date(clock.ms()) });
    return payload;
  }

  return {
    async check(source, req) {
      const bearer = /^Bearer\s+(\S+)$/i.exec(String(req.headers['authorization'] ?? ''))?.[1];
      // Only Microsoft's services send tokens; of everybody else a bearer token is one of our keys.
      if (bearer && entra && (source === 'eventgrid' || source === 'azure-monitor')) {
        try {
          const claims = await claimsOf(bearer);
          const policy = { tenant: entra.tenantId, audiences: [entra.audience], sender: source, apps: entra.appIds };
          return checkClaims(clock.now(), claims, policy);
        } catch (error) {
          return { ok: false, code: 'bad-claims', why: `${messageOf(error)} (key ${keyIdOf(bearer)})` };
        }
      }
      const query = (req.query as { key?: unknown } | undefined)?.key;
      return checkKey(
        clock.now(),
        { headers: req.headers, query: typeof query === 'string' ? query : undefined },
        hooks.keys,
      );
    },
    options: (headers) => answerOptions(headers),
    // The key or token above proved the sender already; any subscription name may then be validated.
    validation: (headers, body) => {
      const name = headerOf(headers, 'aeg-subscription-name') ?? 'authenticated';
      return answerValidation({ ...headers, 'aeg-subscription-name': name }, body, [name]);
    },
  };
}

/** For the log: which app's token it claims to be; nothing that is secret. */
function keyIdOf(token: string): string {
  try {
    return String(decodeJwt(token)['appid'] ?? 'unknown');
  } catch {
    return 'unreadable';
  }
}
