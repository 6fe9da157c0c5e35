import { deviance, nonZero, stirlingError, type Tails } from './gamma.ts';

/** Γ(n+1) / (Γ(a+1) Γ(b+1)) · p^a q^b with n = a + b: the binomial probability, for real a, b > 0 (Loader 2000). */
export function binomialTerm(a: number, b: number, p: number, q: number): number {
  const n = a + b;
  if (a === 0) return Math.exp(b * (q > 0.5 ? Math.log1p(-p) : Math.log(q)));
  if (b === 0) return Math.exp(a * (p > 0.5 ? Math.log1p(-q) : Math.log(p)));
  const error = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * p) - deviance(b, n * q);
  return Math.exp(error) * Math.sqrt(n / (2 * Math.PI * a) / b);
}

/**
 * Regularised incomplete beta: lower I_x(a,b), upper 1 − I_x(a,b), each with its own relative accuracy. `y` is 1 − x where
 * the caller knows it better than the subtraction does. Continued fraction NIST DLMF 8.17.22.
 */
export function betaTails(x: number, a: number, b: number, y = 1 - x): Tails {
  if (!(a > 0) || !(b > 0)) throw new RangeError(`incomplete beta needs a > 0 and b > 0, not ${a}, ${b}`);
  if (!(x >= 0) || !(y >= 0)) throw new RangeError(`incomplete beta needs 0 <= x <= 1, not ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (y === 0) return { lower: 1, upper: 0 };
  const n = a + b;
  if (x * (n + 2) < a + 1) {
    const lower = Math.min(1, binomialTerm(a, b, x, y) * (b / n) * betaFraction(x, a, b));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, binomialTerm(b, a, y, x) * (a / n) * betaFraction(y, b, a));
  return { lower: 1 - upper, upper };
}

function betaFraction(x: number, a: number, b: number): number {
  const most = 2000 + 40 * Math.ceil(Math.sqrt(Math.max(a, b)));
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < most; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) return h;
  }
  throw new RangeError(`incomplete beta fraction does not converge at ${x}, ${a}, ${b}`);
}
