import { z } from 'zod/v4';
import type { ArgumentKind } from '../dialogs/arguments.ts';
import type { AnyCapability } from '../dialogs/capability.ts';

/** A capability as a tool that a language model may call (OpenAI function calling) and as `console -- --capabilities`. */
export interface Tool {
  /** The id with `_` for the dot: function names allow no dots (`^[a-zA-Z0-9_-]{1,64}$`). */
  name: string;
  id: string;
  description: string;
  effect: AnyCapability['effect'];
  roles: readonly string[];
  examples: readonly string[];
  /** JSON Schema, draft 2020-12, of what goes in. */
  parameters: Record<string, unknown>;
}

/** A model writes ISO 8601; the words a person may use would only invite it to guess the zone. */
const FOR_MODELS: Partial<Record<ArgumentKind, string>> = {
  duration: 'an ISO 8601 duration, such as PT90M or P2D',
  instant: 'an ISO 8601 time with its offset, such as 2026-12-01T08:00:00Z',
};

const EFFECTS: Readonly<Record<AnyCapability['effect'], string>> = {
  read: '',
  write: ' Changes the record.',
  dangerous: ' Changes something outside; the person is asked before it happens.',
};

/** The tools for these capabilities; pass what the person may run, so that a model cannot even name the others. */
export const toolsOf = (capabilities: readonly AnyCapability[]): Tool[] =>
  capabilities.map(({ id, summary, effect, roles, examples, input }) => ({
    name: id.replace('.', '_'),
    id,
    description: `${summary}.${EFFECTS[effect]}`,
    effect,
    roles,
    examples,
    parameters: jsonSchemaOf(input),
  }));

/** The capability that a tool's name stands for. */
export const idOfTool = (name: string): string => name.replace('_', '.');

/** The input side (`io: 'input'`): what has to be given, before trimming and defaults. */
export function jsonSchemaOf(input: z.ZodObject): Record<string, unknown> {
  const schema = z.toJSONSchema(input, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const said = FOR_MODELS[jsonSchema.argument as ArgumentKind];
      // The kind is ours, not JSON Schema's; strict validators refuse unknown keywords.
      delete jsonSchema.argument;
      if (!said) return;
      jsonSchema.description = said;
      // zod's expressions for dates run to hundreds of characters; `format` says the same.
      delete jsonSchema.pattern;
    },
  });
  return { ...schema, additionalProperties: false };
}
