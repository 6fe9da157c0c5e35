import { LISTED_BY } from '../dialogs/arguments.ts';
import type { AnyCapability } from '../dialogs/capability.ts';
import { Refused } from '../services/core/errors.ts';
import { withoutCourtesy } from './courtesy.ts';
import { findMatches, findNearMisses, type Match } from './parse-match.ts';
import { endpointCalled, OUR_ID, type SlotContext } from './parse-slots.ts';
import { type Heard, type HeardMention, hear } from './parse-tokens.ts';
import type { Registry } from './registry.ts';
import { mendedBy, type Suggestion, suggest } from './suggest.ts';
import { short } from './words.ts';

export type { PersonLookup } from './parse-slots.ts';
export type { HeardMention } from './parse-tokens.ts';
export type { Suggestion } from './suggest.ts';

/** Who speaks, when, where in the world, and what the words may refer to. */
export interface ParseContext extends SlotContext {
  /** What the person may run: did-you-mean stays inside it, and it decides between equally good readings. */
  allowed: readonly AnyCapability[];
  /** Names of the models that serve. */
  models?: readonly string[] | undefined;
  /** The activity's mention entities. */
  mentions?: readonly HeardMention[] | undefined;
}

/**
 * `input` is raw: strings by field, for the capability's schema; of an invalid message it is what was understood, so
 * that a form can be opened with it.
 */
export type Parsed =
  | { kind: 'match'; capability: AnyCapability; input: Record<string, string>; missing: readonly string[] }
  | { kind: 'ambiguous'; readings: readonly { capability: AnyCapability; input: Record<string, string> }[] }
  | Invalid
  | { kind: 'unknown'; suggestions: readonly Suggestion[] }
  | { kind: 'refused'; refused: Refused };

export interface Invalid {
  kind: 'invalid';
  capability: AnyCapability;
  field: string;
  /** What is wrong and what would be right, to be shown word for word. */
  why: string;
  example: string;
  /** What to say for a list of the things one of which is missing. */
  list?: string | undefined;
  input: Record<string, string>;
}

/** Teams sends up to about 100 KB; nobody types a command of more than a page. */
export const MAX_MESSAGE_CHARACTERS = 4000;

/**
 * Finds out what a message asks for. Most literal words win, then the reading that explains most words by typed slots.
 * A match may lack required fields (`missing`): the caller asks for them with a form. Never throws; time is bounded by
 * the message limit. Authorization comes after, so a match may be of a capability that the person may not run.
 */
export function parse(registry: Registry, text: string, context: ParseContext): Parsed {
  const parsed = parseWords(registry, text, context);
  if (parsed.kind === 'match' || parsed.kind === 'refused') return parsed;
  const framed = withoutCourtesy(text);
  const alone = [text, ...framed.map((one) => one.text)].flatMap(
    (words) => toShow(words, context) ?? verbFirst(words, registry, context) ?? [],
  );
  for (const { text: bare, looks } of [...framed, ...alone.map((words) => ({ text: words, looks: true }))]) {
    const read = parseWords(registry, bare, context);
    if (read.kind !== 'match' || read.missing.length > 0) continue;
    if (!looks || read.capability.effect === 'read') return read;
  }
  return parsed;
}

/** Somebody said nothing but the name of a thing: they want to see it. */
function toShow(words: string, { mentions, endpoints, models }: ParseContext): string | undefined {
  const [token, ...others] = hear(words, mentions).tokens;
  if (token?.kind !== 'word' || others.length > 0) return undefined;
  if (OUR_ID.test(token.key)) return `show ${token.word}`;
  const endpoint = endpointCalled(token.key, endpoints);
  if (endpoint) return `status of ${endpoint}`;
  return models?.includes(token.key) ? `history of ${token.word}` : undefined;
}

const NAMED_FIRST = /^(\S.{0,60}?)\s+(costs?|spend|spending|bill|budget|forecast|savings)(?:\s+(\S.*))?$/i;

/**
 * “fraud costs October”: the thing before the word that says what is wanted of it. Phrases are found by their first word,
 * so words with which none begins are turned round.
 */
function verbFirst(words: string, registry: Registry, { mentions }: ParseContext): string | undefined {
  const [, thing, verb, rest] = NAMED_FIRST.exec(words.replace(/[?!.]+$/, '')) ?? [];
  const [first] = hear(words, mentions).tokens;
  if (!thing || first?.kind !== 'word' || registry.index.has(first.key)) return undefined;
  return [verb, 'of', thing, rest].filter(Boolean).join(' ');
}

/** The words as they stand. */
function parseWords(registry: Registry, text: string, context: ParseContext): Parsed {
  if (text.length > MAX_MESSAGE_CHARACTERS) {
    const why = `That message has ${grouped(text.length)} characters; I read up to ${grouped(MAX_MESSAGE_CHARACTERS)}.`;
    return {
      kind: 'refused',
      refused: new Refused(why, 'Send the command alone, and long text as a file.', 'too-long'),
    };
  }
  const heard = hear(unquoted(text), context.mentions);
  if (heard.tokens.length === 0) return { kind: 'unknown', suggestions: [] };
  const { best, impossible } = findMatches(registry.index, heard, context);
  const [match] = best;
  // "until 25:00" must not become the text of a looser phrase.
  const swallowed = match !== undefined && impossible && match.textWords > 0;
  if (!match || swallowed) {
    const miss = nearMiss(registry, heard, context, match);
    if (miss) return miss;
  }
  if (!match) return { kind: 'unknown', suggestions: suggest(registry, heard, context.allowed, context) };
  if (best.length === 1) return accepted(match);
  const open = best.filter(({ pattern }) => context.allowed.includes(pattern.capability));
  if (open.length === 1 && open[0]) return accepted(open[0]);
  const readings = (open.length > 0 ? open : best).map((reading) => ({
    capability: reading.pattern.capability,
    input: inputOf(reading),
  }));
  return { kind: 'ambiguous', readings };
}

function accepted(match: Match): Parsed {
  const { capability, missing } = match.pattern;
  for (const { slot, value } of match.taken) {
    const { error } = slot.schema.safeParse(value);
    if (!error) continue;
    const what = slot.description || slot.slot;
    const why =
      slot.kind === 'text' && error.issues.some(({ code }) => code === 'too_big')
        ? `the ${slot.slot} has ${grouped(value.length)} characters; I take ${what}`
        : `"${short(value)}" is not ${what}`;
    const { [slot.slot]: _, ...input } = inputOf(match);
    return { kind: 'invalid', capability, field: slot.slot, why, example: exampleOf(match), input };
  }
  return { kind: 'match', capability, input: inputOf(match), missing };
}

function nearMiss(
  registry: Registry,
  heard: Heard,
  context: ParseContext,
  match: Match | undefined,
): Parsed | undefined {
  const misses = findNearMisses(registry.index, heard, context);
  const [miss] = misses;
  const broken = miss?.taken.find(({ why }) => why !== undefined);
  if (!miss || broken?.why === undefined) return undefined;
  if (match && (!broken.impossible || miss.literals <= match.literals)) return undefined;
  // One part does not fit and the rest is not there: it only began like this phrase.
  if (miss.taken.some(({ missing }) => missing) && !broken.missing && !broken.impossible) return undefined;
  if (!broken.impossible) {
    const mended = mendedBy(registry, heard, context.allowed, context);
    if (mended) return { kind: 'unknown', suggestions: suggest(registry, heard, context.allowed, context) };
    const capabilities = new Set(misses.map(({ pattern }) => pattern.capability));
    if (capabilities.size > 1) {
      const may = misses.filter(({ pattern }) => context.allowed.includes(pattern.capability));
      const texts = new Map(may.map((one) => [one.pattern.capability, exampleOf(one)]));
      const lists = new Set(may.flatMap(({ taken }) => taken.flatMap(({ slot }) => LISTED_BY[slot.kind] ?? [])));
      return {
        kind: 'unknown',
        suggestions: [
          ...[...lists].flatMap((text) => listOf(registry, text, context) ?? []).slice(0, 2),
          ...[...texts].map(([capability, text]) => ({ capability, text })),
        ].slice(0, 3),
      };
    }
  }
  const { capability } = miss.pattern;
  const field = broken.slot.slot;
  const list = broken.missing ? listOf(registry, LISTED_BY[broken.slot.kind] ?? '', context)?.text : undefined;
  return { kind: 'invalid', capability, field, why: broken.why, example: exampleOf(miss), list, input: inputOf(miss) };
}

/** The list that these words ask for, when there is one that this person may see. */
function listOf(registry: Registry, text: string, context: ParseContext): Suggestion | undefined {
  const [match, ...others] = findMatches(registry.index, hear(text), context).best;
  const capability = match?.pattern.capability;
  return capability && others.length === 0 && context.allowed.includes(capability) ? { text, capability } : undefined;
}

function inputOf({ pattern, taken }: Match): Record<string, string> {
  const input: Record<string, string> = { ...pattern.given };
  for (const { slot, value, why } of taken) if (why === undefined) input[slot.slot] = value;
  return input;
}

/** The example that shows the most of the phrase's own words. */
function exampleOf({ pattern }: Match): string {
  const literals = pattern.parts.flatMap((part) => ('literal' in part ? [part.literal] : []));
  const shared = (example: string) => {
    const words = example.toLowerCase().split(/\s+/);
    return literals.filter((literal) => words.includes(literal)).length;
  };
  const { examples } = pattern.capability;
  return examples.reduce((best, next) => (shared(next) > shared(best) ? next : best), examples[0] ?? '');
}

/** Answers quote what to say, and people copy it with its quotes: “incidents” is incidents. */
const unquoted = (text: string): string =>
  /^\s*(?:“([^“”]+)”|"([^"]+)")\s*$/.exec(text)?.slice(1).find(Boolean) ?? text;

const grouped = (value: number) => value.toLocaleString('en-US');
