import { z } from 'zod/v4';
import {
  address,
  guid,
  type HookKey,
  hookKeys,
  privateKey,
  roleGroups,
  SHORTEST_SECRET,
  whole,
  words,
} from './config.readers.ts';
import type { Role } from './organisation.ts';
import { BAD_PORTS } from './ports.ts';
import { nearest } from './similar.ts';

/**
 * The one door to the environment. `readConfig` turns it into a Config or throws BadConfig, which names everything that
 * is missing or wrong and what would be right. It fails closed: outside the sandbox nothing starts without an app id, a
 * tenant, an organisation and a way to recognise webhooks; inside it nothing is reachable from another machine.
 */
export interface Config {
  mode: 'sandbox' | 'teams';
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The address people reach this house by, for links to files; the one it listens on when it is left out. */
  publicUrl: string | undefined;
  /** Called on schedule to say that this house lives: a dead man's switch outside. */
  heartbeatUrl: string | undefined;
  /** Directory of everything that is kept on this machine: the PGlite database, the sandbox. */
  home: string;
  /** PostgreSQL; PGlite in `home` when it is left out. */
  databaseUrl: string | undefined;
  /** Path of wardroom.yaml; in the sandbox undefined means Northwind. */
  organisationFile: string | undefined;
  bot: {
    appType: 'SingleTenant' | 'UserAssignedMsi';
    appId: string | undefined;
    appPassword: string | undefined;
    tenantId: string | undefined;
    /** Another cloud's OpenID metadata (US Government, China); the public cloud's when left out. */
    openIdMetadataUrl: string | undefined;
  };
  hooks: {
    /** Shared secrets; several are good at once, so that they can be changed without a gap. The id goes to the log. */
    keys: readonly HookKey[];
    /** Event subscriptions that may deliver, by name; anybody who proved itself when left out. */
    subscriptions: readonly string[] | undefined;
    /** Webhooks that bear an Entra token (Azure Monitor secure webhook, Event Grid delivery with Entra). */
    entra: { tenantId: string; audience: string; appIds: readonly string[] } | undefined;
  };
  /** What Wardroom calls by itself: automations, calendars, pipelines. */
  outbound: {
    /** Secrets that sign events, by the names of wardroom.yaml. */
    automationKeys: readonly HookKey[];
    /** Hosts inside that may be called all the same. */
    hosts: readonly string[];
    githubToken: string | undefined;
    /** A GitHub App in its place: it reads the repositories that it is installed on. */
    githubApp: { id: string; key: string } | undefined;
    azureDevOpsToken: string | undefined;
  };
  roles: { source: 'file' } | { source: 'graph'; groups: Partial<Record<Role, string[]>>; ttlMinutes: number };
  azure: { tenantId: string | undefined; clientId: string | undefined };
  /** The language model behind free text; everything else works without one. */
  /** With an API version it is Azure OpenAI, and `model` the deployment. */
  planner: { apiKey: string; model: string; endpoint: string; apiVersion: string | undefined } | undefined;
  log: { level: (typeof LEVELS)[number] };
  /** OTLP over HTTP; no traces when left out. */
  traces: { endpoint: string | undefined };
  /** Bearer token for `/metrics`; without one only this machine may read them. */
  metrics: { token: string | undefined };
  /** The terminal client's door, from this machine only: open in the sandbox, in Teams there only with a token. */
  console: { token: string | undefined };
  sandbox: {
    seed: number;
    clock: 'running' | 'frozen';
    start: string | undefined;
    /** The process that hosts the simulated Teams and Azure; this one does when it is left out. */
    url: string | undefined;
  };
  /** What was read but is probably not what was meant; for the log. */
  warnings: readonly string[];
}

export type { HookKey } from './config.readers.ts';

/** Everything that is wrong with the environment; the message has one line for each. */
export class BadConfig extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Wardroom does not start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'BadConfig';
    this.problems = problems;
  }
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const environment = z.object({
  PORT: whole(0, 65_535).default(3978),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://user:password@host:5432/name' })
    .optional(),
  WARDROOM_PUBLIC_URL: address.optional(),
  WARDROOM_HEARTBEAT_URL: address.optional(),
  WARDROOM_HOME: z.string().default('.wardroom'),
  WARDROOM_CONFIG: z.string().optional(),
  WARDROOM_MODE: words(['sandbox', 'teams']).optional(),
  WARDROOM_HOOK_KEYS: hookKeys.default([]),
  WARDROOM_AUTOMATION_KEYS: hookKeys.default([]),
  WARDROOM_OUTBOUND_HOSTS: z.string().default(''),
  WARDROOM_GITHUB_TOKEN: z.string().optional(),
  WARDROOM_GITHUB_APP_ID: z
    .string()
    .regex(/^[\w.-]{1,60}$/, 'must be the app id or the client id of a GitHub App')
    .optional(),
  WARDROOM_GITHUB_APP_KEY: privateKey.optional(),
  WARDROOM_AZURE_DEVOPS_TOKEN: z.string().optional(),
  WARDROOM_HOOK_SUBSCRIPTIONS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.string().regex(/^[A-Za-z0-9-]{3,64}$/, 'must be a list of names of event subscriptions')).min(1))
    .optional(),
  WARDROOM_HOOK_TENANT: guid('the Entra tenant id').optional(),
  WARDROOM_HOOK_AUDIENCE: z.string().optional(),
  WARDROOM_HOOK_APPS: z
    .string()
    .transform((text) => text.split(',').map((id) => id.trim().toLowerCase()))
    .pipe(z.array(z.guid('must be a list of app ids with commas between them')))
    .optional(),
  WARDROOM_ROLES: words(['file', 'graph']).default('file'),
  WARDROOM_ROLE_GROUPS: roleGroups.optional(),
  WARDROOM_ROLE_TTL_MINUTES: whole(1, 60).default(5),
  WARDROOM_METRICS_TOKEN: z.string().min(SHORTEST_SECRET, `needs ${SHORTEST_SECRET} characters or more`).optional(),
  WARDROOM_CONSOLE_TOKEN: z.string().min(SHORTEST_SECRET, `needs ${SHORTEST_SECRET} characters or more`).optional(),
  WARDROOM_SANDBOX_SEED: whole(0, 2 ** 31).default(1),
  WARDROOM_SANDBOX_CLOCK: words(['running', 'frozen']).default('running'),
  WARDROOM_SANDBOX_START: z.iso
    .datetime({ offset: true, error: 'must be an instant such as 2026-11-23T14:05:00Z' })
    .optional(),
  WARDROOM_SANDBOX_URL: address.optional(),
  MicrosoftAppType: words(['SingleTenant', 'UserAssignedMsi']).default('SingleTenant'),
  MicrosoftAppId: guid('the app id of the bot').optional(),
  MicrosoftAppPassword: z.string().optional(),
  MicrosoftAppTenantId: guid('the Entra tenant id').optional(),
  BotOpenIdMetadata: address.optional(),
  AZURE_TENANT_ID: guid('the Entra tenant id').optional(),
  AZURE_CLIENT_ID: guid('the client id of an identity').optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: address.optional(),
  OPENAI_MODEL: z.string().default('gpt-4.1-mini'),
  AZURE_OPENAI_API_KEY: z.string().optional(),
  AZURE_OPENAI_ENDPOINT: z
    .url({ protocol: /^https$/, error: 'must be an address such as https://name.openai.azure.com' })
    .optional(),
  AZURE_OPENAI_DEPLOYMENT: z.string().optional(),
  AZURE_OPENAI_API_VERSION: z.string().default('2024-10-21'),
  LOG_LEVEL: words(LEVELS).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
});
type Environment = z.output<typeof environment>;

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // A variable that is set to nothing is not set: that is what container templates leave behind.
  const set = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    throw new BadConfig(parsed.error.issues.map(({ path, message }) => `${path[0]?.toString()} ${message}.`));
  }
  const values = parsed.data;
  const mode = values.WARDROOM_MODE ?? (values.MicrosoftAppId ? 'teams' : 'sandbox');
  const problems = [...(mode === 'teams' ? missingForTeams(values) : wrongInSandbox(values)), ...halfSet(values)];
  if (problems.length > 0) throw new BadConfig(problems);
  return {
    mode,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.WARDROOM_PUBLIC_URL?.replace(/\/+$/, ''),
    heartbeatUrl: values.WARDROOM_HEARTBEAT_URL,
    home: values.WARDROOM_HOME,
    databaseUrl: values.DATABASE_URL,
    organisationFile: values.WARDROOM_CONFIG,
    bot: {
      appType: values.MicrosoftAppType,
      appId: mode === 'teams' ? values.MicrosoftAppId : undefined,
      appPassword: mode === 'teams' ? values.MicrosoftAppPassword : undefined,
      tenantId: values.MicrosoftAppTenantId,
      openIdMetadataUrl: values.BotOpenIdMetadata,
    },
    hooks: {
      keys: hookKeysOf(values, mode),
      subscriptions: values.WARDROOM_HOOK_SUBSCRIPTIONS,
      entra: entraHooks(values),
    },
    outbound: {
      automationKeys: values.WARDROOM_AUTOMATION_KEYS,
      hosts: values.WARDROOM_OUTBOUND_HOSTS.split(',')
        .map((host) => host.trim())
        .filter(Boolean),
      githubToken: values.WARDROOM_GITHUB_TOKEN,
      githubApp: githubAppOf(values),
      azureDevOpsToken: values.WARDROOM_AZURE_DEVOPS_TOKEN,
    },
    roles:
      values.WARDROOM_ROLES === 'graph'
        ? { source: 'graph', groups: values.WARDROOM_ROLE_GROUPS ?? {}, ttlMinutes: values.WARDROOM_ROLE_TTL_MINUTES }
        : { source: 'file' },
    azure: { tenantId: values.AZURE_TENANT_ID ?? values.MicrosoftAppTenantId, clientId: values.AZURE_CLIENT_ID },
    planner: plannerOf(values),
    log: { level: values.LOG_LEVEL },
    traces: { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT },
    metrics: { token: values.WARDROOM_METRICS_TOKEN },
    console: { token: values.WARDROOM_CONSOLE_TOKEN },
    sandbox: {
      seed: values.WARDROOM_SANDBOX_SEED,
      clock: values.WARDROOM_SANDBOX_CLOCK,
      start: values.WARDROOM_SANDBOX_START,
      url: mode === 'sandbox' ? values.WARDROOM_SANDBOX_URL : undefined,
    },
    warnings: warningsOf(set, values, mode),
  };
}

/** Known to everybody and good for nothing else: the sandbox listens to this machine only. */
export const SANDBOX_HOOK_KEY: HookKey = { id: 'sandbox', secret: 'sandbox-hook-secret-not-for-real-use' };

const hookKeysOf = (values: Environment, mode: Config['mode']): readonly HookKey[] =>
  mode === 'sandbox' && values.WARDROOM_HOOK_KEYS.length === 0 ? [SANDBOX_HOOK_KEY] : values.WARDROOM_HOOK_KEYS;

const githubAppOf = (values: Environment): Config['outbound']['githubApp'] => {
  const { WARDROOM_GITHUB_APP_ID: id, WARDROOM_GITHUB_APP_KEY: key } = values;
  return id && key ? { id, key } : undefined;
};

const entraHooks = (values: Environment): Config['hooks']['entra'] => {
  const tenantId = values.WARDROOM_HOOK_TENANT ?? values.MicrosoftAppTenantId;
  const { WARDROOM_HOOK_AUDIENCE: audience, WARDROOM_HOOK_APPS: appIds } = values;
  return tenantId && audience && appIds ? { tenantId, audience, appIds } : undefined;
};

function missingForTeams(values: Environment): string[] {
  const problems: string[] = [];
  const need = (name: keyof Environment, what: string) => {
    if (values[name] === undefined) problems.push(`${name} is missing: ${what}.`);
  };
  need('MicrosoftAppId', 'the app id of the Azure Bot; for a try without Teams leave it out and WARDROOM_MODE too');
  need('MicrosoftAppTenantId', 'the Entra tenant of the bot; only its users are let in');
  if (values.MicrosoftAppType === 'SingleTenant') {
    need('MicrosoftAppPassword', 'a client secret of the app; or set MicrosoftAppType=UserAssignedMsi and need none');
  }
  need('WARDROOM_CONFIG', 'the path of your wardroom.yaml; infra/sandbox/northwind.yaml is a complete one to copy');
  if (values.WARDROOM_HOOK_KEYS.length === 0 && entraHooks(values) === undefined) {
    const how = 'WARDROOM_HOOK_KEYS=id:secret, or WARDROOM_HOOK_AUDIENCE and WARDROOM_HOOK_APPS for Entra tokens';
    problems.push(`No webhook could be recognised: set ${how}.`);
  }
  for (const { id, secret } of values.WARDROOM_HOOK_KEYS) {
    if (secret.length >= SHORTEST_SECRET) continue;
    problems.push(
      `WARDROOM_HOOK_KEYS has a secret that can be guessed ("${id}"): use ${SHORTEST_SECRET} characters or more.`,
    );
  }
  return problems;
}

/** The sandbox believes everybody who can reach it, so only this machine may (platform: unsigned requests). */
function wrongInSandbox(values: Environment): string[] {
  if (values.WARDROOM_MODE === undefined && values.MicrosoftAppPassword !== undefined) {
    return ['MicrosoftAppId is missing beside MicrosoftAppPassword; set both for Teams, or WARDROOM_MODE=sandbox.'];
  }
  if (BAD_PORTS.has(values.PORT)) {
    return [`PORT is ${values.PORT}, which browsers refuse to call: use another one, such as 3978.`];
  }
  const { WARDROOM_SANDBOX_URL: url, DATABASE_URL: database } = values;
  if (url && !isLoopback(new URL(url).hostname)) {
    return [`WARDROOM_SANDBOX_URL is ${url}, but a sandbox answers its own machine only: use http://127.0.0.1:3978.`];
  }
  if (url && !database) {
    return ['DATABASE_URL is missing beside WARDROOM_SANDBOX_URL: the processes of one sandbox share a PostgreSQL.'];
  }
  if (isLoopback(values.HOST)) return [];
  const instead = 'use 127.0.0.1, or set MicrosoftAppId and what belongs to it to run in Teams';
  return [`HOST is ${values.HOST}, but the sandbox checks no signatures and listens to this machine only: ${instead}.`];
}

export const isLoopback = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|::ffff:127(\.\d{1,3}){3})$/i.test(host);

function halfSet(values: Environment): string[] {
  const problems: string[] = [];
  if (values.WARDROOM_ROLES === 'graph' && values.WARDROOM_ROLE_GROUPS === undefined) {
    problems.push(
      'WARDROOM_ROLE_GROUPS is missing: with WARDROOM_ROLES=graph say approver:<group id>,risk:<group id>.',
    );
  }
  const { WARDROOM_HOOK_AUDIENCE: audience, WARDROOM_HOOK_APPS: apps } = values;
  if ((audience === undefined) !== (apps === undefined)) {
    const missing = audience === undefined ? 'WARDROOM_HOOK_AUDIENCE' : 'WARDROOM_HOOK_APPS';
    problems.push(`${missing} is missing: Entra tokens of webhooks need the audience and the allowed app ids.`);
  } else if (audience !== undefined && entraHooks(values) === undefined) {
    problems.push('WARDROOM_HOOK_TENANT is missing: it says whose Entra tokens are good.');
  }
  const { WARDROOM_GITHUB_APP_ID: app, WARDROOM_GITHUB_APP_KEY: key } = values;
  if ((app === undefined) !== (key === undefined))
    problems.push(
      `${app === undefined ? 'WARDROOM_GITHUB_APP_ID' : 'WARDROOM_GITHUB_APP_KEY'} is missing: a GitHub App needs its id and its private key.`,
    );
  if (values.AZURE_OPENAI_API_KEY && !(values.AZURE_OPENAI_ENDPOINT && values.AZURE_OPENAI_DEPLOYMENT)) {
    problems.push('AZURE_OPENAI_API_KEY needs AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_DEPLOYMENT beside it.');
  }
  return problems;
}

function plannerOf(values: Environment): Config['planner'] {
  if (values.AZURE_OPENAI_API_KEY && values.AZURE_OPENAI_ENDPOINT && values.AZURE_OPENAI_DEPLOYMENT) {
    return {
      apiKey: values.AZURE_OPENAI_API_KEY,
      model: values.AZURE_OPENAI_DEPLOYMENT,
      endpoint: values.AZURE_OPENAI_ENDPOINT,
      apiVersion: values.AZURE_OPENAI_API_VERSION,
    };
  }
  if (!values.OPENAI_API_KEY) return undefined;
  // Another address that speaks OpenAI's protocol; without it the library would read the variable by itself.
  const endpoint = values.OPENAI_BASE_URL ?? 'https://api.openai.com/v1';
  return { apiKey: values.OPENAI_API_KEY, model: values.OPENAI_MODEL, endpoint, apiVersion: undefined };
}

function warningsOf(set: Record<string, unknown>, values: Environment, mode: Config['mode']): string[] {
  const known = Object.keys(environment.shape);
  const warnings = Object.keys(set)
    .filter((name) => /^(WARDROOM_|MicrosoftApp)/i.test(name) && !known.includes(name) && !/^WARDROOM_TEST_/.test(name))
    .map((name) => {
      const near = nearest(name, known);
      return `${name} is not a setting${near ? `; did you mean ${near}?` : ' and is not read.'}`;
    });
  if (mode === 'sandbox' && values.MicrosoftAppId) warnings.push('MicrosoftAppId is not used in the sandbox.');
  return warnings;
}

/** A config for a log or a screen: everything but the secrets. */
export function describeConfig(config: Config): Record<string, unknown> {
  const hidden = (value: string | undefined) => (value === undefined ? undefined : '(set)');
  return {
    ...config,
    databaseUrl: config.databaseUrl?.replace(/\/\/[^@/]*@/, '//(set)@').replace(/\?.*$/s, ''),
    bot: { ...config.bot, appPassword: hidden(config.bot.appPassword) },
    hooks: { ...config.hooks, keys: config.hooks.keys.map(({ id }) => id) },
    outbound: {
      ...config.outbound,
      automationKeys: config.outbound.automationKeys.map(({ id }) => id),
      githubToken: hidden(config.outbound.githubToken),
      githubApp: config.outbound.githubApp && { id: config.outbound.githubApp.id, key: '(set)' },
      azureDevOpsToken: hidden(config.outbound.azureDevOpsToken),
    },
    planner: config.planner && { ...config.planner, apiKey: hidden(config.planner.apiKey) },
    heartbeatUrl: hidden(config.heartbeatUrl),
    metrics: { token: hidden(config.metrics.token) },
    console: { token: hidden(config.console.token) },
  };
}
