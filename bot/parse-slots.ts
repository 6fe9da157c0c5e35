import { isNumbered, NUMBERED, type NumberedKind } from '../dialogs/arguments.ts';
import { editDistance } from '../services/core/similar.ts';
import type { Slot } from './parse-phrase.ts';
import type { Heard, Token } from './parse-tokens.ts';
import { type Read, readDuration, short } from './words.ts';
import { readAhead } from './words-ahead.ts';
import { readInstant, type Said } from './words-instant.ts';
import { readPeriod, readSince } from './words-past.ts';

/** Finds people by what somebody calls them: name, first name, id, address. Several when it is not clear. */
export interface PersonLookup {
  find(words: string): readonly { id: string; name: string }[];
}

/** What a slot's reader knows besides the words. */
export interface SlotContext extends Said {
  /** Without it any words pass as a person. */
  people?: PersonLookup | undefined;
  /** The id of the person who speaks, for "me". */
  self?: string | undefined;
  /** Names of known endpoints; an unknown one that resembles a known one is asked about. */
  endpoints?: readonly string[] | undefined;
}

const PREFIXES = Object.values(NUMBERED).map((prefix) => prefix.toLowerCase());
const SHAPES = Object.fromEntries(
  Object.values(NUMBERED).map((prefix) => [prefix, new RegExp(`^(?:${prefix.toLowerCase()}-|#)?(\\d{1,9})$`)]),
);
/** "0,3" as half of Europe writes it. A comma before three digits may stand between thousands ("1,200"), so it stays. */
const pointed = (word: string): string =>
  /^[+-]?\d+,\d+$/.test(word) && !/^[+-]?[1-9]\d{0,2},\d{3}$/.test(word) ? word.replace(',', '.') : word;

/** Something that people name by its number, written in full. */
export const OUR_ID = new RegExp(`^(?:${PREFIXES.join('|')})-\\d{1,9}$`);

/** The most words a slot of this kind can take; text takes what there is. */
const MOST_WORDS: Readonly<Record<Exclude<Slot['kind'], NumberedKind>, number>> = {
  number: 1,
  endpoint: 1,
  choice: 4,
  person: 4,
  duration: 6,
  instant: 8,
  since: 8,
  period: 6,
  ahead: 8,
  text: Number.POSITIVE_INFINITY,
};
export const mostWords = (kind: Slot['kind']): number => (isNumbered(kind) ? 1 : MOST_WORDS[kind]);

/** Reads the tokens `from` (inclusive) to `to` (exclusive) as a slot's value: what the input schema then checks. */
export function readSlot(slot: Slot, heard: Heard, from: number, to: number, context: SlotContext): Read {
  const first = heard.tokens[from];
  if (!first) return no(slot, '');
  // "because of the load test": the reason is the load test.
  const of = to - from > 1 && first.key === 'of' && heard.tokens[from - 1]?.key === 'because';
  if (slot.kind === 'text') return { value: textOf(heard, of ? from + 1 : from, to) };
  const one = to - from === 1;
  const words = one ? first.word : wordsOf(heard.tokens, from, to);
  if (isNumbered(slot.kind)) {
    const prefix = NUMBERED[slot.kind];
    const found = SHAPES[prefix]?.exec(first.key);
    return one && found ? { value: `${prefix}-${found[1]}` } : no(slot, words);
  }
  switch (slot.kind) {
    case 'number':
      return one && /^[+-]?\d{1,15}(?:[.]\d{1,9})?$/.test(pointed(first.word))
        ? { value: pointed(first.word) }
        : no(slot, words);
    case 'choice': {
      const said = plain(words);
      // "top 5 endpoints": many of them are asked for by the same word.
      const value =
        slot.choices.find((choice) => plain(choice) === said) ??
        slot.choices.find((choice) => said === `${plain(choice)}s`);
      return value === undefined ? no(slot, words) : { value };
    }
    case 'duration':
      return readDuration(words);
    case 'instant':
      return readInstant(words, context);
    case 'since':
      return readSince(words, context);
    case 'period':
      return readPeriod(words, context);
    case 'ahead':
      return readAhead(words, context);
    case 'endpoint':
      return one ? readEndpoint(slot, first, context.endpoints) : no(slot, words);
    case 'person':
      return readPerson(slot, first, one, words, context);
  }
}

const no = (slot: Slot, words: string): Read => ({
  why: `"${short(words)}" is not ${slot.description || slot.slot}`,
  impossible: false,
});

const plain = (words: string) => words.toLowerCase().replace(/[-_ ]+/g, ' ');

const wordsOf = (tokens: readonly Token[], from: number, to: number) => {
  let words = '';
  for (let index = from; index < to; index++) words += `${index > from ? ' ' : ''}${tokens[index]?.word ?? ''}`;
  return words;
};

/** The words as they stand in the message, line breaks included; a passage that is quoted as a whole loses its quotes. */
function textOf({ text, tokens }: Heard, from: number, to: number): string {
  const first = tokens[from];
  const last = tokens[to - 1];
  if (!first || !last) return '';
  return first === last && first.kind === 'quoted' ? first.word : text.slice(first.start, last.end).trim();
}

/** The one endpoint of this name, which may be said without what all of them begin with: fraud is ep-fraud. */
export function endpointCalled(key: string, endpoints: readonly string[] = []): string | undefined {
  if (endpoints.includes(key)) return key;
  const [tail, ...others] = endpoints.filter((name) => name.endsWith(`-${key}`));
  return others.length === 0 ? tail : undefined;
}

function readEndpoint(slot: Slot, token: Token, endpoints: readonly string[] | undefined): Read {
  const { key } = token;
  if (OUR_ID.test(key) || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(key)) return no(slot, token.word);
  if (!endpoints || token.kind === 'quoted') return { value: key };
  const called = endpointCalled(key, endpoints);
  if (called) return { value: called };
  const near = endpoints.find((name) => editDistance(name, key, 1) <= 1);
  if (near) return { why: `there is no endpoint ${short(token.word)}; did you mean ${near}?`, impossible: true };
  return { value: key };
}

function readPerson(slot: Slot, first: Token, one: boolean, words: string, context: SlotContext): Read {
  if (one && first.kind === 'mention' && first.id) return { value: first.id };
  if (!one && first.kind === 'mention') return no(slot, words);
  if (one && context.self && (first.key === 'me' || first.key === 'myself')) return { value: context.self };
  if (OUR_ID.test(first.key)) return no(slot, words);
  if (!context.people) return { value: words };
  const found = context.people.find(words.replace(/^@/, '').replaceAll('’', "'"));
  if (found.length === 1 && found[0]) return { value: found[0].id };
  if (found.length === 0) return { why: `I know nobody called "${short(words)}"`, impossible: false };
  const names = found.slice(0, 5).map(({ name }) => name);
  return { why: `"${short(words)}" may be ${names.join(' or ')}; write the whole name`, impossible: true };
}
