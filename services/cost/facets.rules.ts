import type { Organisation } from '../core/organisation.ts';
import { normalTag, UNALLOCATED } from './allocation.rules.ts';
import { categoryOf } from './ingestion.rules.ts';

/** What a charge is about, found from its resource, its meter and its tags. */

export const PARTS = ['training', 'inference', 'storage', 'data transfer', 'other', 'unexplained'] as const;
export type Part = (typeof PARTS)[number];

export interface Facets {
  /** Azure bills ML compute as virtual machines; this is what the machines did. */
  part: Part;
  department: string;
  team: string;
  endpoint: string;
  model: string;
  workspace: string;
  project: string;
  meter: string;
  /** The last part of the resource's id. */
  resource: string;
}
export const DIMENSIONS = [
  'part',
  'department',
  'team',
  'endpoint',
  'model',
  'workspace',
  'project',
  'meter',
  'resource',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface Charge {
  /** ARM id in lower case; '' for what belongs to no resource (a reservation). */
  resource: string;
  tags: Readonly<Record<string, string>>;
  meter: string;
  charge: string;
}

/** Shown where a charge has none of a dimension. */
export const NONE = 'none';
export const SHARED = 'shared';
/** What was bought and belongs to no resource: reservations, savings plans. */
export const PURCHASES = 'purchases';

type Known = Pick<Organisation, 'endpoints' | 'teams' | 'departments' | 'cost'>;

const ML =
  /\/providers\/microsoft\.machinelearningservices\/workspaces\/([^/]+)(?:\/(onlineendpoints|batchendpoints|computes|serverlessendpoints)\/([^/]+))?/;

/** Names of tags are compared without case, as Azure does. */
export const tagOf = (tags: Readonly<Record<string, string>>, name: string): string => {
  const found = Object.entries(tags).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1].trim() ?? '';
};

export function facetsOf(charge: Charge, organisation: Known): Facets {
  const [, workspace = '', kind = '', name = ''] = ML.exec(charge.resource) ?? [];
  const isEndpoint = kind.endsWith('endpoints');
  const endpoint = isEndpoint ? organisation.endpoints.find(({ id }) => id.toLowerCase() === name) : undefined;
  const department = departmentOf(charge, organisation);
  const owner = endpoint?.owner ?? organisation.departments.find(({ id }) => id === department)?.teams[0];
  return {
    part: partOf(charge, kind),
    department,
    team: owner ?? NONE,
    endpoint: isEndpoint ? (endpoint?.id ?? name) : NONE,
    model: endpoint?.models[0] ?? (tagOf(charge.tags, 'model') || NONE),
    workspace: workspace || NONE,
    project: normalTag(tagOf(charge.tags, organisation.cost.projectTag)) || NONE,
    meter: charge.meter || NONE,
    resource: charge.resource.split('/').at(-1) || (charge.charge === 'Purchase' ? PURCHASES : NONE),
  };
}

/** What of a resource decides what its charges are about: everything of `Facets` but its own name. */
export interface Group {
  resource: string;
  tags: Record<string, string>;
}

const STORES = /microsoft\.(storage|containerregistry|datalakestore)\//;

/**
 * The group of a resource: `facetsOf` says the same of both (but the resource's name), whatever the meter and the charge.
 * Departments and projects are compared as people mean them, so their case and blanks make no group of their own.
 */
export function groupOf(
  { resource, tags }: { resource: string; tags: Readonly<Record<string, string>> },
  { cost }: { cost: Pick<Organisation['cost'], 'departmentTag' | 'projectTag'> },
): Group {
  const [machine] = ML.exec(resource) ?? [];
  const [store] = STORES.exec(resource) ?? [];
  const place = machine ?? (store ? `/providers/${store}` : resource === '' ? '' : '/other');
  const told: Record<string, string> = {};
  const keep = (name: string, value: string) => {
    if (value !== '') told[name] = value;
  };
  keep(cost.departmentTag, normalTag(tagOf(tags, cost.departmentTag)));
  keep(cost.projectTag, normalTag(tagOf(tags, cost.projectTag)));
  // A tag may serve for two things: what is allocated by it stays as it is.
  if (told['purpose'] === undefined) keep('purpose', tagOf(tags, 'purpose').toLowerCase());
  if (told['model'] === undefined) keep('model', tagOf(tags, 'model'));
  return { resource: place, tags: told };
}

function departmentOf({ tags }: Charge, { cost, departments }: Known): string {
  const value = normalTag(tagOf(tags, cost.departmentTag));
  if (value === '') return UNALLOCATED;
  const own = departments.find((each) => each.tags.some((tag) => normalTag(tag) === value));
  if (own) return own.id;
  if (cost.shared.some((rule) => rule.tags.some((tag) => normalTag(tag) === value))) return SHARED;
  return departments.length === 0 ? value : UNALLOCATED;
}

/**
 * Resource first (an endpoint serves, a cluster trains), then what its tags say, then the meter. A machine that neither
 * names is not guessed: it is unexplained, and shown as such.
 */
function partOf({ resource, tags, meter, charge }: Charge, kind: string): Part {
  const category = categoryOf(meter);
  if (category === 'network') return 'data transfer';
  if (category === 'storage') return 'storage';
  if (charge === 'Purchase' || charge === 'Tax' || charge === 'Adjustment') return 'other';
  if (kind.endsWith('endpoints')) return 'inference';
  const purpose = tagOf(tags, 'purpose').toLowerCase();
  if (/infer|serv|scor/.test(purpose)) return 'inference';
  if (kind === 'computes' || /train|sweep|experiment/.test(purpose)) return 'training';
  if (STORES.test(resource)) return 'storage';
  return category === 'compute' ? 'unexplained' : 'other';
}
