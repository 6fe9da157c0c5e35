import { noted } from '../cards/parts/card.ts';
import type { Actor, AnyCapability } from '../dialogs/capability.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Log } from '../services/core/log.ts';
import { commandFor } from './console-command.ts';
import type { ParseContext } from './parse.ts';
import { readData } from './parse-field.ts';
import type { Planner } from './planner.ts';
import type { Registry } from './registry.ts';
import type { Result } from './results.ts';
import { toolsOf } from './schema.ts';

/** What a language model made of words that no phrase came near. */
export interface Chosen {
  capability: AnyCapability;
  input: Record<string, unknown>;
  /** Said with the answer, so that nobody takes it for what they typed. */
  label: string;
}

/**
 * Only what this person may run can be chosen, and its arguments pass the same reading and the same schema as a form's.
 * A choice that does not fit is as good as none: the person then hears what they would have heard without a model.
 */
export async function chosenFor(
  deps: { planner: Planner; registry: Registry; log: Log },
  words: string,
  actor: Actor,
  hearing: ParseContext,
): Promise<Chosen | undefined> {
  const { planner, registry, log } = deps;
  try {
    const who = { person: actor.name, now: hearing.now, zone: hearing.zone };
    const choice = await planner.choose(words, toolsOf(hearing.allowed), who);
    const capability = hearing.allowed.find(({ id }) => id === choice?.capability);
    if (!choice || !capability) return undefined;
    const { input, errors } = readData(capability, choice.input, hearing);
    if (Object.keys(errors).length > 0 || !capability.input.safeParse(input).success) {
      log.info({ capability: capability.id, wrong: Object.keys(errors) }, 'the model chose, but not well');
      return undefined;
    }
    const said = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]));
    const meaning = commandFor(registry, capability.id, said) ?? capability.summary;
    return { capability, input, label: `I understood: “${meaning}”.` };
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'the model could not be asked');
    return undefined;
  }
}

/** The answer under what was understood. */
export const labelled = (result: Result, label: string): Result => ({
  ...result,
  text: `${label}\n${result.text}`,
  ...(result.card ? { card: noted(result.card, label) } : {}),
});
