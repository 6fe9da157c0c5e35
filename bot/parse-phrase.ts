import type { z } from 'zod/v4';
import { type ArgumentKind, argumentOf, choicesOf, fieldsOf, isRequired } from '../dialogs/arguments.ts';
import type { AnyCapability } from '../dialogs/capability.ts';
import { keyOf } from './parse-tokens.ts';

/** A word that must be there, or a place for a field's words. */
export type Part = { literal: string } | Slot;

export interface Slot {
  slot: string;
  kind: ArgumentKind;
  description: string;
  choices: readonly string[];
  schema: z.ZodType;
}

/** One way to say a capability: a phrase with its brackets decided. */
export interface Pattern {
  capability: AnyCapability;
  phrase: string;
  parts: readonly Part[];
  literals: number;
  /** Fields that the phrase itself gives: `approve {request}` gives choice = approve. */
  given: Readonly<Record<string, string>>;
  /** Required fields that this pattern cannot give; a form asks for them. */
  missing: readonly string[];
  /** How many words are needed from this part on; one longer than `parts`. */
  needs: readonly number[];
  /** A text slot stands before other parts, so a match may have to try several places. */
  branching: boolean;
}

const MAX_BRACKETS = 4;
const PIECE = /\{([^{}]*)\}|([[\]])|([^\s{}[\]]+)|([{}])/g;

/**
 * Reads a phrase. The language: words are literal; `{field}` takes a field's words; `[…]` may be left out and may hold
 * words and slots; `{field=value}` stands for no words and gives the field that value.
 *
 * A phrase starts with a word (it is found by it), and a text slot is last or followed by a word (else nobody could
 * tell where it ends). When a `choice` field has no slot in the phrase and exactly one of the phrase's words is one of
 * its values, the word gives the field: `approve {request}`.
 */
export function compilePhrase(capability: AnyCapability, phrase: string): { patterns: Pattern[]; problems: string[] } {
  const problems: string[] = [];
  const fields = new Map(fieldsOf(capability.input));
  const given: Record<string, string> = {};
  const groups: { optional: boolean; parts: Part[] }[] = [{ optional: false, parts: [] }];
  let inBrackets = false;
  for (const [whole, slot, bracket, word] of phrase.matchAll(PIECE)) {
    const group = groups.at(-1);
    if (bracket) {
      if ((bracket === '[') === inBrackets) problems.push(`"${phrase}": brackets do not nest and must close`);
      inBrackets = bracket === '[';
      groups.push({ optional: inBrackets, parts: [] });
    } else if (slot !== undefined) {
      const [name = '', value] = slot.split('=').map((text) => text.trim());
      const schema = fields.get(name);
      if (!schema) problems.push(`"${phrase}": the input has no field "${name}"`);
      else if (value === undefined) group?.parts.push(slotOf(name, schema));
      else if (!schema.safeParse(value).success) problems.push(`"${phrase}": "${value}" is no value of "${name}"`);
      else given[name] = value;
    } else if (word !== undefined) group?.parts.push({ literal: keyOf(word) });
    else problems.push(`"${phrase}": a stray ${whole}`);
  }
  if (inBrackets) problems.push(`"${phrase}": a bracket is not closed`);
  if (groups.filter((group) => group.optional).length > MAX_BRACKETS)
    problems.push(`"${phrase}": more than ${MAX_BRACKETS} brackets; write two phrases`);
  if (problems.length > 0) return { patterns: [], problems };
  const patterns = expand(groups).map((parts) => patternOf(capability, phrase, parts, given, fields));
  for (const { parts } of patterns) problems.push(...shapeProblems(phrase, parts));
  return { patterns: problems.length > 0 ? [] : patterns, problems };
}

/** What a field of the input takes, as a slot. */
export const slotOf = (name: string, schema: z.ZodType): Slot => {
  const { argument, description } = argumentOf(schema);
  return { slot: name, kind: argument, description, choices: choicesOf(schema), schema };
};

const expand = (groups: readonly { optional: boolean; parts: Part[] }[]): Part[][] =>
  groups.reduce<Part[][]>(
    (ways, { optional, parts }) => [
      ...ways.map((way) => [...way, ...parts]),
      ...(optional ? ways.map((way) => [...way]) : []),
    ],
    [[]],
  );

function patternOf(
  capability: AnyCapability,
  phrase: string,
  parts: readonly Part[],
  constants: Readonly<Record<string, string>>,
  fields: ReadonlyMap<string, z.ZodType>,
): Pattern {
  const slots = new Set(parts.flatMap((part) => ('slot' in part ? [part.slot] : [])));
  const words = parts.flatMap((part) => ('literal' in part ? [part.literal] : []));
  const given = { ...constants };
  for (const [name, schema] of fields) {
    if (slots.has(name) || name in given) continue;
    const said = choicesOf(schema).filter((choice) => words.includes(choice.toLowerCase()));
    if (said.length === 1 && said[0] !== undefined) given[name] = said[0];
  }
  const missing = [...fields].flatMap(([name, schema]) =>
    slots.has(name) || name in given || !isRequired(schema) ? [] : [name],
  );
  const branching = parts.some((part, index) => isText(part) && index < parts.length - 1);
  const needs = parts.map((_, index) => parts.length - index);
  return { capability, phrase, parts, literals: words.length, given, missing, needs: [...needs, 0], branching };
}

const isText = (part: Part | undefined) => part !== undefined && 'slot' in part && part.kind === 'text';

function shapeProblems(phrase: string, parts: readonly Part[]): string[] {
  const problems: string[] = [];
  const [first] = parts;
  if (!first || !('literal' in first)) problems.push(`"${phrase}": a phrase starts with a word, not with a slot`);
  const names = parts.flatMap((part) => ('slot' in part ? [part.slot] : []));
  if (new Set(names).size < names.length) problems.push(`"${phrase}": a field stands twice`);
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    if (isText(part) && next && 'slot' in next)
      problems.push(
        `"${phrase}": the text slot {${names[names.indexOf(next.slot) - 1]}} must be last or end at a word`,
      );
  });
  return problems;
}
