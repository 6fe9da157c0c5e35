import type { z } from 'zod/v4';
import type { Finding, Path } from './organisation.draft.ts';
import { nearest } from './similar.ts';

/** A finding of the shape; `atKey` says that the name of this key is to blame, not its value. */
export type ShapeFinding = Finding & { atKey?: string };

/** What a schema's issue means, in words for the person who wrote the file. */
export function explain(schema: z.ZodType, issue: z.core.$ZodIssue, raw: unknown): ShapeFinding[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const value = valueAt(raw, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, path));
    // Comparing tens of thousands of unknown names with every known one takes many seconds and helps nobody.
    return issue.keys.map((name, index) => ({
      path,
      atKey: name,
      wrong: `"${name}" is not a setting here`,
      right: index < MOST_SUGGESTIONS ? suggest(name, known) : `write one of ${known.join(', ')}`,
    }));
  }
  if (value === undefined || value === null) {
    const name = String(path.at(-1) ?? '');
    const example = EXAMPLES[name];
    return [
      {
        path,
        wrong: value === null ? `"${name}" has no value` : `"${name}" is missing`,
        right: example ? `write for example ${name}: ${example}` : `write ${name}: and its value`,
      },
    ];
  }
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    return [{ path, wrong: `"${shown(value)}" is not known here`, right: suggest(String(value), words) }];
  }
  if (issue.code === 'invalid_type') {
    return [
      {
        path,
        wrong: `this is ${kindOf(value)}`,
        right: OWN_WORDS.test(issue.message) ? expected(issue.expected) : issue.message,
      },
    ];
  }
  if (issue.code === 'too_small' && issue.origin === 'array') {
    return [{ path, wrong: 'this list is empty', right: issue.message }];
  }
  const right = OWN_WORDS.test(issue.message) ? limits(issue) : issue.message;
  const what = typeof value === 'object' ? kindOf(value) : `"${shown(value)}"`;
  return [{ path, wrong: `${what} does not fit here`, right }];
}

const MOST_SUGGESTIONS = 100;
/** zod's own messages start so; ours say what to write. */
const OWN_WORDS = /^(Invalid|Too (big|small)|Unrecognized|Expected)/;

const EXAMPLES: Record<string, string> = {
  id: 'ann',
  name: 'Ann Berg',
  entraId: '00000000-0000-4000-8000-000000000001',
  fallbackChannel: 'ml-platform',
  zone: 'Europe/Amsterdam',
  workspace: 'mlw-payments-weu',
  owner: 'fraud',
  channel: 'fraud-ops',
  purpose: 'Stops fraudulent card payments',
  region: 'westeurope',
  resourceGroup: 'rg-ml-payments',
  subscription: '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001',
  from: '2026-11-02',
  headline: '/alert/title',
  every: '24h',
};

const EXPECTED: Record<string, string> = {
  string: 'write text; put it in quotes when it looks like a number, a date or yes and no',
  number: 'write a number without quotes',
  int: 'write a whole number',
  boolean: 'write true or false',
  array: 'write a list: [one, two], or one entry per line, each starting with a dash',
  object: 'write settings, one per line: `name: value`',
  record: 'write settings, one per line: `name: value`',
};
const expected = (kind: string): string => EXPECTED[kind] ?? `write a ${kind}`;

function limits(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big') return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return `at least ${issue.minimum} character${issue.minimum === 1 ? '' : 's'}`;
    return issue.inclusive === false ? `a number above ${issue.minimum}` : `${issue.minimum} or more`;
  }
  if (issue.code === 'invalid_format' && issue.format === 'email')
    return 'write an address such as ann@northwind.example';
  return issue.message;
}

const suggest = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near ? `did you mean "${near}"?` : `write one of ${known.join(', ')}`;
};

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of settings';
  if (typeof value === 'string') return `the text "${shown(value)}"`;
  return `the ${typeof value} ${shown(value)}`;
}

const valueAt = (raw: unknown, path: Path): unknown => {
  let value = raw;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return value;
};

/** The parts of zod's definitions that lead from a schema to what it holds. */
interface Definition {
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  options?: readonly z.ZodType[];
}
const definition = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

/** Without the coats of default, optional and transform. */
function bare(schema: z.ZodType): z.ZodType {
  const { innerType, in: from } = definition(schema);
  const inner = innerType ?? from;
  return inner ? bare(inner) : schema;
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let current: z.ZodType | undefined = bare(schema);
  for (const step of path) {
    if (current === undefined) return undefined;
    const { element, shape } = definition(current);
    const next: z.ZodType | undefined = element ?? shape?.[step];
    current = next && bare(next);
  }
  return current;
}

function keysOf(schema: z.ZodType | undefined): string[] {
  if (schema === undefined) return [];
  const { shape, options } = definition(schema);
  return shape ? Object.keys(shape) : (options ?? []).flatMap((option) => keysOf(bare(option)));
}
