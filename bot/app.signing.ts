import { issuerAt, SANDBOX_CLIENT } from '../infra/sandbox/entra/issuer.ts';
import { guard } from '../services/azure/resilience.ts';
import { signIn } from '../services/azure/sign-in.ts';
import type { Clock } from '../services/core/clock.ts';
import { BadConfig, type Config } from '../services/core/config.ts';
import type { Log } from '../services/core/log.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { SignIn } from '../services/core/proof.ts';
import { SANDBOX_TENANT } from './app.sandbox.ts';

const AUTHORITY = 'https://login.microsoftonline.com';

/** Part of the composition root: whom people sign in with, and as which app. */
export function signInFor(
  config: Config,
  deps: { clock: Clock; log: Log; organisation: Organisation; origin: () => string },
): SignIn {
  const { clock, log, organisation, origin } = deps;
  const base = { clock, guard: guard({ service: 'Microsoft Entra', clock, log: (event) => log.warn(event, 'Entra') }) };
  if (config.mode === 'sandbox')
    return signIn({
      ...base,
      issuer: () => issuerAt(config.sandbox.url ?? origin(), SANDBOX_TENANT),
      clientId: SANDBOX_CLIENT.id,
      proves: { secret: SANDBOX_CLIENT.secret },
    });
  const signed = organisation.approvalPolicies.filter(({ stepUp }) => stepUp).map(({ id }) => id);
  if (signed.length > 0 && !config.publicUrl?.startsWith('https:'))
    throw new BadConfig([
      `WARDROOM_PUBLIC_URL is missing or not https: votes by ${signed.join(', ')} are signed on a page of this house (stepUp), and Entra sends browsers back to https only.`,
    ]);
  const { appId = '', appPassword, tenantId } = config.bot;
  return signIn({
    ...base,
    issuer: () => `${AUTHORITY}/${tenantId}/v2.0`,
    clientId: appId,
    // A bot without a secret is a managed identity.
    proves: appPassword ? { secret: appPassword } : { identity: appId },
  });
}
