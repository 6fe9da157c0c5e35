/**
 * The gamma function's family in double precision. Prefactors are built from Stirling's error term and the deviance
 * (C. Loader, "Fast and accurate computation of binomial probabilities", 2000): a direct exp(a·ln x − x − ln Γ) loses one
 * digit for every tenfold of its arguments, these do not.
 */

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** δ(x) = ln Γ(x+1) − [(x+½) ln x − x + ½ ln 2π] for x > 0: Stirling's series from 16 on, its recurrence below. */
export function stirlingError(x: number): number {
  let shifted = x;
  let below = 0;
  while (shifted < 16) {
    below += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
    shifted += 1;
  }
  const s = 1 / (shifted * shifted);
  // B(2k) / (2k (2k−1)); NIST DLMF 5.11.1
  const series = 1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360)))));
  return below + series / shifted;
}

/** ln Γ(x), x > 0. Absolute error near 1e-16·max(1, |ln Γ|). */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs x > 0, not ${x}`);
  return (x + 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingError(x) - Math.log(x);
}

/** x·ln(x/np) + np − x without cancellation where x is near np. */
export function deviance(x: number, np: number): number {
  if (x === 0) return np;
  if (Math.abs(x - np) >= 0.1 * (x + np)) return x * Math.log(x / np) + np - x;
  const v = (x - np) / (x + np);
  let sum = (x - np) * v;
  let term = 2 * x * v;
  for (let j = 3; j < 1000; j += 2) {
    term *= v * v;
    const next = sum + term / j;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** x^a e^(−x) / Γ(a+1): the Poisson probability, for any real a > 0. */
export const poissonTerm = (a: number, x: number): number =>
  Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);

/** Both regularised incomplete gamma functions, each with its own relative accuracy: lower P(a,x), upper Q(a,x) = 1 − P. */
export interface Tails {
  lower: number;
  upper: number;
}

/** NIST DLMF 8.11.4 (series) below the mean, 8.9.2 (continued fraction, by Lentz) above. `RangeError` outside a > 0, x >= 0. */
export function gammaTails(a: number, x: number): Tails {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`incomplete gamma needs a > 0 and x >= 0, not ${a}, ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const term = poissonTerm(a, x);
  if (term === 0) return x < a ? { lower: 0, upper: 1 } : { lower: 1, upper: 0 };
  if (x < a + 1 && !(a < 1 && x >= 1)) {
    const lower = Math.min(1, term * gammaSeries(a, x));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, term * a * gammaFraction(a, x));
  return { lower: 1 - upper, upper };
}

/** Steps that suffice near x = a, where both expansions need about √a of them. */
const stepsFor = (a: number): number => 2000 + 40 * Math.ceil(Math.sqrt(a));

function gammaSeries(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < stepsFor(a); k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * Number.EPSILON * 0.25) return sum;
  }
  throw new RangeError(`incomplete gamma series does not converge at ${a}, ${x}`);
}

const TINY = 1e-300;

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < stepsFor(a); k++) {
    const an = -k * (k - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    h *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) return h;
  }
  throw new RangeError(`incomplete gamma fraction does not converge at ${a}, ${x}`);
}

export const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
