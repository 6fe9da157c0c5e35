import { readFileSync } from 'node:fs';
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';
import { expect, test } from 'vitest';
import { readConfig } from '../../../services/core/config.ts';

/**
 * Judged offline by Microsoft's own JSON Schemas (test/data/azure-schemas) and by what a template can be told without
 * Azure: every name it refers to exists. That Azure takes it is not tested here.
 */
interface Resource {
  type: string;
  apiVersion: string;
  name: string;
  dependsOn?: string[];
  [key: string]: unknown;
}
interface Template {
  parameters: Record<string, { type: string; defaultValue?: unknown }>;
  variables: Record<string, unknown>;
  resources: Resource[];
  outputs?: Record<string, unknown>;
}

const load = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../infra/deploy/${name}.json`, import.meta.url), 'utf8')) as Template;
const schemas = JSON.parse(
  readFileSync(new URL('../../data/azure-schemas/deployment.json', import.meta.url), 'utf8'),
) as Record<string, { properties: Record<string, unknown> }>;

const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: 'common', definitions: { expression: { type: 'string', pattern: '^\\[([^\\[].*)?\\]$' } } });
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a resource by the schema of its type and api-version; empty when valid. */
function faultsOf(resource: Resource): string[] {
  const kind = `${resource.type}@${resource.apiVersion}`;
  const schema = schemas[kind];
  if (!schema) return [`no schema for ${kind}`];
  const validate = compiled.get(kind) ?? ajv.compile(schema);
  compiled.set(kind, validate);
  const unknown = Object.keys(resource).filter(
    (key) => !(key in schema.properties) && !['dependsOn', 'copy', 'condition'].includes(key),
  );
  const faults = validate(resource)
    ? []
    : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
  return [...faults, ...unknown.map((key) => `${kind} knows no ${key}`)];
}

const NAMES = ['wardroom', 'subscription', 'workspace'];

test.each(NAMES)('every resource of %s.json is valid by the schema of its api-version', (name) => {
  const { resources } = load(name);
  expect(resources.flatMap((resource) => faultsOf(resource).map((fault) => `${resource.type}: ${fault}`))).toEqual([]);
});

test('the same judge finds a misspelt property, a wrong type and a missing one', () => {
  const [channel, group] = ['channels', 'actionGroups'].map((kind) =>
    structuredClone(load('wardroom').resources.find(({ type }) => type.endsWith(`/${kind}`)) as Resource),
  ) as [Resource, Resource];
  const receiver = (group.properties as { webhookReceivers: Record<string, unknown>[] }).webhookReceivers[0] ?? {};
  expect(faultsOf({ ...channel, properties: { channelName: 'MsTeamsChanel' } })).not.toEqual([]);
  expect(faultsOf({ ...group, sku: {} })).not.toEqual([]);
  receiver['useComonAlertSchema'] = true;
  expect(faultsOf(group)).not.toEqual([]);
  delete receiver['useComonAlertSchema'];
  delete receiver['serviceUri'];
  expect(faultsOf(group)).not.toEqual([]);
});

test.each(NAMES)('%s.json refers only to parameters, variables and resources that it has', (name) => {
  const template = load(name);
  const text = JSON.stringify(template);
  const used = (what: string) =>
    [...text.matchAll(new RegExp(`${what}\\('([^']+)'\\)`, 'g'))].map(([, of]) => of ?? '');
  expect(new Set(used('parameters'))).toEqual(new Set(Object.keys(template.parameters)));
  expect(new Set(used('variables'))).toEqual(new Set(Object.keys(template.variables)));
  const types = template.resources.map(({ type }) => type);
  const dependencies = template.resources.flatMap(({ dependsOn = [] }) => dependsOn);
  for (const dependency of dependencies) {
    const [, variable] = /variables\('([^']+)'\)\]$/.exec(dependency) ?? [];
    const expression =
      variable && !dependency.includes('esourceId(') ? String(template.variables[variable]) : dependency;
    expect(types).toContain(/esourceId\('([^']+)'/.exec(expression)?.[1]);
  }
});

test.each(NAMES)('%s.json has balanced expressions and no secret in its outputs', (name) => {
  const template = load(name);
  const strings: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') strings.push(value);
    else if (value && typeof value === 'object') {
      strings.push(...Object.keys(value));
      Object.values(value).forEach(walk);
    }
  };
  walk(template);
  for (const expression of strings.filter((each) => each.startsWith('['))) {
    if (!/^\[[a-z]/.test(expression)) continue;
    const bare = expression.replaceAll(/'[^']*'/g, "''");
    expect(bare.split('(').length, expression).toBe(bare.split(')').length);
    expect(bare.endsWith(']'), expression).toBe(true);
  }
  const secret = Object.entries(template.parameters).filter(([, { type }]) => type === 'secureString');
  for (const [parameter] of secret) expect(JSON.stringify(template.outputs ?? {})).not.toContain(parameter);
});

test('the container is given an environment with which Wardroom starts', () => {
  const [app] = load('wardroom').resources.filter(({ type }) => type.endsWith('/containerApps')) as [Resource];
  const { template } = app['properties'] as { template: { containers: { env: { name: string; value?: string }[] }[] } };
  const stand: Record<string, string> = {
    PORT: '3978',
    WARDROOM_HOOK_KEYS: 'azure:0123456789abcdef0123',
    WARDROOM_METRICS_TOKEN: '0123456789abcdef0123',
    DATABASE_URL: 'postgres://wardroom:p%40ss@db.postgres.database.azure.com:5432/wardroom?sslmode=verify-full',
    MicrosoftAppId: '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001',
    MicrosoftAppTenantId: '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001',
    AZURE_CLIENT_ID: '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001',
  };
  const env = Object.fromEntries(
    (template.containers[0]?.env ?? []).map(({ name, value }) => [
      name,
      value === undefined || value.startsWith('[') ? stand[name] : value,
    ]),
  );
  const config = readConfig(env);
  expect(config).toMatchObject({ mode: 'teams', host: '0.0.0.0', bot: { appType: 'UserAssignedMsi' }, warnings: [] });
});
