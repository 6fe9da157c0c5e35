/**
 * Two samples in ascending order, walked along together: the area between their distribution functions (Wasserstein-1, in
 * their unit) and the largest distance between them (Kolmogorov-Smirnov, 0 to 1), both exact. `RangeError` when one is
 * empty. Written out because it runs over millions of values: the sum is Neumaier's (sums.ts), and distances are whole
 * numbers of 1/(n·m), exact up to 9·10¹⁵.
 */
export function sortedDistances(a: Float64Array, b: Float64Array): { wasserstein: number; ks: number } {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) throw new RangeError('the distance of two samples needs values on both sides');
  const whole = n * m;
  let [i, j, difference, most, sum, lost] = [0, 0, 0, 0, 0, 0];
  let at = Math.min(a[0] as number, b[0] as number);
  while (i < n || j < m) {
    const x = i < n ? (a[i] as number) : Number.POSITIVE_INFINITY;
    const y = j < m ? (b[j] as number) : Number.POSITIVE_INFINITY;
    const next = x < y ? x : y;
    // Up to the next value the functions are as far apart as now; between equal values there is no distance.
    const distance = difference < 0 ? -difference : difference;
    if (next > at && distance > most) most = distance;
    const term = (distance / whole) * (next - at);
    const total = sum + term;
    lost += sum >= term ? sum - total + term : term - total + sum;
    sum = total;
    at = next;
    // Whose turn it is nobody can guess: one comparison instead of three, on a million values, halves the time.
    if (x <= y) {
      i++;
      difference += m;
    }
    if (y <= x) {
      j++;
      difference -= n;
    }
  }
  return { wasserstein: sum + lost, ks: most / whole };
}

/** How many different values both together have. */
export function distinctIn(a: Float64Array, b: Float64Array): number {
  let [i, j, found] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    while (i < a.length && a[i] === at) i++;
    while (j < b.length && b[j] === at) j++;
    found++;
  }
  return found;
}
