import { ManagedIdentityCredential } from '@azure/identity';
import * as oidc from 'openid-client';
import { type Clock, systemClock } from '../core/clock.ts';
import { Refused, Unavailable } from '../core/errors.ts';
import { claimsSignedBy, contextsOf, type SignedIn, type SignIn } from '../core/proof.ts';
import type { Guard } from './resilience.ts';

export interface SignInDeps {
  /**
   * "https://login.microsoftonline.com/<tenant>/v2.0": its metadata stand below (OpenID Connect Discovery 1.0). Asked for when
   * it is needed: that of the sandbox is known once its door is open.
   */
  issuer: () => string;
  clientId: string;
  /**
   * How the app proves itself: its secret, or as the managed identity with this client id, whose token stands in for one
   * (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity).
   */
  proves: { secret: string } | { identity: string };
  clock: Clock;
  guard: Guard;
}

const SKEW_SECONDS = 60;
const EXCHANGE = 'api://AzureADTokenExchange/.default';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Sign-in by OpenID Connect with the authorization code flow, PKCE and a nonce of the caller's own, by the certified client
 * of panva. Entra puts `auth_time` and `acrs` into ID tokens when the app registration lists them as optional claims
 * (https://learn.microsoft.com/entra/identity-platform/optional-claims-reference).
 */
export function signIn({ issuer, clientId, proves, clock, guard }: SignInDeps): SignIn {
  const auth: oidc.ClientAuth =
    'secret' in proves
      ? oidc.ClientSecretPost(proves.secret)
      : async (_as, client, body) => {
          body.set('client_id', client.client_id);
          body.set('client_assertion_type', ASSERTION);
          const own = new ManagedIdentityCredential({ clientId: proves.identity });
          body.set('client_assertion', (await own.getToken(EXCHANGE)).token);
        };

  async function configured(): Promise<oidc.Configuration> {
    const address = issuer();
    const insecure = address.startsWith('http:');
    const { value: server } = await guard.read('metadata', async () => {
      const options = insecure ? { execute: [oidc.allowInsecureRequests] } : {};
      return (await oidc.discovery(new URL(address), clientId, undefined, auth, options)).serverMetadata();
    });
    // The library asks the machine what time it is; the house may have another (the sandbox).
    const shift = Math.round((clock.ms() - systemClock.ms()) / 1000);
    const own = { [oidc.clockSkew]: shift, [oidc.clockTolerance]: SKEW_SECONDS };
    const config = new oidc.Configuration(server, clientId, own, auth);
    if (insecure) oidc.allowInsecureRequests(config);
    // The signature is kept as a proof, so it is checked although the token came over TLS.
    oidc.enableNonRepudiationChecks(config);
    return config;
  }

  return {
    async begin({ state, nonce, verifier, redirect, maxAgeSeconds, acrs, hint, again }) {
      const config = await configured();
      const to = oidc.buildAuthorizationUrl(config, {
        scope: 'openid profile',
        redirect_uri: redirect,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        max_age: String(maxAgeSeconds),
        ...(hint ? { login_hint: hint } : {}),
        ...(again ? { prompt: 'login' } : {}),
        ...(acrs ? { claims: JSON.stringify({ id_token: { acrs: { essential: true, value: acrs } } }) } : {}),
      });
      return to.href;
    },

    async finish(answer, { state, nonce, verifier }) {
      const config = await configured();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
      const tokens = await guard.write(() =>
        oidc.authorizationCodeGrant(config, answer, checks).catch((error) => {
          throw told(error);
        }),
      );
      return provenBy(config, tokens.id_token ?? '', nonce);
    },
  };
}

function provenBy(config: oidc.Configuration, idToken: string, nonce: string): SignedIn {
  const keys = oidc.getJwksCache(config)?.jwks.keys ?? [];
  for (const key of keys) {
    const claims = claimsSignedBy(key as Readonly<Record<string, unknown>>, idToken);
    if (!claims) continue;
    const { iss, oid, auth_time: at } = claims;
    if (typeof oid !== 'string')
      throw new Refused('The sign-in does not say whose it is (oid).', 'Ask an administrator.', 'step-up-setup');
    if (typeof at !== 'number')
      throw new Refused(
        'The sign-in does not say when it was made.',
        'An administrator adds the optional claim auth_time to the ID tokens of the app registration.',
        'step-up-setup',
      );
    return {
      idToken,
      key: publicPart(key as Readonly<Record<string, unknown>>),
      issuer: String(iss),
      nonce,
      account: oid,
      signedInAt: new Date(at * 1000).toISOString(),
      acrs: contextsOf(claims),
    };
  }
  throw new Refused('The sign-in is not signed by a key of its issuer.', 'Sign in again.', 'step-up');
}

const publicPart = ({ kty, kid, n, e }: Readonly<Record<string, unknown>>) => ({ kty, kid, n, e });

/** What a person can do something about is told; that the issuer is away, or knows us no more, is a fault. */
function told(error: unknown): unknown {
  if (error instanceof oidc.AuthorizationResponseError) {
    const { error: code, error_description: why } = error;
    return code === 'access_denied'
      ? new Refused('The sign-in was broken off.', 'Sign in to confirm.', 'step-up')
      : new Refused(`The sign-in was refused: ${oneLine(why ?? code)}.`, 'Sign in again.', 'step-up');
  }
  if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant')
    return new Refused('That sign-in was used already, or took too long.', 'Sign in again.', 'step-up');
  if (error instanceof oidc.ResponseBodyError)
    return new Unavailable('Microsoft Entra', `${error.error}: ${oneLine(error.error_description ?? '')}`, {
      cause: error,
    });
  if (error instanceof oidc.ClientError && error.code?.startsWith('OAUTH_JWT'))
    return new Refused(`The sign-in does not hold: ${oneLine(error.message)}.`, 'Sign in again.', 'step-up');
  return error;
}
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 200);
