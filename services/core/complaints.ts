import { z } from 'zod/v4';

/**
 * What is wrong with input, in words that a person can act on: "text: is missing" instead of "Invalid input: expected
 * string, received undefined". Schemas that have words of their own keep them; a process asks for this once, at its start.
 */
export const speakPlainly = (): void => void z.config({ customError: complaint });

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
};
const kind = (expected: string): string => KINDS[expected] ?? expected;

const received = (input: unknown): string =>
  // Of its kind, and none all the same: 1e999 is read as Infinity.
  typeof input === 'number' && !Number.isFinite(input)
    ? String(input)
    : input === null
      ? 'null'
      : Array.isArray(input)
        ? 'a list'
        : kind(typeof input);

/** `undefined` leaves the words to zod. Values are not repeated: what comes in may be a secret. */
export function complaint(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `is missing; it is ${kind(issue.expected)}`;
      return `must be ${kind(issue.expected)}, not ${received(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `has nothing called ${issue.keys.map((key) => `"${key.slice(0, 40)}"`).join(', ')}`;
    case 'too_small':
      return limit(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return limit(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    default:
      return undefined;
  }
}

function limit(origin: string, bound: number | bigint, words: string): string | undefined {
  const many = bound === 1 ? '' : 's';
  if (origin === 'string') return `needs ${words} ${bound} character${many}`;
  if (origin === 'array' || origin === 'set') return `needs ${words} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  if (origin === 'number' || origin === 'int') return `must be ${words} ${bound}`;
  return undefined;
}
