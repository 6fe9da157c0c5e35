import { contingency } from './chi-square.ts';
import type { Joint, NumericPair } from './columns.ts';
import { binCount, binsOf, jensenShannon, psi } from './distances.ts';
import { DECILES, distinctCuts } from './histogram.ts';
import { ksOf } from './ks.ts';
import { type CategoricalPair, type Measure, type Metric, measured } from './measure.ts';
import { outsideNull, psiNullQuantile, psiP, type RateNull, riseNull, unseenNull } from './null-limits.ts';

/*
 * Our own rule (statistics.md, section 3): few bins of about equal size, taken from the reference with open ends, half an
 * observation added to each, and a limit that knows how far data moves by chance at these sizes.
 */

/** A number that the alarm rule judges (alarm.rules.ts): over the limit is over both of these. */
export interface Judged extends Measure {
  /** Nineteen times of twenty data that has not moved stays below. */
  null95?: number;
  /** How many stand behind it on both sides, where that is not the feature's finite values: rates of rows. */
  sizes?: { n_ref: number; n_cur: number };
  /** What matters at all, in the unit of `value`. */
  floor?: number;
  /** The bins themselves, to explain. */
  table?: readonly { bin: string; reference: number; current: number }[];
}

/** A change smaller than this is of no interest, however certain. */
export const PSI_FLOOR = 0.1;
export const RATE_FLOOR = 0.01;
/** Added to every bin: no bin is empty, and half an observation is what the index forgives best. */
const HALF = 0.5;
/** More categories than this are too thin: the commonest of the reference stand alone, the others together. */
export const CATEGORIES_MAX = 50;
const OTHERS = '(others)';

export async function nativeNumeric(pair: NumericPair, floor = PSI_FLOOR): Promise<Judged[]> {
  const { reference, current } = pair;
  const sides = { n: reference.n, m: current.n };
  const usable = () => {
    if (sides.n === 0 || sides.m === 0)
      throw new RangeError(`no finite values ${sides.n === 0 ? 'in the reference' : 'now'}`);
  };
  const binned = async () => {
    usable();
    const cuts = distinctCuts(await pair.quantiles(DECILES));
    if (!cuts.every(Number.isFinite)) throw new RangeError('the values are too far apart for a double');
    return { cuts, counts: await pair.counts(cuts, 'cuts') };
  };
  let kept: ReturnType<typeof binned> | undefined;
  const bins = () => {
    kept ??= binned();
    return kept;
  };
  return Promise.all([
    measured('psi', async () => {
      const { cuts, counts } = await bins();
      const rows = counts.reference.map((count, i) => ({
        bin: binName(cuts, i),
        reference: count,
        current: counts.current[i] as number,
      }));
      return judgedPsi(rows, sides, floor);
    }),
    measured('jensen_shannon', async () => {
      const { counts } = await bins();
      return { value: jensenShannon(binsOf(counts.reference, counts.current)), bins: counts.reference.length };
    }),
    measured('wasserstein', async () => {
      usable();
      return { value: (await pair.distances()).wasserstein };
    }),
    measured('ks', async () => {
      usable();
      const { statistic, p } = ksOf((await pair.distances()).ks, sides.n, sides.m);
      return { value: statistic, p };
    }),
    measured('out_of_bounds_rate', async () => {
      usable();
      const within = current.min >= reference.min && current.max <= reference.max;
      const inside = within ? undefined : await pair.counts([reference.min, reference.max], 'right-open');
      const outside = inside ? sides.m - (inside.current[0] ?? 0) : 0;
      return judgedRate(0, outside, sides.m, outsideNull(sides.n, outside, sides.m));
    }),
    nullRate(reference, current),
    typeErrors(reference, current),
  ]);
}

export function nativeCategorical(pair: CategoricalPair, floor = PSI_FLOOR): Promise<Judged[]> {
  const { reference, current } = pair;
  const sides = { n: reference.n, m: current.n };
  const usable = () => {
    if (sides.n === 0 || sides.m === 0) throw new RangeError(`no values ${sides.n === 0 ? 'in the reference' : 'now'}`);
  };
  const rows = () => {
    usable();
    return grouped(pair.categories);
  };
  return Promise.all([
    measured('psi', () =>
      judgedPsi(
        rows().map(({ key, reference: before, current: now }) => ({ bin: key, reference: before, current: now })),
        sides,
        floor,
      ),
    ),
    measured('jensen_shannon', () => {
      const found = rows();
      return {
        value: jensenShannon(
          binsOf(
            found.map((each) => each.reference),
            found.map((each) => each.current),
          ),
        ),
        bins: found.length,
      };
    }),
    measured('chi2', () => {
      const found = contingency(rows());
      return { value: found.statistic, p: found.p, bins: found.df + 1 };
    }),
    measured('out_of_bounds_rate', () => {
      usable();
      const unseen = sum(
        pair.categories.filter((each) => each.reference === 0).map((each) => each.current * each.times),
      );
      const singletons = binCount(pair.categories.filter((each) => each.reference === 1));
      return judgedRate(0, unseen, sides.m, unseenNull(sides.n, singletons, unseen, sides.m));
    }),
    nullRate(reference, current),
  ]);
}

function judgedPsi(
  table: readonly { bin: string; reference: number; current: number }[],
  { n, m }: { n: number; m: number },
  floor: number,
): Omit<Judged, 'metric'> {
  const value = psi(
    binsOf(
      table.map((row) => row.reference),
      table.map((row) => row.current),
      HALF,
    ),
  );
  const bins = table.length;
  return { value, bins, p: psiP(value, n, m, bins), null95: psiNullQuantile(n, m, bins), floor, table };
}

type Rows = { rows: number; nulls: number; nan?: number };

/** NaN is missing as null is. Both count: a file writes the one, Python the other. */
const nullRate = (reference: Rows, current: Rows): Promise<Judged> =>
  rise('null_rate', [missing(reference), reference.rows], [missing(current), current.rows]);
const missing = ({ nulls, nan = 0 }: Rows): number => nulls + nan;

const typeErrors = (reference: NumericPair['reference'], current: NumericPair['current']): Promise<Judged> =>
  rise('type_error_rate', [reference.wrongType, reference.rows], [current.wrongType, current.rows]);

const rise = async (
  metric: Metric,
  [x, n]: readonly [number, number],
  [y, m]: readonly [number, number],
): Promise<Judged> =>
  measured(metric, () => {
    if (n === 0 || m === 0) throw new RangeError(`no rows ${n === 0 ? 'in the reference' : 'now'}`);
    // A column that is all gaps has no value, and a rate of gaps all the same.
    return { ...judgedRate(x / n, y, m, riseNull(x, n, y, m)), sizes: { n_ref: n, n_cur: m } };
  });

const judgedRate = (before: number, events: number, m: number, { null95, p }: RateNull): Omit<Judged, 'metric'> => ({
  value: events / m,
  p,
  null95,
  floor: before + RATE_FLOOR,
});

/** Rare categories come several to an entry (`times`); they never stand alone. */
function grouped(categories: CategoricalPair['categories']): (Joint & { key: string })[] {
  if (binCount(categories) <= CATEGORIES_MAX) return [...categories];
  // The sort is stable: of equally common ones the first by code point.
  const single = categories.filter(({ times }) => times === 1);
  const common = [...single].sort((a, b) => b.reference - a.reference).slice(0, CATEGORIES_MAX - 1);
  const alone = new Set(common.map(({ key }) => key));
  const rest = categories.filter(({ key, times }) => times > 1 || !alone.has(key));
  const others = {
    key: OTHERS,
    reference: sum(rest.map((each) => each.reference * each.times)),
    current: sum(rest.map((each) => each.current * each.times)),
    times: 1,
  };
  return [...single.filter(({ key }) => alone.has(key)), others];
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

function binName(cuts: readonly number[], i: number): string {
  const [from, to] = [cuts[i - 1], cuts[i]];
  if (from === undefined) return to === undefined ? 'all' : `up to ${to}`;
  return to === undefined ? `above ${from}` : `above ${from} to ${to}`;
}
