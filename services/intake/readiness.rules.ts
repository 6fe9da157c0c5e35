import { fold, nearest } from '../core/similar.ts';

/**
 * How ready a department is, by a maturity scale of five levels (after CMMI: initial, repeatable, defined, managed,
 * optimising). A dimension is its weakest question rounded nowhere: the mean of its questions, with the lowest named as gap.
 */
export const LEVELS = ['initial', 'repeatable', 'defined', 'managed', 'optimising'] as const;

export interface ReadinessQuestion {
  id: string;
  dimension: Dimension;
  label: string;
}
export const DIMENSIONS = ['data infrastructure', 'skills', 'governance'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const READINESS_QUESTIONS: readonly ReadinessQuestion[] = [
  { id: 'access', dimension: 'data infrastructure', label: 'Data can be found and read without asking around' },
  { id: 'pipelines', dimension: 'data infrastructure', label: 'Pipelines run by themselves and are watched' },
  { id: 'serving', dimension: 'data infrastructure', label: 'There is a way from a model to where people work' },
  { id: 'literacy', dimension: 'skills', label: 'People can read and question a prediction' },
  { id: 'science', dimension: 'skills', label: 'Somebody can build and judge a model' },
  { id: 'operations', dimension: 'skills', label: 'Somebody can run it in production' },
  { id: 'owners', dimension: 'governance', label: 'Data and models have owners who act' },
  { id: 'rules', dimension: 'governance', label: 'Rules for privacy, risk and fairness are known and followed' },
  { id: 'records', dimension: 'governance', label: 'Decisions are recorded and can be audited' },
];

export interface DimensionReading {
  dimension: Dimension;
  /** 1 to 5 */
  level: number;
  word: string;
  /** Each question with its level. */
  statements: readonly { id: string; level: number }[];
  /** Questions under the wished level, the lowest first. */
  gaps: readonly { id: string; label: string; level: number }[];
}

/** Levels of an assessment; `wished` is the level at which a question is no gap any more. */
export function readinessOf(answers: Readonly<Record<string, number>>, wished = 3): DimensionReading[] {
  return DIMENSIONS.map((dimension) => {
    const asked = READINESS_QUESTIONS.filter((each) => each.dimension === dimension);
    const levels = asked.map(({ id, label }) => ({ id, label, level: answers[id] ?? 1 }));
    const level = levels.reduce((sum, each) => sum + each.level, 0) / levels.length;
    return {
      dimension,
      level,
      word: LEVELS[Math.max(0, Math.floor(level) - 1)] ?? 'initial',
      statements: levels.map((each) => ({ id: each.id, level: each.level })),
      gaps: levels.filter((each) => each.level < wished).sort((a, b) => a.level - b.level),
    };
  });
}

/** The gap that somebody's words mean: the short name of a statement, or its own words. Undefined for none. */
export function statementOf(words: string): ReadinessQuestion | undefined {
  const said = fold(words);
  const found = READINESS_QUESTIONS.find(({ id, label }) => id === said || fold(label) === said);
  if (found) return found;
  const near = nearest(
    said,
    READINESS_QUESTIONS.map(({ id }) => id),
  );
  return READINESS_QUESTIONS.find(({ id }) => id === near);
}
