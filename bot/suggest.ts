import { type ArgumentKind, isNumbered } from '../dialogs/arguments.ts';
import type { AnyCapability } from '../dialogs/capability.ts';
import { editDistance } from '../services/core/similar.ts';
import { findMatches } from './parse-match.ts';
import { endpointCalled, OUR_ID, readSlot, type SlotContext } from './parse-slots.ts';
import { type Heard, hear, type Token } from './parse-tokens.ts';
import type { Registry } from './registry.ts';

/** A sentence that would work, to be offered as a button. */
export interface Suggestion {
  text: string;
  capability: AnyCapability;
  /** Made of the person's own words and names, not an example. */
  own?: boolean;
}

const MOST_SUGGESTIONS = 3;
/** Words of a long message that are looked at; a command is short, and the cost stays bounded. */
const MOST_WORDS = 12;
const ENOUGH = 0.5;

/** Words people use for one another; a capability that knows one of a row is found by all. */
const SYNONYMS = [
  'ack acknowledge take got bestätigen quittieren',
  'show list display view see get describe open',
  'stop cancel halt abort end',
  'rollback revert undo restore zurückrollen',
  'reject deny decline refuse ablehnen refuser',
  'approve accept agree allow genehmigen freigeben approuver',
  'silence mute snooze suppress quiet',
  'cost costs spend spending bill price money kosten coût coûts costes costi',
  'oncall duty rota roster bereitschaft astreinte guardia reperibilità',
  'incident incidents outage problem problems issue issues alert alerts ticket tickets störung störungen vorfall vorfälle alarm alarme incidente incidentes problème',
  'request requests approval approvals pending freigabe freigaben antrag anträge',
  'assign reassign handover give',
  'change changes deployment deploy release rollout promote promotion änderung änderungen',
  'log audit history trail timeline',
  'help commands usage how hilfe aide ayuda aiuto',
  'status state overview dashboard summary übersicht kaputt',
  'close resolve finish done',
].map((row) => row.split(' '));
const GROUP_OF = new Map(SYNONYMS.flatMap((row, index) => row.map((word) => [word, index] as const)));
const FILLERS = new Set('a an the on of for to in at is it me my i we please can you do what with and from'.split(' '));

interface Entry {
  capability: AnyCapability;
  words: readonly string[];
}

interface Vocabulary {
  /** Every literal word of what the person may run. */
  words: ReadonlySet<string>;
  /** "rollback" → "roll back" */
  joined: ReadonlyMap<string, string>;
  entries: readonly Entry[];
}

/** One vocabulary per list of allowed capabilities; the registry hands out the same list for the same roles. */
const vocabularies = new WeakMap<readonly AnyCapability[], Vocabulary>();

/**
 * What a person may have meant, best first, at most three, and only what they may run. A slip is mended in their own
 * words ("akc INC-7" → "ack INC-7"); otherwise the examples of the capabilities that sound most alike are offered.
 */
export function suggest(
  registry: Registry,
  heard: Heard,
  allowed: readonly AnyCapability[],
  context: SlotContext,
): Suggestion[] {
  const named = aboutNamed(registry, heard, allowed, context);
  if (named.length > 0) return named;
  const vocabulary = vocabularyOf(registry, allowed);
  const words = heard.tokens.slice(0, MOST_WORDS).flatMap(({ kind, key }) => (kind === 'word' ? [key] : []));
  const mended = mend(registry, heard, vocabulary, allowed, context);
  const known = mended ? [mended] : looksAtNamed(registry, heard, allowed, context);
  const ranked = rank(vocabulary, words)
    .filter((capability) => known.every((one) => one.capability !== capability))
    .map((capability) => ({ capability, text: aboutTheirs(closestExample(capability, words), heard) }));
  return [...known, ...ranked].slice(0, MOST_SUGGESTIONS);
}

/** Somebody spoke of a thing by its name, in words that mean nothing here: it can be looked at. */
function looksAtNamed(
  registry: Registry,
  heard: Heard,
  allowed: readonly AnyCapability[],
  context: SlotContext,
): Suggestion[] {
  const named = heard.tokens.slice(0, MOST_WORDS).flatMap(({ key }) => {
    if (OUR_ID.test(key)) return [`show ${key.toUpperCase()}`];
    const endpoint = key.length >= 4 && endpointCalled(key, context.endpoints);
    return endpoint ? [`status of ${endpoint}`, `drift ${endpoint}`] : [];
  });
  return [...new Set(named)].flatMap((text) => {
    const [match, ...others] = findMatches(registry.index, hear(text), context).best;
    const capability = match?.pattern.capability;
    return capability && others.length === 0 && allowed.includes(capability) ? [{ text, capability, own: true }] : [];
  });
}

/** An example with the number that the person named, where it has one of that kind. */
const aboutTheirs = (example: string, { tokens }: Heard): string =>
  tokens.reduce((text, { key }) => {
    const prefix = OUR_ID.test(key) ? key.split('-')[0] : undefined;
    return prefix ? text.replace(new RegExp(`\\b${prefix}-\\d+\\b`, 'i'), key.toUpperCase()) : text;
  }, example);

const nameable = (kind: ArgumentKind): boolean => kind === 'endpoint' || isNumbered(kind);

/** Somebody sent nothing but "INC-142" or "ep-fraud": what can be done with it, looking before changing. */
function aboutNamed(
  registry: Registry,
  heard: Heard,
  allowed: readonly AnyCapability[],
  context: SlotContext,
): Suggestion[] {
  const [token, ...others] = heard.tokens;
  // Any word can be an endpoint, and any number an incident: only what is named in full is taken for a name.
  if (!token || others.length > 0) return [];
  if (!OUR_ID.test(token.key) && !context.endpoints?.includes(token.key)) return [];
  const found = new Map<AnyCapability, string>();
  for (const { capability, parts } of registry.patterns) {
    const [verb, slot, more] = parts;
    if (more || found.has(capability) || !allowed.includes(capability)) continue;
    if (!verb || !('literal' in verb) || !slot || !('slot' in slot) || !nameable(slot.kind)) continue;
    if ('value' in readSlot(slot, heard, 0, 1, context)) found.set(capability, `${verb.literal} ${token.word}`);
  }
  return [...found]
    .sort(([left], [right]) => Number(right.effect === 'read') - Number(left.effect === 'read'))
    .slice(0, MOST_SUGGESTIONS)
    .map(([capability, text]) => ({ capability, text, own: true }));
}

/** The person's own words with slips mended, when that makes a command they may run. */
export function mendedBy(
  registry: Registry,
  heard: Heard,
  allowed: readonly AnyCapability[],
  context: SlotContext,
): Suggestion | undefined {
  return mend(registry, heard, vocabularyOf(registry, allowed), allowed, context);
}

function vocabularyOf(registry: Registry, allowed: readonly AnyCapability[]): Vocabulary {
  const known = vocabularies.get(allowed);
  if (known) return known;
  const may = new Set(allowed);
  const words = new Set<string>();
  const joined = new Map<string, string>();
  const entries: Entry[] = [];
  for (const { capability, parts } of registry.patterns) {
    if (!may.has(capability)) continue;
    const literals = parts.flatMap((part) => ('literal' in part ? [part.literal] : []));
    for (const literal of literals) words.add(literal);
    parts.forEach((part, index) => {
      const next = parts[index + 1];
      if ('literal' in part && next && 'literal' in next)
        joined.set(part.literal + next.literal, `${part.literal} ${next.literal}`);
    });
    entries.push({ capability, words: telling(literals) });
  }
  for (const capability of allowed)
    entries.push(
      { capability, words: capability.id.split(/[.-]/) },
      { capability, words: wordsIn(capability.summary) },
    );
  const vocabulary = { words, joined, entries };
  vocabularies.set(allowed, vocabulary);
  return vocabulary;
}

const telling = (words: readonly string[]): readonly string[] => {
  const rest = words.filter((word) => !FILLERS.has(word));
  return rest.length > 0 ? rest : words;
};

const wordsIn = (sentence: string) => telling(sentence.toLowerCase().match(/[\p{L}\d'-]+/gu) ?? []);

/** Tries the mended first word, then all mended words: the fewest changes that make a command win. */
function mend(
  registry: Registry,
  heard: Heard,
  vocabulary: Vocabulary,
  allowed: readonly AnyCapability[],
  context: SlotContext,
): Suggestion | undefined {
  const changes = heard.tokens.slice(0, MOST_WORDS).flatMap((token, index) => {
    const word = token.kind === 'word' ? mendWord(token, heard.tokens[index + 1], vocabulary) : undefined;
    return word ? [{ ...word, start: token.start }] : [];
  });
  for (const tried of [changes.slice(0, 1), changes]) {
    if (tried.length === 0) continue;
    let text = '';
    let at = heard.tokens[0]?.start ?? 0;
    for (const { start, end, word } of tried) {
      if (start < at) continue;
      text += heard.text.slice(at, start) + word;
      at = end;
    }
    text = (text + heard.text.slice(at)).trim();
    const match = findMatches(registry.index, hear(text), context).best.find((found) =>
      allowed.includes(found.pattern.capability),
    );
    if (match) return { text, capability: match.pattern.capability, own: true };
  }
  return undefined;
}

function mendWord(
  token: Token,
  next: Token | undefined,
  { words, joined }: Vocabulary,
): { word: string; end: number } | undefined {
  const { key } = token;
  // Where the word itself ends: punctuation after it stays.
  const end = token.start + token.word.length;
  if (words.has(key)) return undefined;
  if (next && words.has(key + next.key)) return { word: key + next.key, end: next.start + next.word.length };
  const split = joined.get(key);
  if (split) return { word: split, end };
  const group = GROUP_OF.get(key);
  const synonyms = group === undefined ? [] : (SYNONYMS[group] ?? []);
  const synonym = synonyms.find((word) => words.has(word) || joined.has(word));
  if (synonym) return { word: joined.get(synonym) ?? synonym, end };
  if (key.length < 3) return undefined;
  let best: string | undefined;
  let least = slips(key) + 1;
  for (const word of words) {
    if (word.length < 3) continue;
    const distance = editDistance(key, word, least - 1);
    if (distance < least) {
      best = word;
      least = distance;
    }
  }
  return best ? { word: best, end } : undefined;
}

/** How many slips are taken for a slip and not for another word. */
const slips = (word: string) => (word.length <= 5 ? 1 : 2);

function rank({ entries }: Vocabulary, said: readonly string[]): AnyCapability[] {
  const heard = telling(said);
  if (heard.length === 0) return [];
  const known = new Map<string, number>();
  /** How well the best of the person's words stands for this one: 0 to 1. */
  const alike = (word: string): number => {
    const found = known.get(word) ?? Math.max(...heard.map((own) => likeness(word, own)));
    known.set(word, found);
    return found;
  };
  const scores = new Map<AnyCapability, number>();
  for (const { capability, words } of entries) {
    if (words.length === 0) continue;
    const sum = words.reduce((total, word) => total + alike(word), 0);
    // Harmonic: a phrase counts by what it shares, relative to both its own length and the message's.
    const score = (2 * sum) / (words.length + Math.min(heard.length, words.length + 1));
    scores.set(capability, Math.max(scores.get(capability) ?? 0, score));
  }
  return [...scores]
    .filter(([, score]) => score >= ENOUGH)
    .sort(([, left], [, right]) => right - left)
    .slice(0, MOST_SUGGESTIONS)
    .map(([capability]) => capability);
}

function likeness(word: string, own: string): number {
  if (word === own) return 1;
  const group = GROUP_OF.get(word);
  if (group !== undefined && group === GROUP_OF.get(own)) return 0.9;
  if (own.length >= 4 && word.length >= 4 && (word.startsWith(own) || own.startsWith(word))) return 0.8;
  const most = slips(word);
  if (word.length < 3 || own.length < 3) return 0;
  const distance = editDistance(word, own, most);
  return distance > most ? 0 : 1 - distance / word.length;
}

function closestExample(capability: AnyCapability, said: readonly string[]): string {
  const score = (example: string) =>
    wordsIn(example).reduce((sum, word) => sum + Math.max(0, ...said.map((own) => likeness(word, own))), 0);
  const scored = capability.examples.map((example) => ({ example, score: score(example) }));
  return scored.reduce((best, next) => (next.score > best.score ? next : best), scored[0] ?? { example: '', score: 0 })
    .example;
}
