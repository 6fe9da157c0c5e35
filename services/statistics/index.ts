export { type AlarmRule, judge, type Memory, NATIVE_RULE, NO_MEMORY, type Verdict } from './alarm.rules.ts';
export { ndcg } from './attribution.ts';
export { type CategoryCounts, categoricalPair, categoryCounts } from './categories.ts';
export type { Census, Closing, Counts, Joint, Moments, NumericColumn, NumericPair } from './columns.ts';
export { numericColumn } from './columns.ts';
export { wholeNumbersAreCategory } from './data-quality.ts';
export { type DeLong, deLong, type ScoredRow } from './delong.ts';
export { type DriftRow, driftRows, type Feature, measureFeature, type NativeOptions, sizesOf } from './drift.ts';
export { compareRates, newcombe, nonInferior, type Rate, type RateTest, wilson } from './experiment.ts';
export { type Ratio, ratioOfSteps } from './guardrails.ts';
export { type Interval, type Sample, sampleOf } from './intervals.ts';
export { compareMeans, type MeanTest, relativeUplift } from './means.ts';
export { type CategoricalPair, type Pair, PROFILES, type Profile, STATES, type State } from './measure.ts';
export { memoryPair } from './memory.ts';
export { psiNullQuantile, psiP } from './null-limits.ts';
export {
  BOOTSTRAP_LEAST,
  type McNemar,
  mcNemar,
  mcNemarOf,
  meanOver,
  pairedBootstrap,
} from './paired.ts';
export { daysFor, detectableEffect, detectableRate, sampleForMeans, sampleForRates } from './power.ts';
export { quantileOfSorted, sampleQuantile } from './quantile.ts';
export {
  alwaysValid,
  intersection,
  logMixtureRatio,
  rateSequence,
  type Sequence,
  sequenceHalfWidth,
  sequenceOf,
  TUNING,
  upliftSequence,
} from './sequential.ts';
export { sortDoubles } from './sort.ts';
export { type SplitCheck, SRM_STOP, sampleRatio } from './split.ts';
export { runningSum } from './sums.ts';
