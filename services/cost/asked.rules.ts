import type { Dimension } from './facets.rules.ts';

/** What people call the things by which costs are split. */
const DIMENSION_WORDS: Readonly<Record<string, Dimension>> = {
  part: 'part',
  type: 'part',
  kind: 'part',
  category: 'part',
  purpose: 'part',
  department: 'department',
  dept: 'department',
  'cost centre': 'department',
  'cost center': 'department',
  team: 'team',
  endpoint: 'endpoint',
  model: 'model',
  workspace: 'workspace',
  project: 'project',
  meter: 'meter',
  service: 'meter',
  sku: 'meter',
  resource: 'resource',
  machine: 'resource',
  instance: 'resource',
};
const singular = (word: string): string => word.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');
const ANY = Object.keys(DIMENSION_WORDS)
  .map((word) => (word.endsWith('y') ? `${word.slice(0, -1)}(?:y|ies)` : `${word}s?`))
  .join('|');

const SPLIT = new RegExp(
  `(?:^|\\s)(?:(?:split|grouped|broken down|ranked)\\s+)?(?:by|per|for each|for every|across)\\s+(?:the\\s+)?(${ANY})(?=\\s|$)`,
  'i',
);
/** A split by time is the course that is drawn: over months it wants months. */
const COURSE =
  /(?:^|\s)(?:by|per|each|every)\s+(day|week|month|quarter)(?=\s|$)|(?:^|\s)(daily|weekly|monthly)(?=\s|$)/i;
const COURSE_TIME: Readonly<Record<string, string>> = {
  day: 'last 30 days',
  daily: 'last 30 days',
  week: 'last 12 weeks',
  weekly: 'last 12 weeks',
  month: 'last 12 months',
  monthly: 'last 12 months',
  quarter: 'last 24 months',
};
/** Words around what is meant that say nothing of it. */
const BEFORE =
  /^(?:(?:of|for|on|by|the|our|my|us|all|everything|total|overall|azure|cost|costs|spend|spending|bill|trend|development)(?:\s+|$))+/i;
const AFTER =
  /(?:(?:^|\s+)(?:cost|costs|spend|spending|bill|trend|overall|in total|so far|please|did|was|were|is|are))+$/i;
const KIND = new RegExp(`^(?:(${ANY})\\s+(\\S.*)|(\\S.*?)\\s+(${ANY}))$`, 'i');

/** "endpoints", "the departments": a split and nothing else. */
export const dimensionOf = (words: string): Dimension | undefined => DIMENSION_WORDS[singular(words)];

export interface Asked {
  /** What is left: a thing and a time, in the words of who asks. */
  text: string;
  by?: Dimension;
  /** The thing was said with its kind: "the fraud team", "model churn". */
  kind?: { dimension: Dimension; text: string };
  /** The time that is meant when none is said. */
  timeless?: string;
}

/**
 * What of a question is neither thing nor time: "by team" anywhere in it, "per month", and words around. Costs are asked
 * for in many wordings ("our costs per team in Q3"); what is left is looked up as it stands.
 */
export function readAsked(words: string): Asked {
  let text = words
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[?!.]+$/, '');
  const split = SPLIT.exec(text);
  if (split) text = text.replace(split[0], ' ');
  const course = COURSE.exec(text);
  if (course) text = text.replace(course[0], ' ');
  text = text.trim().replace(/\s+/g, ' ').replace(BEFORE, '').replace(AFTER, '').trim();
  const by = split && DIMENSION_WORDS[singular(split[1] ?? '')];
  const timeless = course && COURSE_TIME[(course[1] ?? course[2] ?? '').toLowerCase()];
  const named = KIND.exec(text);
  const kindWord = named?.[1] ?? named?.[4];
  const dimension = kindWord && DIMENSION_WORDS[singular(kindWord)];
  return {
    text,
    ...(by ? { by } : {}),
    ...(timeless ? { timeless } : {}),
    ...(dimension ? { kind: { dimension, text: (named?.[2] ?? named?.[3] ?? '').trim() } } : {}),
  };
}
