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
      gaps: levels.filter((each) => each.level < wished).sort((a, b) => a.level - b.level),
    };
  });
}
