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

/**
 * The verdict of alibi-detect over several features (`alibi_detect/utils/statstest.py`): some p is **below** its limit, which
 * is q/n (Bonferroni) or q·i/n for the i-th smallest p (FDR); the limit in force is returned with it. Equality does not
 * alarm there, as it does in `benjaminiHochberg`. Without features nothing has drifted.
 */
export function alibiVerdict(
  ps: readonly number[],
  q: number,
  correction: 'bonferroni' | 'fdr',
): { drift: boolean; limit: number } {
  for (const p of ps) if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value is within 0 and 1, not ${p}`);
  const n = ps.length;
  if (n === 0) return { drift: false, limit: q };
  if (correction === 'bonferroni') return { drift: ps.some((p) => p < q / n), limit: q / n };
  const sorted = [...ps].sort((a, b) => a - b);
  const last = sorted.findLastIndex((p, i) => p < (q * (i + 1)) / n);
  return { drift: last >= 0, limit: (q * (last < 0 ? 1 : last + 1)) / n };
}
