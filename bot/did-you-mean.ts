import type { Card } from '../cards/card.ts';
import { lostCard } from '../cards/governance/lost.ts';
import type { Verb } from '../cards/parts/actions.ts';
import { type ParseContext, parse, type Suggestion } from './parse.ts';
import { OUR_ID } from './parse-slots.ts';
import type { Registry } from './registry.ts';

/**
 * What was probably meant, as buttons. A suggestion that is only an example ("ack INC-142", when nobody spoke of INC-142)
 * is none: pressing it would do something to a thing that the person did not name. What only looks may show any
 * endpoint or team, but no number that was never said. `undefined` when nothing can be pressed.
 */
export function didYouMean(
  registry: Registry,
  said: string,
  /** Why the words mean nothing, and the whole answer in one line. */
  answer: { why: string; text: string },
  suggestions: readonly Suggestion[],
  context: ParseContext,
): Card | undefined {
  const spoken = said.toLowerCase();
  const offers = suggestions.flatMap(({ text, own }) => {
    const read = parse(registry, text, context);
    if (read.kind !== 'match' || read.missing.length > 0) return [];
    const { capability, input } = read;
    const values = Object.values(input).map((value) => value.toLowerCase());
    const theirs = (value: string) => spoken.includes(value) || spoken.includes(value.replace(/^[a-z]+-/, ''));
    const looks = capability.effect === 'read';
    if (!own && !values.every((value) => theirs(value) || (looks && !OUR_ID.test(value)))) return [];
    return [{ say: text, verb: capability.id as Verb, ids: input }];
  });
  return offers.length > 0 ? lostCard({ ...answer, offers }) : undefined;
}
