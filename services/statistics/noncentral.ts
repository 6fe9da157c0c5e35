import { betaTails } from './beta.ts';
import { logGamma } from './gamma.ts';
import { normalCdf, normalSf } from './normal.ts';

/** From here on the series loses its first term to underflow; the normal approximation is exact to what a plan needs. */
const LARGE = 37;

/** P(T > t) of Student's t with noncentrality `delta`, by the series of AS 243 (Lenth 1989). */
export function noncentralTSf(t: number, df: number, delta: number): number {
  if (!(df > 0) || !Number.isFinite(t) || !Number.isFinite(delta))
    throw new RangeError(`noncentral t needs finite numbers and df > 0, not ${t}, ${df}, ${delta}`);
  if (Math.abs(delta) > LARGE) {
    const spread = Math.sqrt(1 + (t * t) / (2 * df));
    return normalSf((t * (1 - 1 / (4 * df)) - delta) / spread);
  }
  // P(T <= t; δ) = 1 − P(T <= −t; −δ)
  return t < 0 ? lower(-t, df, -delta) : 1 - lower(t, df, delta);
}

/** P(T <= t) for t >= 0. */
function lower(t: number, df: number, delta: number): number {
  if (t === 0) return normalCdf(-delta);
  const x = (t * t) / (df + t * t);
  const y = df / (df + t * t);
  const half = (delta * delta) / 2;
  const sign = delta < 0 ? -1 : 1;
  let sum = 0;
  for (let j = 0; j < 2_000; j += 1) {
    const logP = -half + (half === 0 ? (j === 0 ? 0 : Number.NEGATIVE_INFINITY) : j * Math.log(half)) - logGamma(j + 1);
    const logQ =
      half === 0
        ? Number.NEGATIVE_INFINITY
        : -half + j * Math.log(half) + Math.log(Math.abs(delta)) - Math.LN2 / 2 - logGamma(j + 1.5);
    const term =
      Math.exp(logP) * betaTails(x, j + 0.5, df / 2, y).lower +
      sign * Math.exp(logQ) * betaTails(x, j + 1, df / 2, y).lower;
    sum += term;
    if (j > half && Math.abs(term) < 1e-16) break;
  }
  return Math.min(1, Math.max(0, normalCdf(-delta) + sum / 2));
}
