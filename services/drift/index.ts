export type { DuckOptions } from '../store/duck.ts';
export { gatherCollected } from './collected.ts';
export { type Compared, type CompareOptions, type Comparison, compareFiles, FILE_RULE, worst } from './compare.ts';
export { type Joined, joinLabels, type ScoreBin } from './labels.ts';
