import { chi2Sf } from './distributions.ts';
import { sumOf } from './sums.ts';

/** Below this the split is not what was set up, and nothing that was measured on it counts. */
export const SRM_STOP = 0.001;

export interface SplitCheck {
  chi2: number;
  p: number;
  /** The groups differ in size from what was set up by more than chance does. */
  broken: boolean;
}

/** Sample-ratio mismatch: did each group get the share it was meant to? Pearson's chi-square against the planned shares. */
export function sampleRatio(observed: readonly number[], shares: readonly number[]): SplitCheck {
  const whole = sumOf(shares);
  if (observed.length !== shares.length || observed.length < 2 || !(whole > 0) || shares.some((share) => share < 0))
    throw new RangeError('a split needs a share for each of two or more groups');
  if (observed.some((count) => !(count >= 0) || !Number.isFinite(count)))
    throw new RangeError('a group has a number of requests');
  const total = sumOf(observed);
  if (total === 0) return { chi2: 0, p: 1, broken: false };
  const stray = observed.some((count, index) => count > 0 && shares[index] === 0);
  const chi2 = stray
    ? Number.POSITIVE_INFINITY
    : sumOf(
        observed.map((count, index) => {
          const expected = (total * (shares[index] ?? 0)) / whole;
          return expected === 0 ? 0 : (count - expected) ** 2 / expected;
        }),
      );
  const used = shares.filter((share) => share > 0).length;
  const p = stray ? 0 : used < 2 ? 1 : chi2Sf(chi2, used - 1);
  return { chi2, p, broken: p < SRM_STOP };
}
