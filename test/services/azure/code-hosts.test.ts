import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { commitOf } from '../../../infra/sandbox/azure/code-hosts.ts';
import { createEstate } from '../../../infra/sandbox/azure/estate.ts';
import { estateCredential, estateHttpClient } from '../../../infra/sandbox/azure/http.ts';
import { type AzureDeps, azureClients } from '../../../services/azure/client.ts';
import type { PipelineRequest } from '../../../services/azure/wire.ts';
import { movableClock } from '../../../services/core/clock.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const APP = { id: 'Iv1.wardroom', key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };

/** The estate as it is asked with these credentials, and everything that reached the wire. */
function asked(credentials: Pick<AzureDeps, 'github' | 'azureDevOpsToken'>) {
  const clock = movableClock({ start: Temporal.Instant.from('2026-11-23T14:05:00Z'), frozen: true });
  const inner = estateHttpClient(createEstate({ clock, seed: 7 }));
  const sent: PipelineRequest[] = [];
  const httpClient = {
    sendRequest: (request: PipelineRequest) => {
      sent.push(request);
      return inner.sendRequest(request);
    },
  };
  const azure = azureClients({
    credential: estateCredential,
    httpClient,
    clock,
    random: () => 0.5,
    tuning: { backoffMs: 2 },
    ...credentials,
  });
  return { azure, sent, clock };
}
const PRIVATE = 'northwind-ml/aml-screening';
const commit = commitOf('aml-screening', '3');
const authorizations = (sent: readonly PipelineRequest[]) =>
  new Set(sent.map(({ headers }) => headers.get('authorization')));

describe('GitHub', () => {
  it('shows nobody what is private, and says what would have to be set', async () => {
    const { azure } = asked({});
    expect(await azure.github.commit(PRIVATE, commit, undefined)).toBeUndefined();
    expect(azure.github.hidden).toMatch(/WARDROOM_GITHUB_TOKEN/);
    const open = await azure.github.commit('northwind-ml/fraud-detector', commitOf('fraud-detector', '7'), undefined);
    expect(open?.checks.map(({ name }) => name)).toContain('unit tests');
  });

  it('is asked with a token', async () => {
    const { azure, sent } = asked({ github: 'ghp_of-the-house' });
    const found = await azure.github.commit(PRIVATE, commit, undefined);
    expect(found?.pull?.approvedBy.length).toBe(1);
    expect(authorizations(sent)).toEqual(new Set(['token ghp_of-the-house']));
    expect(azure.github.hidden).toBeUndefined();
  });

  it('is asked as an app, whose token is made once an hour by a signed assertion', async () => {
    const { azure, sent, clock } = asked({ github: APP });
    expect((await azure.github.commit(PRIVATE, commit, undefined))?.checks.length).toBe(3);
    await azure.github.commit(PRIVATE, commit, commitOf('aml-screening', '2'));
    const made = () => sent.filter(({ url }) => url.endsWith('/access_tokens'));
    expect(made()).toHaveLength(1);
    const [head = '', body = '', signature = ''] = (made()[0]?.headers.get('authorization') ?? '')
      .split(/[ .]/)
      .slice(1);
    const good = createVerify('RSA-SHA256')
      .update(`${head}.${body}`)
      .verify(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), signature, 'base64url');
    expect(good).toBe(true);
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { iat: number; exp: number; iss: string };
    expect(claims.iss).toBe(APP.id);
    expect(claims.exp - claims.iat, 'GitHub takes ten minutes at most').toBeLessThanOrEqual(600);
    await clock.moveTo(clock.now().add({ minutes: 56 }));
    await azure.github.commit(PRIVATE, commit, commitOf('aml-screening', '1'));
    expect(made()).toHaveLength(2);
  });

  it('refuses a token that has expired: told as that, and tried once', async () => {
    const { azure, sent } = asked({ github: 'ghp_expired' });
    await expect(azure.github.commit(PRIVATE, commit, undefined)).rejects.toThrow(
      /GitHub: refused Wardroom's credentials \(401\); an administrator has to renew them/,
    );
    expect(sent).toHaveLength(1);
  });
});

describe('Azure DevOps', () => {
  const repository = 'northwind/retail-ml/churn-predictor';
  const sha = commitOf('churn-predictor', '2');
  it('is asked as the identity in Azure, or with a personal access token', async () => {
    const own = asked({});
    expect((await own.azure.devops.commit(repository, sha, undefined))?.pull?.approvedBy).toEqual([
      'finn.ohara@northwind.example',
    ]);
    expect(authorizations(own.sent)).toEqual(new Set(['Bearer sandbox']));
    const { azure, sent } = asked({ azureDevOpsToken: 'pat' });
    expect(await azure.devops.commit(repository, sha, undefined)).toEqual(
      await own.azure.devops.commit(repository, sha, undefined),
    );
    expect(authorizations(sent)).toEqual(new Set([`Basic ${Buffer.from(':pat').toString('base64')}`]));
  });
});
