import { runningSum } from './sums.ts';

/** Wasserstein-1 (earth mover's) distance of values with weights (>= 0, not all 0), in any order; merge.ts has it for sorted ones without. */
export function weightedWasserstein(
  a: readonly number[],
  b: readonly number[],
  weights: { a?: readonly number[] | undefined; b?: readonly number[] | undefined } = {},
): number {
  const [left, right] = [weigh(a, weights.a), weigh(b, weights.b)];
  const steps = [
    ...left.map(({ value, share }) => ({ value, share })),
    ...right.map(({ value, share }) => ({ value, share: -share })),
  ].sort((x, y) => x.value - y.value);
  const [difference, sum] = [runningSum(), runningSum()];
  steps.forEach(({ value, share }, i) => {
    difference.add(share);
    const next = steps[i + 1];
    if (next && next.value > value) sum.add(Math.abs(difference.value()) * (next.value - value));
  });
  return sum.value();
}

function weigh(values: readonly number[], weights: readonly number[] | undefined): { value: number; share: number }[] {
  if (values.length === 0) throw new RangeError('the Wasserstein distance needs values on both sides');
  if (weights && weights.length !== values.length) throw new RangeError('one weight per value is needed');
  const total = runningSum();
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? (weights[i] as number) : 1;
    if (!(weight >= 0) || !Number.isFinite(weight)) throw new RangeError('weights are finite and not negative');
    total.add(weight);
  }
  if (!(total.value() > 0)) throw new RangeError('weights must not all be 0');
  return values.map((value, i) => {
    if (!Number.isFinite(value)) throw new RangeError('the Wasserstein distance needs finite values');
    return { value, share: (weights ? (weights[i] as number) : 1) / total.value() };
  });
}
