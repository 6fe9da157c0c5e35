/**
 * P(D <= x) exactly: the matrix power of Durbin 1968 as arranged by Marsaglia, Tsang and Wang, "Evaluating Kolmogorov's
 * distribution", J. Stat. Soft. 8(18), 2003. Cost (2nx)³·log n. All entries of the powers are positive but for the first
 * column, so about 13 digits hold. The scale is kept apart as a power of two.
 */
export function durbinCdf(n: number, x: number): number {
  const k = Math.floor(n * x) + 1;
  const size = 2 * k - 1;
  const h = k - n * x;
  const base = durbinMatrix(size, h);
  const powered = power(base, n, size);
  let { exponent } = powered;
  let result = powered.matrix[(k - 1) * size + k - 1] as number;
  for (let i = 1; i <= n; i++) {
    result *= i / n;
    if (result < 1e-140) {
      result *= 2 ** 400;
      exponent -= 400;
    }
  }
  return exponent < -1000 ? 0 : result * 2 ** exponent;
}

function durbinMatrix(size: number, h: number): Float64Array {
  const matrix = new Float64Array(size * size);
  const put = (i: number, j: number, value: number) => {
    matrix[i * size + j] = value;
  };
  const at = (i: number, j: number) => matrix[i * size + j] as number;
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) put(i, j, i - j + 1 >= 0 ? 1 : 0);
  for (let i = 0; i < size; i++) {
    put(i, 0, at(i, 0) - h ** (i + 1));
    put(size - 1, i, at(size - 1, i) - h ** (size - i));
  }
  put(size - 1, 0, at(size - 1, 0) + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0));
  const factorials = factorialsTo(size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) if (i - j + 1 > 0) put(i, j, at(i, j) / (factorials[i - j + 1] as number));
  return matrix;
}

function factorialsTo(most: number): number[] {
  const found = [1];
  for (let i = 1; i <= most; i++) found.push((found[i - 1] as number) * i);
  return found;
}

/** matrix^n · 2^exponent by squaring; each square is rescaled so that its largest entry stays near 1. */
function power(base: Float64Array, n: number, size: number): { matrix: Float64Array; exponent: number } {
  if (n === 1) return { matrix: base, exponent: 0 };
  const half = power(base, Math.floor(n / 2), size);
  const square = product(half.matrix, half.matrix, size);
  const matrix = n % 2 === 1 ? product(base, square, size) : square;
  const shift = Math.ceil(Math.log2(matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
  return { matrix: matrix.map((value) => value * 2 ** -shift), exponent: 2 * half.exponent + shift };
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const left = a[i * size + k] as number;
      if (left === 0) continue;
      for (let j = 0; j < size; j++)
        out[i * size + j] = (out[i * size + j] as number) + left * (b[k * size + j] as number);
    }
  return out;
}

/**
 * P(D <= x) by the expansion of Pelz and Good 1976 in powers of n^(−1/2), four terms, each in the theta-function form for
 * small z (formulas K0 to K3 of Simard and L'Ecuyer 2011, section 4). Relative error below 1e-7 from n = 140 on.
 */
export function pelzGoodCdf(n: number, x: number): number {
  const z = x * Math.sqrt(n);
  const z2 = z * z;
  const pi2 = Math.PI ** 2;
  let [s0, s1, s2, s3, whole2, whole3] = [0, 0, 0, 0, 0, 0];
  for (let k = Math.ceil((16 * z) / Math.PI); k >= 1; k--) {
    // Half-odd multiples of π for all four terms, whole multiples for the second part of K2 and K3.
    const u = pi2 * (k - 0.5) ** 2;
    const odd = Math.exp(-u / (2 * z2));
    s0 += odd;
    s1 += odd * (u - z2);
    s2 += odd * (6 * z2 ** 3 + 2 * z2 ** 2 + u * (2 * z2 ** 2 - 5 * z2) + u * u * (1 - 2 * z2));
    s3 +=
      odd *
      (-30 * z2 ** 3 -
        90 * z2 ** 4 +
        u * (135 * z2 ** 2 - 96 * z2 ** 3) +
        u * u * (212 * z2 ** 2 - 60 * z2) +
        u ** 3 * (5 - 30 * z2));
    const w = pi2 * k * k;
    const even = Math.exp(-w / (2 * z2));
    whole2 += even * w;
    whole3 += even * w * (3 * z2 - w);
  }
  const root = Math.sqrt(2 * Math.PI);
  const k0 = (root * s0) / z;
  const k1 = (root * s1) / (6 * z2 ** 2);
  const k2 = (root * s2) / (72 * z ** 7) - (root * whole2) / (36 * z ** 3);
  const k3 = (root * s3) / (6480 * z ** 10) + (root * whole3) / (216 * z2 ** 3);
  return k0 + k1 / Math.sqrt(n) + k2 / n + k3 / n ** 1.5;
}
