import { goodnessOfFit } from './chi-square.ts';
import type { NumericPair } from './columns.ts';
import { binCount, binsOf, binsOfJoint, jensenShannon, psi } from './distances.ts';
import { azureEdges } from './histogram.ts';
import { ksOf } from './ks.ts';
import { type CategoricalPair, type Measure, measured } from './measure.ts';

/*
 * Azure Machine Learning model monitoring v2 (azureml-assets `assets/model_monitoring/components/src/data_drift_compute_metrics`).
 * Limits: azure-ai-ml `entities/_monitoring/thresholds.py` for what `defaults()` sets, else the signal's 0.5
 * (`data_drift_signal_monitor/spec.yaml`). A p-value breaks its limit below it, everything else above; equality never.
 */

const COMPONENT_LIMIT = 0.5;
const SDK_LIMIT = 0.1;
/** The component raises when either side has as many rows. */
export const KS_ROWS_MAX = 10_000;

export function azuremlNumeric(pair: NumericPair): Promise<Measure[]> {
  const usable = () => {
    const { reference, current } = pair;
    if (reference.infinite + current.infinite > 0) throw new RangeError('Spark cannot bin infinite values');
    if (reference.n === 0 || current.n === 0) throw new RangeError('a side has no values');
  };
  const counted = async () => {
    usable();
    return pair.counts(azureEdges(pair.reference, pair.current), 'right-open');
  };
  return Promise.all([
    measured('psi', async () => {
      const { reference, current } = await counted();
      const bins = reference.length;
      // The denominators are the rows, also where a bin lost some of them.
      const shares = reference.map((count, i) => ({
        p: (count + 1) / (pair.reference.n + bins),
        q: ((current[i] as number) + 1) / (pair.current.n + bins),
        times: 1,
      }));
      return { value: psi(shares), bins, limit: above(COMPONENT_LIMIT) };
    }),
    measured('jensen_shannon', async () => {
      const { reference, current } = await counted();
      return {
        value: jensenShannon(binsOf(reference, current)),
        bins: reference.length,
        limit: above(COMPONENT_LIMIT),
      };
    }),
    measured('wasserstein_normalised', async () => {
      usable();
      const { n, deviation } = pair.reference;
      if (n < 2) throw new RangeError('the standard deviation needs two values');
      const sample = deviation * Math.sqrt(n / (n - 1));
      return { value: (await pair.distances()).wasserstein / Math.max(sample, 0.001), limit: above(SDK_LIMIT) };
    }),
    measured('ks', async () => {
      usable();
      if (pair.reference.n >= KS_ROWS_MAX || pair.current.n >= KS_ROWS_MAX)
        throw new RangeError(`Azure ML refuses this test from ${KS_ROWS_MAX} rows on`);
      const { statistic, p } = ksOf((await pair.distances()).ks, pair.reference.n, pair.current.n);
      return { value: p, p, statistic, limit: below(COMPONENT_LIMIT) };
    }),
  ]);
}

export function azuremlCategorical({ categories, reference, current }: CategoricalPair): Promise<Measure[]> {
  const bins = binCount(categories);
  const usable = () => {
    if (reference.n === 0 || current.n === 0) throw new RangeError('a side has no values');
  };
  return Promise.all([
    measured('psi', () => {
      usable();
      return { value: psi(binsOfJoint(categories, 1)), bins, limit: above(COMPONENT_LIMIT) };
    }),
    measured('jensen_shannon', () => {
      usable();
      return { value: jensenShannon(binsOfJoint(categories)), bins, limit: above(SDK_LIMIT) };
    }),
    measured('chi2', () => {
      usable();
      const { statistic, p } = goodnessOfFit(categories);
      return { value: p, p, statistic, bins, limit: below(COMPONENT_LIMIT) };
    }),
  ]);
}

const above = (value: number) => ({ value, breaks: 'above' }) as const;
const below = (value: number) => ({ value, breaks: 'below' }) as const;
