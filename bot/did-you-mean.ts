import type { Card } from '../cards/card.ts';
import { lostCard } from '../cards/governance/lost.ts';
import type { Verb } from '../cards/parts/actions.ts';
import { type ParseContext, parse, type Suggestion } from './parse.ts';
import type { Registry } from './registry.ts';

const OUR_ID = /\b[A-Z]{3}-\d+\b/gi;

/**
 * What was probably meant, as buttons. A suggestion that is only an example ("ack INC-142", when nobody spoke of INC-142)
 * is none: pressing it would do something to a thing that the person did not name. `undefined` when nothing can be pressed.
 */
export function didYouMean(
  registry: Registry,
  said: string,
  answer: string,
  suggestions: readonly Suggestion[],
  context: ParseContext,
): Card | undefined {
  const named = new Set(idsIn(said));
  const offers = suggestions.flatMap(({ text }) => {
    const read = parse(registry, text, context);
    if (read.kind !== 'match' || read.missing.length > 0) return [];
    if (!idsIn(text).every((id) => named.has(id))) return [];
    return [{ say: text, verb: read.capability.id as Verb, ids: read.input }];
  });
  return offers.length > 0 ? lostCard({ text: answer, offers }) : undefined;
}

const idsIn = (text: string): string[] => (text.match(OUR_ID) ?? []).map((id) => id.toUpperCase());
