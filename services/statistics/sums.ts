/** A sum whose error does not grow with the number of terms (Neumaier 1974). Order hardly matters to its result. */
export function sumOf(values: Iterable<number>): number {
  const running = runningSum();
  for (const value of values) running.add(value);
  return running.value();
}

export interface RunningSum {
  add(value: number): void;
  value(): number;
}

export function runningSum(): RunningSum {
  let sum = 0;
  let lost = 0;
  return {
    add(value) {
      const next = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
      sum = next;
    },
    value: () => sum + lost,
  };
}

/** Mean of values; `RangeError` for none. */
export function meanOf(values: ArrayLike<number> & Iterable<number>): number {
  if (values.length === 0) throw new RangeError('no values to take the mean of');
  return sumOf(values) / values.length;
}

/** Sum of squared distances to the mean, in two passes. */
export function squaresAround(values: Iterable<number>, mean: number): number {
  const running = runningSum();
  for (const value of values) running.add((value - mean) ** 2);
  return running.value();
}
