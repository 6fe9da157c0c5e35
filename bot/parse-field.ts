import { fieldsOf } from '../dialogs/arguments.ts';
import type { AnyCapability } from '../dialogs/capability.ts';
import { slotOf } from './parse-phrase.ts';
import { readSlot, type SlotContext } from './parse-slots.ts';
import { type Heard, hear } from './parse-tokens.ts';
import { type Read, short } from './words.ts';

/**
 * Reads the data of a click, a submitted form or the terminal as raw input: each field by its kind, so that "90m" typed
 * into a form is what "90m" is in a sentence. Values that are no words (numbers) and values that already pass the
 * field's schema stay as they are; data that is no field of the capability (Teams' own, or forged) is left out, and so
 * is an empty string, which is how Adaptive Cards submit an input that nobody filled.
 */
export function readData(
  capability: Pick<AnyCapability, 'input'>,
  data: Readonly<Record<string, unknown>>,
  context: SlotContext,
): { input: Record<string, unknown>; errors: Record<string, string> } {
  const input: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const [name, schema] of fieldsOf(capability.input)) {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) continue;
    const slot = slotOf(name, schema);
    // A person's name passes the schema as it is and has to be looked up all the same.
    const asIs = typeof value !== 'string' || (slot.kind !== 'person' && schema.safeParse(value).success);
    const read: Read = asIs || slot.kind === 'text' ? { value: '' } : readSlot(slot, ...whole(value), context);
    if ('why' in read) errors[name] = read.why;
    else input[name] = asIs || slot.kind === 'text' ? value : read.value;
    if (name in input && !schema.safeParse(input[name]).success) {
      const said = typeof value === 'object' ? 'That' : `"${short(String(value))}"`;
      errors[name] = `${said} is not ${slot.description || name}`;
      delete input[name];
    }
  }
  return { input, errors };
}

const whole = (words: string): [heard: Heard, from: number, to: number] => {
  const heard = hear(words.slice(0, 500));
  return [heard, 0, heard.tokens.length];
};
