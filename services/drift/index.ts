export type { DuckOptions } from '../store/duck.ts';
export { type Compared, type Comparison, compareFiles, FILE_RULE, worst } from './compare.ts';
