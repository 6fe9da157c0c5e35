import { checkAlpha, type Interval } from './intervals.ts';
import { normalQuantile, normalSf } from './normal.ts';
import { sumOf } from './sums.ts';

export interface ScoredRow {
  /** True label. */
  positive: boolean;
  a: number;
  b: number;
}

export interface DeLong {
  aucA: number;
  aucB: number;
  /** b − a. */
  difference: number;
  error: number;
  z: number;
  /** Two-sided. */
  p: number;
  interval: Interval;
}

/**
 * The areas under two ROC curves on the same rows (DeLong, DeLong and Clarke-Pearson 1988, by the mid-ranks of Sun and Xu
 * 2014: O(n log n)). `RangeError` unless there are two rows of each class and every score is finite.
 */
export function deLong(rows: readonly ScoredRow[], alpha = 0.05): DeLong {
  checkAlpha(alpha);
  if (rows.some(({ a, b }) => !Number.isFinite(a) || !Number.isFinite(b)))
    throw new RangeError('a score is a finite number');
  const positives = rows.filter((row) => row.positive);
  const negatives = rows.filter((row) => !row.positive);
  if (positives.length < 2 || negatives.length < 2)
    throw new RangeError(`an AUC needs two rows of each class, not ${positives.length} and ${negatives.length}`);
  const a = placements(
    positives.map((row) => row.a),
    negatives.map((row) => row.a),
  );
  const b = placements(
    positives.map((row) => row.b),
    negatives.map((row) => row.b),
  );
  const spread = (x: readonly number[], y: readonly number[], mx: number, my: number) =>
    sumOf(x.map((value, index) => (value - mx) * ((y[index] ?? 0) - my))) / (x.length - 1);
  const of = (side: 'overPositives' | 'overNegatives') => {
    const n = a[side].length;
    const variance =
      spread(a[side], a[side], a.auc, a.auc) +
      spread(b[side], b[side], b.auc, b.auc) -
      2 * spread(a[side], b[side], a.auc, b.auc);
    return variance / n;
  };
  const difference = b.auc - a.auc;
  const error = Math.sqrt(Math.max(0, of('overPositives') + of('overNegatives')));
  const z =
    error === 0 ? (difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY) : difference / error;
  const p = Number.isFinite(z) ? Math.min(1, 2 * normalSf(Math.abs(z))) : 0;
  const reach = normalQuantile(1 - alpha / 2) * error;
  return {
    aucA: a.auc,
    aucB: b.auc,
    difference,
    error,
    z,
    p,
    interval: { low: difference - reach, high: difference + reach },
  };
}

/** For each positive the share of negatives below it (ties count half), and for each negative the share of positives above. */
function placements(positives: readonly number[], negatives: readonly number[]) {
  const [m, n] = [positives.length, negatives.length];
  const all = midRanks([...positives, ...negatives]);
  const ownPositive = midRanks(positives);
  const ownNegative = midRanks(negatives);
  const overPositives = positives.map((_, index) => ((all[index] ?? 0) - (ownPositive[index] ?? 0)) / n);
  const overNegatives = negatives.map((_, index) => 1 - ((all[m + index] ?? 0) - (ownNegative[index] ?? 0)) / m);
  return { overPositives, overNegatives, auc: sumOf(overPositives) / m };
}

function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((x, y) => (values[x] ?? 0) - (values[y] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let index = start; index < end; index += 1) ranks[order[index] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}
