import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BadConfig, describeConfig, isLoopback, readConfig, SANDBOX_HOOK_KEY } from '../../../services/core/config.ts';

const APP = '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a0aa';
const TENANT = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';
const GROUP = '11111111-0000-4000-8000-000000000001';
const SECRET = 'a-secret-that-is-long-enough';
const teams = {
  MicrosoftAppId: APP,
  MicrosoftAppPassword: 'password-of-the-app',
  MicrosoftAppTenantId: TENANT,
  WARDROOM_CONFIG: 'wardroom.yaml',
  WARDROOM_HOOK_KEYS: `grid:${SECRET}`,
};

const KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function problems(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof BadConfig) return [...error.problems];
    throw error;
  }
  return [];
}

describe('the sandbox', () => {
  it('is what starts when nothing is set, on this machine only', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ mode: 'sandbox', host: '127.0.0.1', port: 3978, home: '.wardroom' });
    expect(config.databaseUrl).toBeUndefined();
    expect(config.organisationFile).toBeUndefined();
    expect(config.hooks.keys).toEqual([SANDBOX_HOOK_KEY]);
    expect(config.planner).toBeUndefined();
    expect(config.warnings).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.4', '10.0.0.1', 'example.com', '127.evil.example', '128.0.0.1'])(
    'refuses to listen on %s',
    (HOST) => {
      expect(problems({ HOST })).toEqual([expect.stringContaining(`HOST is ${HOST}, but the sandbox`)]);
    },
  );

  it.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost', 'LOCALHOST'])('may listen on %s', (HOST) => {
    expect(isLoopback(HOST)).toBe(true);
    expect(readConfig({ HOST }).host).toBe(HOST);
  });

  it('may follow another process on this machine that hosts it, with whom it shares a database', () => {
    const url = 'http://127.0.0.1:3978';
    const database = 'postgres://wardroom:secret@db.example:5432/wardroom';
    expect(readConfig({ WARDROOM_SANDBOX_URL: url, DATABASE_URL: database }).sandbox.url).toBe(url);
    expect(problems({ WARDROOM_SANDBOX_URL: url })).toEqual([expect.stringContaining('DATABASE_URL is missing')]);
    expect(problems({ WARDROOM_SANDBOX_URL: 'http://sandbox.example', DATABASE_URL: database })).toEqual([
      expect.stringContaining('its own machine only'),
    ]);
  });

  it('never gets the app id, so that it cannot be half signed', () => {
    const config = readConfig({ ...teams, WARDROOM_MODE: 'sandbox' });
    expect(config.mode).toBe('sandbox');
    expect([config.bot.appId, config.bot.appPassword]).toEqual([undefined, undefined]);
    expect(config.warnings).toEqual(['MicrosoftAppId is not used in the sandbox.']);
  });

  it('does not start by mistake where the app id was forgotten', () => {
    const { MicrosoftAppId: _, ...rest } = teams;
    expect(problems(rest)).toEqual([expect.stringContaining('MicrosoftAppId is missing')]);
  });
});

describe('in Teams', () => {
  it('starts with an app id, a tenant, an organisation and a key for webhooks', () => {
    const config = readConfig({ ...teams, HOST: '0.0.0.0', PORT: '8080' });
    expect(config).toMatchObject({ mode: 'teams', host: '0.0.0.0', port: 8080 });
    expect(config.bot).toMatchObject({ appType: 'SingleTenant', appId: APP, tenantId: TENANT });
    expect(config.hooks.keys).toEqual([{ id: 'grid', secret: SECRET }]);
    expect(config.azure.tenantId).toBe(TENANT);
  });

  it.each([
    ['MicrosoftAppTenantId', 'MicrosoftAppTenantId is missing'],
    ['MicrosoftAppPassword', 'MicrosoftAppPassword is missing'],
    ['WARDROOM_CONFIG', 'WARDROOM_CONFIG is missing'],
    ['WARDROOM_HOOK_KEYS', 'No webhook could be recognised'],
  ])('refuses to start without %s', (name, message) => {
    expect(problems({ ...teams, [name]: undefined })).toEqual([expect.stringContaining(message)]);
    expect(problems({ ...teams, [name]: '  ' })).toHaveLength(1);
  });

  it('names everything that is missing at once', () => {
    expect(problems({ WARDROOM_MODE: 'teams' })).toHaveLength(5);
  });

  it('needs no password with a managed identity', () => {
    const identity = { ...teams, MicrosoftAppPassword: undefined, MicrosoftAppType: 'UserAssignedMsi' };
    expect(readConfig(identity).bot.appType).toBe('UserAssignedMsi');
    expect(problems({ ...teams, MicrosoftAppType: 'MultiTenant' })[0]).toContain('SingleTenant, UserAssignedMsi');
  });

  it('takes Entra tokens instead of keys, only from named apps', () => {
    const entra = { ...teams, WARDROOM_HOOK_KEYS: undefined, WARDROOM_HOOK_AUDIENCE: 'api://wardroom' };
    expect(problems(entra).join()).toContain('WARDROOM_HOOK_APPS is missing');
    expect(readConfig({ ...entra, WARDROOM_HOOK_APPS: `${APP}, ${GROUP}` }).hooks.entra).toEqual({
      tenantId: TENANT,
      audience: 'api://wardroom',
      appIds: [APP, GROUP],
    });
    expect(problems({ ...entra, WARDROOM_HOOK_APPS: 'any' })).toHaveLength(1);
  });
});

describe('a value that is wrong', () => {
  it.each([
    [{ PORT: '80a' }, 'PORT must be a whole number from 0 to 65535.'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535.'],
    [{ PORT: '-1' }, 'PORT must be'],
    [{ PORT: '4190' }, 'PORT is 4190, which browsers refuse to call: use another one, such as 3978.'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be postgres://'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace'],
    [{ WARDROOM_MODE: 'prod' }, 'WARDROOM_MODE must be one of sandbox, teams'],
    [{ WARDROOM_ROLES: 'graph' }, 'WARDROOM_ROLE_GROUPS is missing'],
    [{ WARDROOM_ROLE_GROUPS: `aprover:${GROUP}` }, 'did you mean approver?'],
    [{ WARDROOM_ROLE_GROUPS: 'approver:everybody' }, 'WARDROOM_ROLE_GROUPS must be a list'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost' }, 'must be an address such as'],
    [{ AZURE_OPENAI_API_KEY: 'k' }, 'needs AZURE_OPENAI_ENDPOINT'],
    [{ WARDROOM_SANDBOX_START: 'today' }, 'must be an instant'],
  ])('is named with what would be right: %j', (env, message) => {
    expect(problems(env)).toEqual([expect.stringContaining(message)]);
  });

  it.each(['grid', `:${SECRET}`, 'grid:', `a:${SECRET},a:${SECRET}x`, 'a b:secret'])(
    'is not repeated when it is a secret: %s',
    (keys) => {
      const [problem = ''] = problems({ WARDROOM_HOOK_KEYS: keys });
      expect(problem).toMatch(/^WARDROOM_HOOK_KEYS /);
      expect(problem).not.toContain(SECRET);
    },
  );

  it('is a secret that can be guessed, outside the sandbox', () => {
    expect(problems({ ...teams, WARDROOM_HOOK_KEYS: 'grid:hunter2' }).join()).toContain('can be guessed ("grid")');
    expect(readConfig({ WARDROOM_HOOK_KEYS: 'grid:hunter2' }).hooks.keys).toHaveLength(1);
  });

  it('is a name that nearly exists: it is told, and not read', () => {
    expect(readConfig({ WARDROOM_HOOK_KEY: 'x', PATH: '/bin' }).warnings).toEqual([
      'WARDROOM_HOOK_KEY is not a setting; did you mean WARDROOM_HOOK_KEYS?',
    ]);
  });
});

describe('what is read', () => {
  it('keeps several keys at once, with colons in the secret', () => {
    const keys = readConfig({ WARDROOM_HOOK_KEYS: `old:${SECRET}, new:${SECRET}:b=` }).hooks.keys;
    expect(keys).toEqual([
      { id: 'old', secret: SECRET },
      { id: 'new', secret: `${SECRET}:b=` },
    ]);
  });

  it('gives a role several groups', () => {
    const roles = readConfig({
      WARDROOM_ROLES: 'graph',
      WARDROOM_ROLE_GROUPS: `risk:${GROUP},risk:${APP},admin:${APP}`,
    }).roles;
    expect(roles).toEqual({ source: 'graph', groups: { risk: [GROUP, APP], admin: [APP] }, ttlMinutes: 5 });
  });

  it('finds a language model at OpenAI or in Azure', () => {
    expect(readConfig({ OPENAI_API_KEY: 'k' }).planner).toMatchObject({
      apiKey: 'k',
      endpoint: 'https://api.openai.com/v1',
      apiVersion: undefined,
    });
    const azure = {
      AZURE_OPENAI_API_KEY: 'k',
      AZURE_OPENAI_ENDPOINT: 'https://x.example',
      AZURE_OPENAI_DEPLOYMENT: 'gpt',
    };
    expect(readConfig(azure).planner).toMatchObject({ model: 'gpt', endpoint: 'https://x.example' });
  });

  it('takes the key of a GitHub App as PEM, in one line or in base64, and refuses anything else unrepeated', () => {
    const app = (key: string) => ({ ...teams, WARDROOM_GITHUB_APP_ID: '12', WARDROOM_GITHUB_APP_KEY: key });
    for (const key of [KEY, KEY.replaceAll('\n', '\\n'), Buffer.from(KEY).toString('base64')])
      expect(readConfig(app(key)).outbound.githubApp).toEqual({ id: '12', key: KEY });
    expect(problems(app('hunter2'))).toEqual([
      'WARDROOM_GITHUB_APP_KEY must be the private key of the GitHub App, in PEM.',
    ]);
    expect(problems({ ...teams, WARDROOM_GITHUB_APP_ID: '12' })).toEqual([
      'WARDROOM_GITHUB_APP_KEY is missing: a GitHub App needs its id and its private key.',
    ]);
  });

  it('can be shown without its secrets', () => {
    const env = {
      ...teams,
      DATABASE_URL: 'postgres://ward:pg-secret@db:5432/ward?password=pg-secret',
      OPENAI_API_KEY: 'openai-secret',
      WARDROOM_METRICS_TOKEN: 'metrics-secret-metrics',
      WARDROOM_GITHUB_TOKEN: 'github-secret',
      WARDROOM_GITHUB_APP_ID: 'Iv1.wardroom',
      WARDROOM_GITHUB_APP_KEY: KEY.replaceAll('\n', '\\n'),
      WARDROOM_AZURE_DEVOPS_TOKEN: 'devops-secret',
      WARDROOM_AUTOMATION_KEYS: 'jenkins:automation-secret',
    };
    const shown = JSON.stringify(describeConfig(readConfig(env)));
    const secrets = [
      'pg-secret',
      'openai-secret',
      'metrics-secret',
      'github-secret',
      'devops-secret',
      'automation-secret',
    ];
    for (const secret of [SECRET, 'password-of-the-app', 'PRIVATE KEY', ...secrets])
      expect(shown).not.toContain(secret);
    expect(shown).toContain('Iv1.wardroom');
    expect(shown).toContain('db:5432/ward');
  });
});
