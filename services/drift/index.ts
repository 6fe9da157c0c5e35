export { type Compared, type Comparison, compareFiles, FILE_RULE, worst } from './compare.ts';
export type { DuckOptions } from './duck.ts';
