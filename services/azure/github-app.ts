import { createPrivateKey, createSign } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import type { Clock } from '../core/clock.ts';

/** Whose name is used for a repository: a token's, or that of an app installed there. `undefined` asks as anybody. */
export type GithubAuth = (owner: string, repo: string) => Promise<string | undefined>;

export interface GithubApp {
  /** App id or client id. */
  id: string;
  /** Its private key, PEM. */
  key: string;
}

/** GitHub refuses a lifetime above ten minutes, and a start in its future. */
const JWT_SECONDS = 540;
const SKEW_SECONDS = 60;
/** A token lives for an hour; one that ends within this is not used any more. */
const SPARE_MS = 5 * 60_000;

/**
 * Tokens of a GitHub App for the installation that a repository belongs to
 * (https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app). `fetch` is the wire.
 */
export function githubApp(
  app: GithubApp,
  { clock, fetch }: { clock: Clock; fetch?: typeof globalThis.fetch },
): GithubAuth {
  const key = createPrivateKey(app.key);
  const tokens = new Map<string, { token: string; ends: number }>();
  const asApp = () =>
    new Octokit({ auth: jwtOf(app.id, key, clock.ms()), log: SILENT, ...(fetch ? { request: { fetch } } : {}) });
  return async (owner, repo) => {
    const place = owner.toLowerCase();
    const known = tokens.get(place);
    if (known && known.ends - SPARE_MS > clock.ms()) return known.token;
    const { data: installation } = await asApp().rest.apps.getRepoInstallation({ owner, repo });
    const { data } = await asApp().rest.apps.createInstallationAccessToken({ installation_id: installation.id });
    tokens.set(place, { token: data.token, ends: Date.parse(data.expires_at) });
    return data.token;
  };
}

function jwtOf(issuer: string, key: ReturnType<typeof createPrivateKey>, ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', typ: 'JWT' });
  const body = part({ iat: seconds - SKEW_SECONDS, exp: seconds + JWT_SECONDS, iss: issuer });
  const signed = createSign('RSA-SHA256').update(`${head}.${body}`).sign(key).toString('base64url');
  return `${head}.${body}.${signed}`;
}

/** What the client would write to the console is in the errors that it throws. */
const said = () => undefined;
export const SILENT = { debug: said, info: said, warn: said, error: said };
