import { readFileSync } from 'node:fs';
import { z } from 'zod/v4';

/** Kusto's scalar types, as far as our queries answer with them. */
export type KustoType = 'datetime' | 'string' | 'int' | 'long' | 'real';
export type ParameterType = 'string' | 'timespan';

export interface KqlQuery<
  Columns extends Readonly<Record<string, KustoType>> = Readonly<Record<string, KustoType>>,
  Parameters extends Readonly<Record<string, ParameterType>> = Readonly<Record<string, ParameterType>>,
> {
  name: string;
  columns: Columns;
  parameters: Parameters;
  /** The text of `<name>.kql`, without parameters. */
  text: string;
  /** One answered row, as the SDK gives it: datetimes are Dates; empty cells are null. */
  row: z.ZodType<Row<Columns>>;
}

/** Datetimes as ISO 8601 text. Kusto's strings are never null (an empty one is ''), its numbers and datetimes may be. */
export type Row<Columns> = {
  [Name in keyof Columns]: Columns[Name] extends 'string'
    ? string
    : Columns[Name] extends 'datetime'
      ? string | null
      : number | null;
};

const CELL: Readonly<Record<KustoType, z.ZodType>> = {
  datetime: z
    .date()
    .transform((date) => date.toISOString())
    .nullable(),
  string: z
    .string()
    .nullable()
    .transform((text) => text ?? ''),
  int: z.number().int().nullable(),
  long: z.number().int().nullable(),
  real: z.number().nullable(),
};

/** A KQL text in its own file beside its columns: so an analyst can run it as it is, and a test can bind both. */
export function kqlQuery<
  const Columns extends Readonly<Record<string, KustoType>>,
  const Parameters extends Readonly<Record<string, ParameterType>>,
>(query: { name: string; columns: Columns; parameters: Parameters }): KqlQuery<Columns, Parameters> {
  const shape = Object.fromEntries(Object.entries(query.columns).map(([name, type]) => [name, CELL[type]]));
  return {
    ...query,
    text: readFileSync(new URL(`./${query.name}.kql`, import.meta.url), 'utf8'),
    row: z.object(shape) as unknown as z.ZodType<Row<Columns>>,
  };
}

export type ParametersOf<Query> =
  Query extends KqlQuery<infer _Columns, infer Parameters> ? { readonly [Name in keyof Parameters]: string } : never;

/**
 * The whole query: our parameters as `let` statements before the text. The Log Analytics API has no parameters of its
 * own, so the values are quoted here and nowhere else; a timespan must look like one ("5m", "1h").
 */
export function bind(query: KqlQuery, parameters: Readonly<Record<string, string>>): string {
  const lets = Object.entries(query.parameters).map(([name, type]) => {
    const value = parameters[name];
    if (value === undefined) throw new TypeError(`${query.name}.kql needs ${name}`);
    if (type === 'timespan' && !/^\d+(ms|s|m|h|d)$/.test(value)) throw new TypeError(`${value} is not a timespan`);
    return `let ${name} = ${type === 'timespan' ? value : quoted(value)};`;
  });
  return [...lets, query.text].join('\n');
}

/** A Kusto string literal; JSON's escapes are a subset of Kusto's. */
const quoted = (text: string): string => JSON.stringify(text);
