import { gammaTails } from './gamma.ts';

/** P(Z > z) of the standard normal, with relative accuracy down to the smallest double. Upper tail = ½ Q(½, z²/2). */
export function normalSf(z: number): number {
  if (Number.isNaN(z)) throw new RangeError('normalSf needs a number');
  if (z === 0) return 0.5;
  const half = gammaTails(0.5, (z * z) / 2);
  return z > 0 ? half.upper / 2 : 0.5 + half.lower / 2;
}

/** P(Z <= z). */
export const normalCdf = (z: number): number => normalSf(-z);

/** The z with P(Z <= z) = p; 0 gives −Infinity, 1 gives Infinity. `RangeError` outside. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile needs 0 <= p <= 1, not ${p}`);
  if (p === 0.5) return 0;
  const z = upperQuantile(p < 0.5 ? p : 1 - p);
  return p < 0.5 ? -z : z;
}

/** z > 0 with P(Z > z) = tail < ½: a guess (Abramowitz and Stegun 26.2.23) and Newton on the logarithm of the tail. */
function upperQuantile(tail: number): number {
  if (tail === 0) return Number.POSITIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(tail));
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 8; step++) {
    const found = normalSf(z);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    if (found === 0 || density === 0) return z;
    const move = (found * Math.log(found / tail)) / density;
    z += move;
    if (Math.abs(move) <= 1e-16 * Math.abs(z)) break;
  }
  return z;
}
