import { readFileSync } from 'node:fs';
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';

const schemaOf = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../data/azure-schemas/${file}.json`, import.meta.url), 'utf8')) as {
    resourceDefinitions: Record<string, object>;
    definitions: object;
  };
/** By provider: its api-version and what Microsoft says of it. */
const PROVIDERS = {
  'Microsoft.MachineLearningServices': ['2026-05-01', schemaOf('machine-learning.2026-05-01')],
  'Microsoft.Insights': ['2022-10-01', schemaOf('insights.2022-10-01')],
} as const;

const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
const compiled = new Map<string, ValidateFunction>();
/** What ARM adds and nobody writes. */
const READ_ONLY = ['id', 'systemData'];
const READ_ONLY_PROPERTIES = [
  'provisioningState',
  'scoringUri',
  'swaggerUri',
  'workspaceId',
  'discoveryUrl',
  'mlFlowTrackingUri',
  'latestVersion',
  'nextVersion',
  'privateEndpointConnections',
];

/** What is wrong with a resource's writable part by Microsoft's schema of our api-version; empty when valid. */
export function faultsOf(type: string, resource: Record<string, unknown>): string[] {
  const [provider = '', ...names] = type.split('/');
  const [apiVersion, schema] = PROVIDERS[provider as keyof typeof PROVIDERS] ?? [];
  const definition = schema?.resourceDefinitions[names.join('_')];
  if (!definition) return [`there is no schema for ${type}`];
  const validate = compiled.get(type) ?? ajv.compile({ ...definition, definitions: schema?.definitions });
  compiled.set(type, validate);
  const body = Object.fromEntries(Object.entries(resource).filter(([key]) => !READ_ONLY.includes(key)));
  const properties = Object.fromEntries(
    Object.entries((resource.properties ?? {}) as Record<string, unknown>).filter(
      ([key]) => !READ_ONLY_PROPERTIES.includes(key),
    ),
  );
  const identity = resource.identity as { type: string } | undefined;
  const valid = validate({
    ...body,
    ...(identity ? { identity: { type: identity.type } } : {}),
    properties,
    type,
    apiVersion,
    name: body.name ?? 'x',
  });
  return valid ? [] : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
}
