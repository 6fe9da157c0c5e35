import { counted } from '../core/counted.ts';

/**
 * Fairness by group, by fairlearn's definitions (fairlearn/metrics/_fairness_metrics.py): selection rate, true and false
 * positive rate per group; difference = max − min, ratio = min / max over the groups, or against the whole population.
 * Equalised odds: the worse of the two differences (or their mean), the smaller of the two ratios.
 * What fairlearn does not do: a group with too few people in a cell that a rate is made of gets no verdict.
 */
export interface Cells {
  tp: number;
  fp: number;
  tn: number;
  fn: number;
}

export interface GroupRates {
  group: string;
  /** People (or their weight). */
  count: number;
  selectionRate: number;
  /** NaN when the group has nobody who should be selected. */
  tpr: number;
  fpr: number;
  /** People who should be selected, people who should not. */
  positives: number;
  negatives: number;
}

export interface Fairness {
  groups: readonly GroupRates[];
  demographicParityDifference: number;
  demographicParityRatio: number;
  equalizedOddsDifference: number;
  equalizedOddsRatio: number;
  equalOpportunityDifference: number;
  equalOpportunityRatio: number;
  /** Groups with fewer people than asked in some cell; no verdict rests on them. */
  tooSmall: readonly { group: string; cell: string; count: number }[];
}

/** Counts of a classifier's answers by group. `weights` count somebody more than once; lists are of one length. */
export function cellsByGroup(
  yTrue: readonly number[],
  yPred: readonly number[],
  sensitive: readonly string[],
  weights?: readonly number[],
): Map<string, Cells> {
  const lengths = new Set([yTrue.length, yPred.length, sensitive.length, ...(weights ? [weights.length] : [])]);
  if (lengths.size > 1) throw new RangeError(`the lists have different lengths: ${[...lengths].join(', ')}`);
  const cells = new Map<string, Cells>();
  for (const [index, group] of sensitive.entries()) {
    const [real, said, weight] = [yTrue[index], yPred[index], weights?.[index] ?? 1];
    if ((real !== 0 && real !== 1) || (said !== 0 && said !== 1))
      throw new RangeError(`row ${index + 1}: labels are 0 or 1, not ${real} and ${said}`);
    if (!(weight >= 0)) throw new RangeError(`row ${index + 1}: a weight is not negative, but ${weight} is`);
    const found = cells.get(group) ?? { tp: 0, fp: 0, tn: 0, fn: 0 };
    found[said === 1 ? (real === 1 ? 'tp' : 'fp') : real === 1 ? 'fn' : 'tn'] += weight;
    cells.set(group, found);
  }
  return cells;
}

export interface FairnessOptions {
  /** Against the whole population instead of between the groups. */
  toOverall?: boolean;
  /** The mean of the two differences of equalised odds instead of the worse one. */
  mean?: boolean;
  /** People that a cell needs; 0 asks for nothing. */
  minCell?: number;
}

export function fairnessOf(cells: ReadonlyMap<string, Cells>, options: FairnessOptions = {}): Fairness {
  const { toOverall = false, mean = false, minCell = 0 } = options;
  if (cells.size === 0) throw new RangeError('there is no group');
  const groups = [...cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, counts]) => ratesOf(group, counts));
  const whole = ratesOf(
    'everybody',
    [...cells.values()].reduce((sum, { tp, fp, tn, fn }) => ({
      tp: sum.tp + tp,
      fp: sum.fp + fp,
      tn: sum.tn + tn,
      fn: sum.fn + fn,
    })),
  );
  const difference = (rate: (group: GroupRates) => number): number =>
    toOverall
      ? Math.max(...groups.map((group) => Math.abs(rate(group) - rate(whole))))
      : Math.max(...groups.map(rate)) - Math.min(...groups.map(rate));
  const ratio = (rate: (group: GroupRates) => number): number => {
    if (!toOverall) return quotient(Math.min(...groups.map(rate)), Math.max(...groups.map(rate)));
    const all = rate(whole);
    return Math.min(...groups.map((group) => Math.min(quotient(rate(group), all), quotient(all, rate(group)))));
  };
  const selection = (group: GroupRates) => group.selectionRate;
  const hits = (group: GroupRates) => group.tpr;
  const alarms = (group: GroupRates) => group.fpr;
  const odds = [difference(hits), difference(alarms)] as const;
  return {
    groups,
    demographicParityDifference: difference(selection),
    demographicParityRatio: ratio(selection),
    equalizedOddsDifference: mean ? (odds[0] + odds[1]) / 2 : Math.max(...odds),
    equalizedOddsRatio: smaller(ratio(hits), ratio(alarms)),
    equalOpportunityDifference: difference(hits),
    equalOpportunityRatio: ratio(hits),
    tooSmall: groups.flatMap(({ group, positives, negatives }) =>
      [
        { group, cell: 'who should be selected', count: positives },
        { group, cell: 'who should not be selected', count: negatives },
      ].filter(({ count }) => count < minCell),
    ),
  };
}

function ratesOf(group: string, { tp, fp, tn, fn }: Cells): GroupRates {
  const [positives, negatives] = [tp + fn, fp + tn];
  const count = positives + negatives;
  // A group without anybody of a kind has a rate of 0, as in scikit-learn's `zero_division`; its size tells.
  return {
    group,
    count,
    selectionRate: count > 0 ? (tp + fp) / count : 0,
    tpr: positives > 0 ? tp / positives : 0,
    fpr: negatives > 0 ? fp / negatives : 0,
    positives,
    negatives,
  };
}

/** 0 of something is a ratio of 0; nothing of nothing is no number. */
const quotient = (small: number, large: number): number =>
  large === 0 ? (small === 0 ? Number.NaN : Infinity) : small / large;

/** As fairlearn's `min` of the two does: where nobody is falsely selected in any group, the ratio of the hits is all there is. */
const smaller = (hits: number, alarms: number): number => (alarms < hits ? alarms : hits);

export interface FairnessVerdict {
  state: 'fair' | 'unfair' | 'no-verdict';
  why: string;
}

/** Against the limits of the policy; without enough people there is no verdict, whatever the numbers say. */
export function fairnessVerdict(
  fairness: Fairness,
  limits: { minCell: number; maxDifference?: number | undefined; minRatio?: number | undefined },
): FairnessVerdict {
  const [small] = fairness.tooSmall;
  if (fairness.groups.length < 2) return { state: 'no-verdict', why: 'there is only one group to compare' };
  if (small) {
    const others = fairness.tooSmall.length - 1;
    const more = others > 0 ? `, and ${others} more` : '';
    return {
      state: 'no-verdict',
      why: `group ${small.group} has ${counted(small.count, 'person', 'people')} ${small.cell}${more}; at least ${limits.minCell} are needed`,
    };
  }
  const { maxDifference, minRatio } = limits;
  const differences = [
    ['demographic parity difference', fairness.demographicParityDifference],
    ['equalised odds difference', fairness.equalizedOddsDifference],
  ] as const;
  const wide = differences.find(([, value]) => maxDifference !== undefined && !(value <= maxDifference));
  if (wide) return { state: 'unfair', why: `${wide[0]} is ${digits(wide[1])}, at most ${maxDifference} is allowed` };
  const ratio = fairness.demographicParityRatio;
  // Zero selections everywhere have no ratio and no disparity either.
  if (minRatio !== undefined && !Number.isNaN(ratio) && ratio < minRatio)
    return { state: 'unfair', why: `demographic parity ratio is ${digits(ratio)}, at least ${minRatio} is asked for` };
  return { state: 'fair', why: `differences up to ${digits(Math.max(...differences.map(([, value]) => value)))}` };
}

const digits = (value: number): string => value.toFixed(3);
