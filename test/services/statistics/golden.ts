import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { categoricalPair } from '../../../services/statistics/categories.ts';
import { numericColumn } from '../../../services/statistics/columns.ts';
import type { Pair } from '../../../services/statistics/measure.ts';
import { memoryPair } from '../../../services/statistics/memory.ts';

/** Numbers of the tools themselves; `null` is missing, the words stand for the float. */
type Encoded = number | null | 'NaN' | 'Infinity' | '-Infinity';

export interface DriftCase {
  id: string;
  description: string;
  reference?: Encoded[];
  current?: Encoded[];
  reference_counts?: Record<string, number>;
  current_counts?: Record<string, number>;
  expected: Record<string, Record<string, Encoded | number[]>>;
}

interface Golden {
  drift: DriftCase[];
  special_functions: { fn: string; args: number[]; value: number }[];
  psi_significance: Record<'n_reference' | 'n_current' | 'bins' | 'psi_critical_95' | 'psi_critical_99', number>[];
  ks_exact: { a: number[]; b: number[]; statistic: number; p_exact: number }[];
  data_quality: {
    id: string;
    baseline_set?: string[];
    values?: (string | null)[];
    total?: number;
    distinct?: number;
    expected: unknown;
  }[];
  breach_direction: { metric: string; value: number; threshold: number; breach: boolean }[];
  ndcg: { baseline: number[]; production: number[]; expected: number }[];
  thresholds: { data: number[]; std_lower_multiplier: number; offset_from: 'min'; expected_lower: number }[];
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../data/${file}`, import.meta.url), 'utf8'));

export const golden = read('golden-drift.json') as Golden;
export const scipy = read('golden-drift-scipy.json') as Pick<Golden, 'special_functions'> & {
  two_samples: { a: number[]; b: number[]; d: number; p: number; w: number }[];
};

export const decode = (value: Encoded): number | null => (value === null ? null : Number(value));

export function pairOf(sample: DriftCase): Pair {
  const { reference, current, reference_counts, current_counts } = sample;
  if (reference && current) {
    const pair = memoryPair(numericColumn(reference.map(decode)), numericColumn(current.map(decode)));
    return { kind: 'numerical', pair };
  }
  const side = (counts: Record<string, number> = {}) => ({
    rows: 0,
    nulls: 0,
    counts: new Map(Object.entries(counts)),
  });
  return { kind: 'categorical', pair: categoricalPair(side(reference_counts), side(current_counts)) };
}

/** Absolute 1e-12 or relative 1e-10; p-values below 1e-12 relative 1e-8; `near` for the square root of a cancelled sum. */
export function expectNear(found: number | undefined, wanted: number, what: string, near = 0): void {
  expect(found, what).toBeDefined();
  if (found === wanted) return;
  const tiny = /p_?value|\.sf|\.cdf/.test(what) && wanted > 0 && wanted < 1e-12;
  const tolerance = tiny ? 1e-8 * wanted : Math.max(1e-12, 1e-10 * Math.abs(wanted), near);
  expect(Math.abs((found ?? Number.NaN) - wanted), `${what}: ${found} for ${wanted}`).toBeLessThanOrEqual(tolerance);
}
