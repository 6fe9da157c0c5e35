import { editDistance, fold } from '../core/similar.ts';

/** Words that say nothing about what a use case is for. */
const EMPTY = new Set(
  'a an and at by for from in into of on or our the their to use using via with case model prediction predict ml ai'.split(
    ' ',
  ),
);

/** What a title is about: folded words without their commonest endings. */
export function topicOf(text: string): Set<string> {
  return new Set(
    fold(text)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length > 1 && !EMPTY.has(word))
      .map((word) => (word.length > 4 ? word.replace(/(ings?|ers?|s|ed|ion)$/, '') : word)),
  );
}

/** Share of the shorter title's words that the other one has too, 0 to 1. */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const word of small) if (large.has(word)) shared += 1;
  return shared / small.size;
}

const ALIKE = 0.6;

/** Those that sound alike, the most alike first. */
export function alike<T extends { title: string }>(title: string, others: readonly T[]): T[] {
  const topic = topicOf(title);
  return others
    .map((other) => ({ other, share: likeness(topic, topicOf(other.title)) }))
    .filter(({ share }) => share >= ALIKE)
    .sort((a, b) => b.share - a.share)
    .map(({ other }) => other);
}

const MOST_MEANT = 3;

/** Those a slip of one digit away from a number that there is not; none when so many are that naming them helps nobody. */
export function meant(id: string, known: readonly string[]): string[] {
  const near = known.filter((other) => editDistance(id, other, 1) === 1);
  return near.length > MOST_MEANT ? [] : near;
}
