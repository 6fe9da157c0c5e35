import { describe, expect, it } from 'vitest';
import { binsOf, psi } from '../../../services/statistics/distances.ts';
import { measureFeature } from '../../../services/statistics/drift.ts';
import { azureEdges, DECILES, distinctCuts } from '../../../services/statistics/histogram.ts';
import type { Measure, Metric, Profile } from '../../../services/statistics/measure.ts';
import { psiNullQuantile, psiP } from '../../../services/statistics/null-limits.ts';
import { expectNear, golden, pairOf } from './golden.ts';

type Field = 'value' | 'p' | 'statistic';
/** Where each number of a tool is found in ours. */
const NAMES: Readonly<Record<string, Readonly<Record<string, readonly [Metric, Field]>>>> = {
  azureml: {
    jensen_shannon_distance_base2: ['jensen_shannon', 'value'],
    psi_laplace: ['psi', 'value'],
    chi2_pvalue: ['chi2', 'value'],
    chi2_statistic: ['chi2', 'statistic'],
    normalized_wasserstein: ['wasserstein_normalised', 'value'],
    ks_pvalue: ['ks', 'value'],
    ks_statistic: ['ks', 'statistic'],
  },
  evidently: {
    psi: ['psi', 'value'],
    kl_div: ['kl_divergence', 'value'],
    jensenshannon_base_e: ['jensen_shannon', 'value'],
    wasserstein_normed: ['wasserstein_normalised', 'value'],
    ks_pvalue: ['ks', 'value'],
    hellinger: ['hellinger', 'value'],
    chi2_pvalue: ['chi2', 'value'],
    tvd_statistic: ['total_variation', 'value'],
    z_pvalue: ['z', 'value'],
  },
  nannyml: {
    jensen_shannon_base2: ['jensen_shannon', 'value'],
    hellinger: ['hellinger', 'value'],
    wasserstein: ['wasserstein', 'value'],
    ks_statistic: ['ks', 'value'],
    l_infinity: ['l_infinity', 'value'],
    chi2_contingency_statistic: ['chi2', 'value'],
    chi2_contingency_pvalue: ['chi2', 'p'],
  },
};

const compared = golden.drift.flatMap((sample) =>
  Object.entries(NAMES).flatMap(([profile, names]) =>
    sample.expected[profile]
      ? [{ id: sample.id, description: sample.description, sample, profile: profile as Profile, names }]
      : [],
  ),
);

describe.each(compared)('$profile on $id ($description)', ({ sample, profile, names }) => {
  it('says what the tool says', async () => {
    const { measures } = await measureFeature(profile, 'f', pairOf(sample));
    const found = new Map(measures.map((measure): [string, Measure] => [measure.metric, measure]));
    const wanted = Object.entries(sample.expected[profile] ?? {}).filter(([name]) => names[name]);
    expect(wanted.length).toBeGreaterThan(1);
    for (const [name, value] of wanted) {
      const [metric, field] = names[name] as readonly [Metric, Field];
      const near = /hellinger|jensen/.test(name) && (Number(value) < 1e-7 || profile === 'evidently') ? 1e-7 : 0;
      expectNear(
        found.get(metric)?.[field],
        Number(value),
        `${profile} ${name}`,
        name === 'jensenshannon_base_e' ? 0 : near,
      );
    }
  });
});

const numeric = golden.drift.filter(({ expected }) => expected['decile_psi'] && expected['azureml']);

describe.each(numeric)('bins on $id ($description)', (sample) => {
  const found = pairOf(sample);
  if (found.kind !== 'numerical') throw new Error('a numeric case');
  const { pair } = found;

  it('are those of Azure, with what they lose', async () => {
    const wanted = sample.expected['azureml'] as unknown as Record<string, number[]>;
    const edges = azureEdges(pair.reference, pair.current);
    edges.forEach((edge, i) => {
      expectNear(edge, wanted['bin_edges']?.[i] ?? Number.NaN, 'edge');
    });
    expect(await pair.counts(edges, 'right-open')).toEqual({
      reference: wanted['hist_reference'],
      current: wanted['hist_current'],
    });
  });

  it('are the deciles of the reference', async () => {
    const wanted = sample.expected['decile_psi'] as unknown as Record<string, number[]> & Record<string, number>;
    const cuts = distinctCuts(await pair.quantiles(DECILES));
    expect(cuts.length).toBe(wanted['cut_points']?.length);
    cuts.forEach((cut, i) => {
      expectNear(cut, wanted['cut_points']?.[i] ?? Number.NaN, 'cut');
    });
    const counts = await pair.counts(cuts, 'cuts');
    expect(counts).toEqual({ reference: wanted['hist_reference'], current: wanted['hist_current'] });
    const [n, m, bins] = [pair.reference.n, pair.current.n, cuts.length + 1];
    const half = psi(binsOf(counts.reference, counts.current, 0.5));
    expectNear(half, wanted['psi_add_half'] as number, 'psi_add_half');
    expectNear(psiNullQuantile(n, m, bins), wanted['psi_critical_95_yurdakul'] as number, 'psi_critical_95');
    const { measures } = await measureFeature('native', 'f', found);
    expect(measures.find(({ metric }) => metric === 'psi')).toMatchObject({ value: half, bins });
    // The file's p-value belongs to its other variant, with shares of at least 1e-4.
    expectNear(psiP(wanted['psi'] as number, n, m, bins), wanted['psi_pvalue_chi2_approx'] as number, 'p_value');
  });
});

describe('what chance does to the population stability index', () => {
  it.each(golden.psi_significance)('$n_reference and $n_current rows, $bins bins', (sample) => {
    const { n_reference: n, n_current: m, bins } = sample;
    expectNear(psiNullQuantile(n, m, bins), sample.psi_critical_95, '95 %');
    expectNear(psiNullQuantile(n, m, bins, 0.99), sample.psi_critical_99, '99 %');
  });
});
