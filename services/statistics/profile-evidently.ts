import { goodnessOfFit } from './chi-square.ts';
import type { Joint, NumericPair } from './columns.ts';
import {
  type Bin,
  binCount,
  binsOf,
  hellingerByAffinity,
  jensenShannon,
  klDivergence,
  psi,
  totalVariation,
} from './distances.ts';
import { sturgesEdges } from './histogram.ts';
import { ksOf } from './ks.ts';
import { type CategoricalPair, type Measure, measured } from './measure.ts';
import { normalCdf } from './normal.ts';

/*
 * Evidently (`src/evidently/legacy/calculations/stattests/`). Infinite values become missing, missing ones are dropped per
 * column. Up to 20 distinct reference values are compared one by one, also when they are fractions; more in Sturges' bins
 * over both sides joined.
 */

const DISTINCT_MAX = 20;
const FILL = 0.0001;

export function evidentlyNumeric(pair: NumericPair): Promise<Measure[]> {
  const { reference, current } = pair;
  const usable = () => {
    if (reference.n === 0 || current.n === 0) throw new RangeError('a side has no values');
  };
  const range = { min: Math.min(reference.min, current.min), max: Math.max(reference.max, current.max) };
  let kept: Promise<Bin[]> | undefined;
  const bins = async (): Promise<Bin[]> => {
    usable();
    if (reference.distinct <= DISTINCT_MAX) return sharesOf(await pair.joint());
    const counts = await pair.counts(sturgesEdges({ ...range, n: reference.n + current.n }), 'right-open');
    return binsOf(counts.reference, counts.current);
  };
  const shares = () => {
    kept ??= bins();
    return kept;
  };
  return Promise.all([
    ...binned(shares),
    measured('wasserstein_normalised', async () => {
      usable();
      return { value: (await pair.distances()).wasserstein / Math.max(reference.deviation, 0.001), limit: from(0.1) };
    }),
    measured('ks', async () => {
      usable();
      const { statistic, p } = ksOf((await pair.distances()).ks, reference.n, current.n);
      return { value: p, p, statistic, limit: { value: 0.05, breaks: 'upTo' } };
    }),
    measured('hellinger', async () => {
      usable();
      // The edges come from the distinct values, each taken once.
      const counts = await pair.counts(sturgesEdges({ ...range, n: await pair.distinctUnion() }), 'right-open');
      const found = binsOf(counts.reference, counts.current);
      return { value: hellingerByAffinity(found), bins: found.length, limit: from(0.1) };
    }),
  ]);
}

export function evidentlyCategorical(pair: CategoricalPair): Promise<Measure[]> {
  const { reference, current, categories } = pair;
  const usable = () => {
    if (reference.n === 0 || current.n === 0) throw new RangeError('a side has no values');
  };
  const shares = async () => {
    usable();
    return sharesOf(categories);
  };
  const bins = binCount(categories);
  const all = [
    ...binned(shares),
    measured('hellinger', async () => ({ value: hellingerByAffinity(await shares()), bins, limit: from(0.1) })),
    // Evidently judges the p-value of 1000 permutations, whose random numbers are its own: there is no limit for the distance.
    measured('total_variation', async () => ({ value: totalVariation(await shares()), bins })),
    measured('chi2', () => {
      usable();
      const { statistic, p } = goodnessOfFit(categories);
      return { value: p, p, statistic, bins, limit: { value: 0.05, breaks: 'below' } };
    }),
  ];
  if (bins <= 2)
    all.push(
      measured('z', async () => {
        usable();
        return zTest(pair);
      }),
    );
  return Promise.all(all);
}

/** The three that share bins: PSI and KL with empty ones filled, Jensen-Shannon in base e without. */
function binned(shares: () => Promise<Bin[]>): Promise<Measure>[] {
  return [
    measured('psi', async () => {
      const bins = fill(await shares());
      return { value: psi(bins), bins: binCount(bins), limit: from(0.1) };
    }),
    measured('kl_divergence', async () => {
      const bins = fill(await shares());
      return { value: klDivergence(bins), bins: binCount(bins), limit: from(0.1) };
    }),
    measured('jensen_shannon', async () => {
      const bins = await shares();
      return { value: jensenShannon(bins, 'e'), bins: binCount(bins), limit: from(0.1) };
    }),
  ];
}

/** Two-sided, pooled, of the share that is not the first sorted key; 2(1 − Φ) and not the tail, as it is computed there. */
function zTest({ reference, current, categories }: CategoricalPair): Omit<Measure, 'metric'> {
  const [first] = categories;
  const limit = { value: 0.05, breaks: 'below' } as const;
  if (!first || binCount(categories) < 2) return { value: 1, p: 1, statistic: 0, bins: 1, limit };
  const [n, m] = [reference.n, current.n];
  const [p1, p2] = [1 - first.reference / n, 1 - first.current / m];
  const pooled = (n - first.reference + (m - first.current)) / (n + m);
  const z = (p1 - p2) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const p = 2 * (1 - normalCdf(Math.abs(z)));
  return { value: p, p, statistic: z, bins: 2, limit };
}

function sharesOf(joint: readonly Joint[]): Bin[] {
  const n = joint.reduce((sum, { reference, times }) => sum + reference * times, 0);
  const m = joint.reduce((sum, { current, times }) => sum + current * times, 0);
  return joint.map(({ reference, current, times }) => ({ p: reference / n, q: current / m, times }));
}

/** Empty shares become 0.0001, or a millionth of the smallest share when that is as small; nothing is normalised again. */
function fill(bins: readonly Bin[]): Bin[] {
  const smallest = (side: 'p' | 'q') =>
    bins.reduce((least, bin) => (bin[side] > 0 ? Math.min(least, bin[side]) : least), 1);
  const filler = (least: number) => (least <= FILL ? least / 1e6 : FILL);
  const [p, q] = [filler(smallest('p')), filler(smallest('q'))];
  return bins.map((bin) => ({ ...bin, p: bin.p === 0 ? p : bin.p, q: bin.q === 0 ? q : bin.q }));
}

const from = (value: number) => ({ value, breaks: 'from' }) as const;
