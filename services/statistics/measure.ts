import type { Joint, NumericPair } from './columns.ts';

export const PROFILES = ['azureml', 'evidently', 'nannyml', 'native'] as const;
export type Profile = (typeof PROFILES)[number];

export const STATES = ['ok', 'watch', 'alarm', 'unknown'] as const;
/** `unknown` is a state of its own: nothing can be said, which is neither well nor ill. */
export type State = (typeof STATES)[number];

/** One number by one profile's rule. Never NaN: what cannot be computed has no value and says why. */
export interface Measure {
  metric: Metric;
  /** As the profile's own tool shows it: a p-value where the tool shows the p-value. */
  value: number | undefined;
  /** Why there is no value. */
  why?: string;
  /** The test's statistic where `value` is its p-value. */
  statistic?: number;
  p?: number;
  bins?: number;
  /** The profile's limit, and whether it is broken by that tool's rule. */
  limit?: Limit;
}

export type Metric =
  | 'psi'
  | 'kl_divergence'
  | 'jensen_shannon'
  | 'wasserstein'
  | 'wasserstein_normalised'
  | 'ks'
  | 'chi2'
  | 'z'
  | 'hellinger'
  | 'l_infinity'
  | 'total_variation'
  | 'null_rate'
  | 'out_of_bounds_rate'
  | 'type_error_rate';

export interface Limit {
  value: number;
  /** What breaks it: a value above, from, below or up to the limit. */
  breaks: 'above' | 'from' | 'below' | 'upTo';
  /** What is held against it, where it is not `value`. */
  of?: 'p';
}

export function breaks({ value: limit, breaks: how }: Limit, value: number): boolean {
  if (how === 'above') return value > limit;
  if (how === 'from') return value >= limit;
  return how === 'below' ? value < limit : value <= limit;
}

/** The state by a tool's own rule; `native` has a rule of its own (alarm.rules.ts). */
export function stateOf({ value, p, limit }: Measure): State {
  const held = limit?.of === 'p' ? p : value;
  if (value === undefined || held === undefined || limit === undefined) return 'unknown';
  return breaks(limit, held) ? 'alarm' : 'ok';
}

/** Two columns of categories: how often each stood on either side, sorted by code point. */
export interface CategoricalPair {
  reference: { rows: number; nulls: number; n: number };
  current: { rows: number; nulls: number; n: number };
  categories: readonly (Joint & { key: string })[];
}

export type Pair = { kind: 'numerical'; pair: NumericPair } | { kind: 'categorical'; pair: CategoricalPair };

/** Runs a computation that refuses impossible input with a `RangeError`: the refusal becomes the reason. */
export async function measured(
  metric: Metric,
  work: () => Promise<Omit<Measure, 'metric'>> | Omit<Measure, 'metric'>,
): Promise<Measure> {
  try {
    const found = await work();
    if (found.value === undefined || Number.isFinite(found.value)) return { metric, ...found };
    return { metric, ...found, value: undefined, why: 'not a finite number' };
  } catch (error) {
    if (error instanceof RangeError) return { metric, value: undefined, why: error.message };
    throw error;
  }
}
