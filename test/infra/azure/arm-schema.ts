import { readFileSync } from 'node:fs';
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';

const schema = JSON.parse(
  readFileSync(new URL('../../data/azure-schemas/machine-learning.2026-05-01.json', import.meta.url), 'utf8'),
) as { resourceDefinitions: Record<string, object>; definitions: object };

const ajv = new Ajv2019({ strict: false, allErrors: true });
const compiled = new Map<string, ValidateFunction>();
const PROVIDER = 'Microsoft.MachineLearningServices/';
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

/** What is wrong with a resource's writable part by Microsoft's schema of api-version 2026-05-01; empty when valid. */
export function faultsOf(type: string, resource: Record<string, unknown>): string[] {
  const name = type.slice(PROVIDER.length).replaceAll('/', '_');
  const definition = schema.resourceDefinitions[name];
  if (!definition) return [`there is no schema for ${type}`];
  const validate = compiled.get(name) ?? ajv.compile({ ...definition, definitions: schema.definitions });
  compiled.set(name, validate);
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
    apiVersion: '2026-05-01',
    name: body.name ?? 'x',
  });
  return valid ? [] : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
}
