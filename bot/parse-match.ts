import type { Pattern, Slot } from './parse-phrase.ts';
import { mostWords, readSlot, type SlotContext } from './parse-slots.ts';
import type { Heard } from './parse-tokens.ts';

/** What a slot took. `why` is set when the words do not fit: only a near miss has such slots. */
export interface Taken {
  slot: Slot;
  value: string;
  why?: string;
  impossible?: boolean;
  /** Nothing was said for it. */
  missing?: boolean;
}

export interface Match {
  pattern: Pattern;
  taken: readonly Taken[];
  /** Literal words that were found: all of the pattern's, unless the message ended early. */
  literals: number;
  /** Words that went into text slots: the fewer, the better the typed slots explain the message. */
  textWords: number;
}

/** Patterns by their first word. */
export type PatternIndex = ReadonlyMap<string, readonly Pattern[]>;

/** Most literal words first, so that the search can stop at the first pattern that cannot win any more. */
export function indexPatterns(patterns: readonly Pattern[]): PatternIndex {
  const index = new Map<string, Pattern[]>();
  for (const pattern of patterns) {
    const [first] = pattern.parts;
    if (!first || !('literal' in first)) continue;
    const group = index.get(first.literal);
    if (group) group.push(pattern);
    else index.set(first.literal, [pattern]);
  }
  for (const group of index.values()) group.sort((a, b) => b.literals - a.literals);
  return index;
}

export interface Found {
  /** The best matches; more than one only when they are equally good and of different capabilities. */
  best: readonly Match[];
  /** A typed slot met words that are clearly of its kind and yet impossible ("until 25:00"). */
  impossible: boolean;
}

/** Every pattern whose words and slots explain the whole message; the best of them. */
export function findMatches(index: PatternIndex, heard: Heard, context: SlotContext): Found {
  const [first] = heard.tokens;
  const group = first?.kind === 'word' ? index.get(first.key) : undefined;
  if (!group) return { best: [], impossible: false };
  let best: Match[] = [];
  let impossible = false;
  for (const pattern of group) {
    if (best[0] && pattern.literals < best[0].literals) break;
    const walk = newWalk(pattern, heard, context, 0);
    const match = walkFrom(walk, 0, 0) ? matchOf(walk) : undefined;
    impossible ||= walk.impossible;
    if (match) best = better(best, match);
  }
  return { best, impossible };
}

/**
 * Patterns that would match if one or two of their slots were filled properly, or if the message went on: what a
 * person meant when nothing matches. The best have the most literal words and the fewest broken slots.
 */
export function findNearMisses(index: PatternIndex, heard: Heard, context: SlotContext): readonly Match[] {
  const [first] = heard.tokens;
  const group = first?.kind === 'word' ? index.get(first.key) : undefined;
  const found: Match[] = [];
  for (const pattern of group ?? []) {
    for (const broken of [1, 2]) {
      const walk = newWalk(pattern, heard, context, broken);
      if (!walkFrom(walk, 0, 0)) continue;
      found.push(matchOf(walk));
      break;
    }
  }
  const rank = (match: Match) => {
    const broken = match.taken.filter(({ why }) => why !== undefined);
    return match.literals * 100 - broken.length * 10 + (broken.some(({ impossible }) => impossible) ? 1 : 0);
  };
  const most = Math.max(...found.map(rank));
  return found.filter((match) => rank(match) === most);
}

function better(best: Match[], match: Match): Match[] {
  const [known] = best;
  const order = known ? compare(known, match) : 1;
  if (order > 0) return [match];
  if (order < 0 || best.some(({ pattern }) => pattern.capability === match.pattern.capability)) return best;
  return [...best, match];
}

const compare = (known: Match, match: Match): number =>
  match.literals - known.literals || known.textWords - match.textWords;

interface Walk {
  pattern: Pattern;
  heard: Heard;
  context: SlotContext;
  /** How many slots may still be broken; 0 for a real match. */
  broken: number;
  taken: Taken[];
  literals: number;
  textWords: number;
  impossible: boolean;
  /** Places (part, token, broken) that are known to fail: keeps a walk with several choices polynomial. */
  dead: Set<number> | undefined;
}

const newWalk = (pattern: Pattern, heard: Heard, context: SlotContext, broken: number): Walk => ({
  pattern,
  heard,
  context,
  broken,
  taken: [],
  literals: 0,
  textWords: 0,
  impossible: false,
  dead: pattern.branching || broken > 0 ? new Set() : undefined,
});

const matchOf = ({ pattern, taken, literals, textWords }: Walk): Match => ({
  pattern,
  taken,
  literals,
  textWords,
});

/** Depth first; on failure the walk is as it was before the call. */
function walkFrom(walk: Walk, part: number, token: number): boolean {
  const { pattern, heard, broken } = walk;
  const { tokens } = heard;
  const current = pattern.parts[part];
  if (!current) return token === tokens.length;
  if (token === tokens.length) return broken > 0 && endEarly(walk, part);
  if (broken === 0 && tokens.length - token < (pattern.needs[part] ?? 0)) return false;
  if ('literal' in current) {
    const said = tokens[token];
    if (said?.kind !== 'word' || said.key !== current.literal) return false;
    walk.literals += 1;
    if (walkFrom(walk, part + 1, token + 1)) return true;
    walk.literals -= 1;
    return false;
  }
  const place = (part * 4096 + token) * 4 + broken;
  if (walk.dead?.has(place)) return false;
  if (takeSlot(walk, current, part, token)) return true;
  walk.dead?.add(place);
  return false;
}

function takeSlot(walk: Walk, slot: Slot, part: number, token: number): boolean {
  const { tokens } = walk.heard;
  const next = walk.pattern.parts[part + 1];
  const least = next ? 1 : tokens.length - token;
  const room = tokens.length - token - (walk.broken > 0 ? 0 : (walk.pattern.needs[part + 1] ?? 0));
  const text = slot.kind === 'text';
  const most = Math.min(room, mostWords(slot.kind));
  const stops = (words: number) => {
    if (!next || !('literal' in next)) return true;
    const after = tokens[token + words];
    return after === undefined ? walk.broken > 0 : after.kind === 'word' && after.key === next.literal;
  };
  // Text stops at the first place that works; a typed slot takes as many words as make sense.
  for (let step = least; step <= most; step++) {
    const words = text ? step : most - (step - least);
    if (!stops(words)) continue;
    const read = readSlot(slot, walk.heard, token, token + words, walk.context);
    if ('value' in read) {
      if (take(walk, { slot, value: read.value }, text ? words : 0, part, token + words, 0)) return true;
    } else if (read.impossible) walk.impossible = true;
  }
  if (walk.broken === 0 || text) return false;
  for (let words = room; words >= least; words--) {
    if (!stops(words)) continue;
    const read = readSlot(slot, walk.heard, token, token + words, walk.context);
    if ('value' in read) continue;
    const taken: Taken = { slot, value: '', why: read.why, impossible: read.impossible };
    if (take(walk, taken, 0, part, token + words, 1)) return true;
  }
  return false;
}

function take(walk: Walk, taken: Taken, textWords: number, part: number, token: number, broken: number): boolean {
  walk.taken.push(taken);
  walk.textWords += textWords;
  walk.broken -= broken;
  if (walkFrom(walk, part + 1, token)) return true;
  walk.broken += broken;
  walk.textWords -= textWords;
  walk.taken.pop();
  return false;
}

/** The message is over, the pattern is not: its next slot is what is missing. */
function endEarly(walk: Walk, part: number): boolean {
  const missing = walk.pattern.parts.slice(part).find((rest) => 'slot' in rest);
  if (!missing || !('slot' in missing)) return false;
  const what = missing.description ? `: ${missing.description}` : '';
  const name = missing.slot.replace(/([A-Z])/g, ' $1').toLowerCase();
  walk.taken.push({ slot: missing, value: '', why: `the ${name} is missing${what}`, missing: true });
  return true;
}
