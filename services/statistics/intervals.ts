export interface Interval {
  low: number;
  high: number;
}

export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`a level of significance is between 0 and 1, not ${alpha}`);
}

export function checkCount(n: number, what: string): void {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`${what}, not ${n}`);
}

/** How many, their mean and their sample variance (n − 1): what a test of means needs of a group. */
export interface Sample {
  n: number;
  mean: number;
  variance: number;
}

/** From the running sums that logs keep. */
export function sampleOf({ n, sum, squares }: { n: number; sum: number; squares: number }): Sample {
  checkCount(n, 'a mean needs values');
  const mean = sum / n;
  return { n, mean, variance: n > 1 ? Math.max(0, (squares - sum * mean) / (n - 1)) : 0 };
}

export function checkSample({ n, mean, variance }: Sample): void {
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`a variance needs two values, not ${n}`);
  if (!Number.isFinite(mean) || !(variance >= 0) || !Number.isFinite(variance))
    throw new RangeError('a mean and a variance are finite numbers');
}
