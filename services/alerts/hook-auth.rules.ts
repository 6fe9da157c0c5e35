import { createHmac } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { sameSecret } from '../core/seal.ts';
import { type Headers, headerOf } from './eventgrid-handshake.ts';

/** Several may be valid at once, so that a key is rotated without losing an alert. */
export interface HookKey {
  /** Named in the log instead of the secret. */
  id: string;
  secret: string;
  notBefore?: Temporal.Instant | undefined;
  notAfter?: Temporal.Instant | undefined;
}

export type RejectionCode =
  | 'not-configured'
  | 'no-key'
  | 'wrong-key'
  | 'expired-key'
  | 'no-signature'
  | 'bad-timestamp'
  | 'wrong-signature'
  | 'no-token'
  | 'bad-claims'
  | 'expired-token'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'wrong-app'
  | 'no-role'
  | 'wrong-subscription';

/** `by` and `why` go to the log, `code` to the metric; none of them holds a secret. The sender is only told 401. */
export type Verdict = { ok: true; by: string } | { ok: false; code: RejectionCode; why: string };

const no = (code: RejectionCode, why: string): Verdict => ({ ok: false, code, why });

/** Event Grid delivers static headers (any name we choose); an action group can only carry `?key=` in its address. */
export const KEY_HEADERS = ['x-wardroom-key', 'aeg-wardroom-key'] as const;

/**
 * A key in a header or, where the sender can set none, in the query. Alertmanager and most others that post webhooks
 * can send it as a bearer token, which keeps it out of addresses and their logs.
 */
export function checkKey(
  now: Temporal.Instant,
  offered: { headers: Headers; query?: string | undefined },
  keys: readonly HookKey[],
): Verdict {
  const usable = keys.filter(({ secret }) => secret !== '');
  if (usable.length === 0) return no('not-configured', 'no key is configured for this hook');
  const header = KEY_HEADERS.map((name) => headerOf(offered.headers, name)).find(Boolean);
  const bearer = /^Bearer +(\S+)$/i.exec(headerOf(offered.headers, 'authorization') ?? '')?.[1];
  const key = header ?? offered.query ?? bearer;
  if (!key) return no('no-key', `no key: send the header ${KEY_HEADERS[0]}, a bearer token or ?key=`);
  // Every key is compared, and by digests of one length: the time taken tells neither which key nor how much of it fits.
  const fitting = usable.filter(({ secret }) => sameSecret(key, secret));
  if (fitting.length === 0) return no('wrong-key', 'the key is wrong');
  const valid = fitting.find((entry) => inTime(now, entry));
  if (!valid) return no('expired-key', `key ${fitting[0]?.id} is not valid at this time`);
  return { ok: true, by: `key ${valid.id}` };
}

export const SIGNATURE_WINDOW_SECONDS = 300;

/**
 * A signed delivery: `x-wardroom-timestamp` (seconds since the epoch) and `x-wardroom-signature: v1=<hex>`, the
 * HMAC-SHA256 of `<timestamp>.<raw body>`. The time bounds a replay; the event key does the rest.
 */
export function checkSignature(
  now: Temporal.Instant,
  delivery: { headers: Headers; body: Uint8Array | string },
  keys: readonly HookKey[],
  windowSeconds: number = SIGNATURE_WINDOW_SECONDS,
): Verdict {
  const usable = keys.filter((key) => key.secret !== '' && inTime(now, key));
  if (usable.length === 0) return no('not-configured', 'no valid key is configured for this hook');
  const signatures = (headerOf(delivery.headers, 'x-wardroom-signature') ?? '')
    .split(',')
    .flatMap((part) => /^v1=([0-9a-f]{64})$/i.exec(part.trim())?.[1]?.toLowerCase() ?? []);
  if (signatures.length === 0) return no('no-signature', 'x-wardroom-signature: v1=<64 hex digits> is missing');
  const stamp = headerOf(delivery.headers, 'x-wardroom-timestamp') ?? '';
  if (!/^\d{1,12}$/.test(stamp)) return no('bad-timestamp', 'x-wardroom-timestamp must be seconds since the epoch');
  const away = Math.abs(now.epochMilliseconds / 1000 - Number(stamp));
  if (away > windowSeconds) {
    return no(
      'bad-timestamp',
      `the delivery was signed ${Math.round(away)} s away from now; ${windowSeconds} s are allowed`,
    );
  }
  const fitting = usable.filter(({ secret }) => {
    const expected = sign(secret, stamp, delivery.body);
    return signatures.filter((signature) => sameSecret(signature, expected)).length > 0;
  });
  return fitting[0]
    ? { ok: true, by: `signature with key ${fitting[0].id}` }
    : no('wrong-signature', 'the signature is wrong');
}

/** Hex, as `x-wardroom-signature` carries it after `v1=`. */
export const sign = (secret: string, timestamp: string, body: Uint8Array | string): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');

/** Microsoft's own senders: the app that must have asked for the token, and the role it must hold on ours. */
export const SENDERS = {
  eventgrid: { app: '4962773b-9cdb-44cf-a8bf-237846a00ab7', role: 'AzureEventGridSecureWebhookSubscriber' },
  'azure-monitor': { app: '461e8683-5575-4561-ac7f-899cc907d62a', role: 'ActionGroupsSecureWebhook' },
} as const;

export interface TokenPolicy {
  /** Directory (tenant) id; both of Entra's issuer forms follow from it. */
  tenant: string;
  /** The application ids or id URIs of the hook's app registration. */
  audiences: readonly string[];
  sender: keyof typeof SENDERS;
  /** Instead of Microsoft's sender: the apps that may deliver. */
  apps?: readonly string[] | undefined;
}

const claimsShape = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  /** Version 1 tokens name the caller `appid`, version 2 tokens `azp`. */
  appid: z.string().optional(),
  azp: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

export const SKEW_SECONDS = 300;

/**
 * The claims of a token whose signature was verified before. Sources: learn.microsoft.com/azure/event-grid/
 * secure-webhook-delivery, azure-monitor/alerts/action-groups (secure webhook), entra/identity-platform/
 * access-token-claims-reference.
 */
export function checkClaims(now: Temporal.Instant, claims: unknown, policy: TokenPolicy): Verdict {
  if (!policy.tenant || policy.audiences.length === 0)
    return no('not-configured', 'no tenant or audience is configured');
  if (claims === undefined || claims === null) return no('no-token', 'no bearer token was sent');
  const parsed = claimsShape.safeParse(claims);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') || 'token';
    return no('bad-claims', `the claim ${at} is missing or has the wrong type`);
  }
  const { iss, aud, exp, nbf, appid, azp, roles } = parsed.data;
  const seconds = now.epochMilliseconds / 1000;
  if (exp + SKEW_SECONDS <= seconds) return no('expired-token', 'the token has expired');
  if (nbf !== undefined && nbf - SKEW_SECONDS > seconds) return no('expired-token', 'the token is not valid yet');
  const tenant = policy.tenant.toLowerCase();
  const issuers = [`https://sts.windows.net/${tenant}/`, `https://login.microsoftonline.com/${tenant}/v2.0`];
  if (!issuers.includes(iss.toLowerCase())) return no('wrong-issuer', `issuer ${short(iss)} is not our directory`);
  const audiences = (Array.isArray(aud) ? aud : [aud]).map((entry) => entry.toLowerCase());
  if (!policy.audiences.some((entry) => audiences.includes(entry.toLowerCase()))) {
    return no('wrong-audience', `the token is for ${short(audiences.join(', '))}, not for this hook`);
  }
  const { app, role } = SENDERS[policy.sender];
  const caller = (appid ?? azp ?? '').toLowerCase();
  if (!(policy.apps ?? [app]).some((entry) => entry.toLowerCase() === caller)) {
    return no('wrong-app', `app ${short(caller) || 'without a name'} may not deliver here`);
  }
  if (!roles.includes(role)) return no('no-role', `app ${caller} does not hold the app role ${role}`);
  return { ok: true, by: `app ${caller}` };
}

/** Claims come from outside: kept short and on one line for the log. */
const short = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 120);

export const inTime = (now: Temporal.Instant, { notBefore, notAfter }: HookKey): boolean =>
  (!notBefore || notBefore.epochMilliseconds <= now.epochMilliseconds) &&
  (!notAfter || now.epochMilliseconds < notAfter.epochMilliseconds);
