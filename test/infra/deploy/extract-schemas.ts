import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Cuts what infra/deploy uses out of Microsoft's ARM JSON Schemas (Azure/azure-resource-manager-schemas, MIT), given a
 * folder with files named <provider>.<api-version>.json: node test/infra/deploy/extract-schemas.ts FOLDER
 * Descriptions and child resources are left out, and objects are closed, so that a misspelt property does not pass.
 */
const WANTED = ['wardroom', 'subscription', 'workspace'].flatMap((name) => {
  const template = JSON.parse(readFileSync(`infra/deploy/${name}.json`, 'utf8')) as {
    resources: { type: string; apiVersion: string }[];
  };
  return template.resources.map(({ type, apiVersion }) => `${type}@${apiVersion}`);
});

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Schema = Record<string, Record<string, Json>>;

const slim = (value: Json, inProperties = false): Json => {
  if (Array.isArray(value)) return value.map((each) => slim(each));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      // The generator closes the base inside an `allOf`, which would forbid every property of its heirs.
      .map(([name, each]): [string, Json] => [name, name === 'allOf' && !inProperties ? opened(each) : each])
      .filter(([name]) => (inProperties ? !(name === 'resources' && 'apiVersion' in value) : name !== 'description'))
      .map(([name, each]) => [name, slim(each, name === 'properties' && !inProperties)]),
  );
};

const opened = (bases: Json): Json =>
  Array.isArray(bases)
    ? bases.map((base) => {
        if (base === null || typeof base !== 'object' || Array.isArray(base)) return base;
        const { additionalProperties: _, ...rest } = base;
        return rest;
      })
    : bases;

/** A type that is a base of others (a oneOf beside its properties, or an allOf) stays open: its heirs add to it. */
const closed = (value: Json): Json => {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isObject || !('properties' in value) || 'oneOf' in value || 'anyOf' in value || 'allOf' in value) return value;
  return { additionalProperties: false, ...value };
};

/** Of a base that is its heirs' `oneOf`, "every other property is an object" would hold for the heirs' own too. */
const free = (value: Json): Json => {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !('oneOf' in value)) return value;
  const { additionalProperties: _, ...rest } = value;
  return rest;
};

const [folder = ''] = process.argv.slice(2);
const out: Record<string, Json> = {};
for (const wanted of new Set(WANTED)) {
  const [type = '', version = ''] = wanted.split('@');
  const [provider = '', ...names] = type.split('/');
  const file = readdirSync(folder).find((name) => name === `${provider}.${version}.json`);
  if (!file) throw new Error(`no schema for ${wanted}`);
  const whole = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Schema;
  const heirs = new Set<string>();
  for (const [, , list] of JSON.stringify(whole.definitions).matchAll(/"(oneOf|anyOf)":(\[[^\]]*\])/g)) {
    for (const [, name] of (list ?? '').matchAll(/"#\/definitions\/([^"]+)"/g)) heirs.add(name ?? '');
  }
  const definitions: Record<string, Json> = {};
  const follow = (value: Json): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) {
      if (name in definitions) continue;
      definitions[name] = free(slim(whole.definitions?.[name] ?? {}));
      follow(definitions[name]);
      // Heirs of a base type are checked together with it, and it does not know their properties.
      if (!heirs.has(name) || !isHeir(whole, name)) definitions[name] = closed(definitions[name]);
    }
  };
  const root = slim(whole.resourceDefinitions?.[names.join('_')] ?? {});
  follow(root);
  out[wanted] = { ...(root as object), definitions };
}

/** One of the alternatives inside a base type (`oneOf` next to the base's own `properties`). */
function isHeir(whole: Schema, name: string): boolean {
  return Object.values(whole.definitions ?? {}).some(
    (each) =>
      each !== null &&
      typeof each === 'object' &&
      'properties' in each &&
      JSON.stringify((each as { oneOf?: Json }).oneOf ?? []).includes(`"#/definitions/${name}"`),
  );
}

const COMMON = 'https://schema.management.azure.com/schemas/common/definitions.json#/definitions/';
writeFileSync(
  'test/data/azure-schemas/deployment.json',
  `${JSON.stringify(out).replaceAll(COMMON, 'common#/definitions/')}\n`,
);
