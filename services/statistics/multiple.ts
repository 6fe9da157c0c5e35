/** Tests that hold when each p is compared with q/n (Bonferroni). */
export const bonferroni = (ps: readonly number[], q = 0.05): boolean[] => ps.map((p) => p <= q / ps.length);

/**
 * Tests that hold at a false-discovery rate of q (Benjamini and Hochberg 1995, step-up): all up to the largest i whose
 * ordered p is at most q·i/n. `ps` are within 0..1, else `RangeError`.
 */
export function benjaminiHochberg(ps: readonly number[], q = 0.05): boolean[] {
  return adjusted(ps).map((p) => p <= q);
}

/** Adjusted p-values min over j >= i of p(j)·n/j, at most 1. */
export function adjusted(ps: readonly number[]): number[] {
  for (const p of ps) if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value is within 0 and 1, not ${p}`);
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => b.p - a.p);
  const found = new Array<number>(ps.length);
  let least = 1;
  order.forEach(({ p, i }, place) => {
    least = Math.min(least, (p * ps.length) / (ps.length - place));
    found[i] = least;
  });
  return found;
}
