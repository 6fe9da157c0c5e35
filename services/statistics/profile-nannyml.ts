import { contingency } from './chi-square.ts';
import type { Joint, NumericPair } from './columns.ts';
import { type Bin, binCount, binsOfJoint, hellinger, jensenShannon, lInfinity } from './distances.ts';
import { doaneEdges } from './histogram.ts';
import { ksOf } from './ks.ts';
import { type CategoricalPair, type Measure, measured } from './measure.ts';

/*
 * NannyML (`nannyml/drift/univariate/methods.py`), the reference and one chunk. Bins come from the reference only; what falls
 * outside them, and categories it never had, go to one extra bin. Limits are the constants that hold where there are no
 * reference chunks to take mean + 3 standard deviations of (thresholds.ts).
 */

/** Both tests show the statistic and alarm by its p-value. */
const P_LIMIT = { value: 0.05, breaks: 'below', of: 'p' } as const;

/** A numeric column with at most 50 distinct values that are at most a tenth of its rows is compared value by value. */
const isContinuous = ({ distinct, n }: { distinct: number; n: number }): boolean => distinct > 50 || distinct / n > 0.1;

export function nannymlNumeric(pair: NumericPair): Promise<Measure[]> {
  const { reference, current } = pair;
  const usable = () => {
    if (reference.infinite + current.infinite > 0) throw new RangeError('NumPy cannot bin infinite values');
    if (reference.n === 0 || current.n === 0) throw new RangeError('a side has no values');
  };
  let kept: Promise<Bin[]> | undefined;
  const bins = async (): Promise<Bin[]> => {
    usable();
    if (!isContinuous(reference)) return withUnseen(await pair.joint(), reference.n, current.n);
    const counts = await pair.counts(doaneEdges(reference), 'right-open');
    const joint = counts.reference.map((count, i) => ({
      reference: count,
      current: counts.current[i] as number,
      times: 1,
    }));
    return withLeftover(joint, reference.n, current.n);
  };
  const shares = () => {
    kept ??= bins();
    return kept;
  };
  return Promise.all([
    ...binned(shares),
    measured('wasserstein', async () => {
      usable();
      return { value: (await pair.distances()).wasserstein, limit: { value: 1, breaks: 'above' } };
    }),
    measured('ks', async () => {
      usable();
      const { statistic, p } = ksOf((await pair.distances()).ks, reference.n, current.n);
      return { value: statistic, p, statistic, limit: P_LIMIT };
    }),
  ]);
}

export function nannymlCategorical({ reference, current, categories }: CategoricalPair): Promise<Measure[]> {
  const usable = () => {
    if (reference.n === 0 || current.n === 0) throw new RangeError('a side has no values');
  };
  const shares = async () => {
    usable();
    return withUnseen(categories, reference.n, current.n);
  };
  return Promise.all([
    ...binned(shares),
    measured('l_infinity', () => {
      usable();
      const bins = binsOfJoint(categories);
      return { value: lInfinity(bins), bins: binCount(bins), limit: { value: 0.1, breaks: 'above' } };
    }),
    measured('chi2', () => {
      usable();
      const { statistic, p } = contingency(categories);
      return { value: statistic, p, statistic, bins: binCount(categories), limit: P_LIMIT };
    }),
  ]);
}

const binned = (shares: () => Promise<Bin[]>): Promise<Measure>[] =>
  (['jensen_shannon', 'hellinger'] as const).map((metric) =>
    measured(metric, async () => {
      const bins = await shares();
      const value = metric === 'hellinger' ? hellinger(bins) : jensenShannon(bins);
      return { value, bins: binCount(bins), limit: { value: 0.1, breaks: 'above' } };
    }),
  );

const withUnseen = (joint: readonly Joint[], n: number, m: number): Bin[] =>
  withLeftover(
    joint.filter(({ reference }) => reference > 0),
    n,
    m,
  );

/** Counted, not taken as 1 − Σ shares: that leaves 1e-16 behind where nothing is left over. */
function withLeftover(joint: readonly Joint[], n: number, m: number): Bin[] {
  const bins = joint.map(({ reference, current, times }) => ({ p: reference / n, q: current / m, times }));
  const inside = joint.reduce((sum, { current, times }) => sum + current * times, 0);
  return inside < m ? [...bins, { p: 0, q: (m - inside) / m, times: 1 }] : bins;
}
