import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Cuts the resources Wardroom deals with out of Microsoft's ARM JSON Schema (Azure/azure-resource-manager-schemas, MIT):
 *   node test/infra/azure/extract-schemas.ts Microsoft.MachineLearningServices.2026-05-01.json
 *   node test/infra/azure/extract-schemas.ts Microsoft.Insights.2022-10-01.json
 * Descriptions, child resources and the languages of jobs that Wardroom never submits (AutoML, Spark, sweeps) are left out. The schema
 * generator closes the base of a polymorphic type (`additionalProperties: false` inside an `allOf`), which forbids every
 * property of its descendants; that is put right here with `unevaluatedProperties`, and types that are nobody's base are
 * closed too, so that a misspelt property does not pass.
 */
const MACHINE_LEARNING = [
  'workspaces',
  'workspaces_onlineEndpoints',
  'workspaces_onlineEndpoints_deployments',
  'workspaces_batchEndpoints',
  'workspaces_batchEndpoints_deployments',
  'workspaces_models',
  'workspaces_models_versions',
  'workspaces_environments_versions',
  'workspaces_computes',
  'workspaces_schedules',
  'workspaces_jobs',
  'workspaces_data_versions',
  'workspaces_datastores',
];
const OPAQUE = ['AutoMLJob', 'SparkJob', 'SweepJob'];

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const [source = ''] = process.argv.slice(2);
const insights = source.includes('Microsoft.Insights');
const WANTED = insights ? ['autoscalesettings'] : MACHINE_LEARNING;
const whole = JSON.parse(readFileSync(source, 'utf8')) as Record<string, Record<string, Json>>;

const slim = (value: Json, insideProperties = false): Json => {
  if (Array.isArray(value)) return value.map((each) => slim(each));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => insideProperties || name !== 'description')
      .filter(([name]) => !(insideProperties && name === 'resources' && 'apiVersion' in value))
      .map(([name, each]) => [name, slim(each, name === 'properties' && !insideProperties)]),
  );
};

const definitions: Record<string, Json> = {};
const take = (name: string) => {
  if (name in definitions) return;
  definitions[name] = OPAQUE.includes(name) ? {} : slim(whole.definitions?.[name] ?? {});
  follow(definitions[name] ?? {});
};
const follow = (value: Json): void => {
  for (const [, name] of JSON.stringify(value).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) take(name ?? '');
};
const resourceDefinitions = Object.fromEntries(
  WANTED.map((name) => [name, slim(whole.resourceDefinitions?.[name] ?? {})]),
);
follow(resourceDefinitions);

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const inherited = new Set(
  [...JSON.stringify(definitions).matchAll(/"allOf":\[\{"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, name]) => name),
);
for (const [name, definition] of Object.entries(definitions)) {
  if (!isObject(definition)) continue;
  const [base] = Array.isArray(definition.allOf) ? definition.allOf : [];
  if (isObject(base) && base.additionalProperties === false) {
    delete base.additionalProperties;
    definition.unevaluatedProperties = false;
  } else if ('properties' in definition && !('additionalProperties' in definition) && !inherited.has(name))
    definition.additionalProperties = false;
}

// ARM templates know no fractions, so the generator writes `integer` where the REST specification says `number`. A
// drift threshold of 1 or more would make no sense.
const threshold = definitions.MonitoringThreshold;
if (threshold !== undefined)
  definitions.MonitoringThreshold = JSON.parse(JSON.stringify(threshold).replaceAll('"integer"', '"number"')) as Json;

const out = { id: whole.id, $schema: whole.$schema, resourceDefinitions, definitions };
writeFileSync(
  `test/data/azure-schemas/${insights ? 'insights.2022-10-01' : 'machine-learning.2026-05-01'}.json`,
  `${JSON.stringify(out as Json)
    .replaceAll(
      '"$ref":"https://schema.management.azure.com/schemas/common/definitions.json#/definitions/expression"',
      '"$ref":"#/definitions/expression"',
    )
    .replace(
      '"definitions":{',
      '"definitions":{"expression":{"type":"string","pattern":"^\\\\[([^\\\\[].*)?\\\\]$"},',
    )}\n`,
);
