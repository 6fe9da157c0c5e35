import { type Smoothed, smooth } from './smoothing.rules.ts';

/** Which parts a fitted model has. */
export interface Shape {
  trend: boolean;
  damped?: boolean;
  /** Length of the season; 0 or 1 is none. */
  period?: number;
}

/**
 * The smoothing parameters and starting states that minimise the sum of squared one-step errors. The errors are linear in
 * the starting states, so for each choice of parameters those are solved exactly, by least squares; only the one to four
 * parameters are searched (Nelder and Mead 1965), from several starts. Deterministic.
 */
export function fitSmoothing(y: readonly number[], shape: Shape): Smoothed {
  const period = shape.period !== undefined && shape.period > 1 ? shape.period : 0;
  const dimensions = 1 + (shape.trend ? 1 : 0) + (period ? 1 : 0) + (shape.damped ? 1 : 0);
  const solve = solver(Float64Array.from(y), shape.trend, period);
  const weightsOf = (at: readonly number[]): Weights => {
    let next = 0;
    const take = () => clamp(at[next++] ?? 0);
    const alpha = 1e-4 + 0.9998 * take();
    return {
      alpha,
      beta: shape.trend ? alpha * (1e-4 + 0.9998 * take()) : 0,
      gamma: period ? (1 - alpha) * take() : 0,
      phi: shape.damped ? 0.8 + 0.18 * take() : 1,
    };
  };
  // Wandering outside of the unit cube is made dear, so that the search comes back.
  const cost = (at: readonly number[]) =>
    solve(weightsOf(at)).sse * (1 + at.reduce((sum, x) => sum + Math.abs(x - clamp(x)), 0));
  const starts = [0.15, 0.7].map((alpha) => Array.from({ length: dimensions }, (_, i) => (i === 0 ? alpha : 0.1)));
  const best = starts
    .map((start) => nelderMead(cost, start))
    .reduce((one, other) => (other.value < one.value ? other : one));
  const weights = weightsOf(best.at);
  const { states } = solve(weights);
  const seasons = states.slice(shape.trend ? 2 : 1);
  return smooth(y, {
    alpha: weights.alpha,
    beta: shape.trend ? weights.beta : undefined,
    gamma: period ? weights.gamma : undefined,
    phi: shape.damped ? weights.phi : undefined,
    level: states[0] ?? 0,
    trend: shape.trend ? (states[1] ?? 0) : 0,
    seasonal: period ? [...seasons, -seasons.reduce((sum, each) => sum + each, 0)] : undefined,
  });
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));

interface Weights {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
}

/**
 * The best starting states for given weights, and the sum of squares they leave: level, trend, and all seasons but the
 * last, as seasons add up to zero. A search calls it hundreds of times, so nothing is allocated on the way.
 */
function solver(y: Float64Array, trend: boolean, period: number) {
  const size = 1 + (trend ? 1 : 0) + Math.max(0, period - 1);
  const silence = new Float64Array(y.length);
  const target = new Float64Array(y.length);
  const columns = Array.from({ length: size }, () => new Float64Array(y.length));
  const seasons = new Float64Array(Math.max(1, period));
  const run = (
    values: Float64Array,
    { alpha, beta, gamma, phi }: Weights,
    level: number,
    slope: number,
    out: Float64Array,
  ) => {
    let [l, b, at] = [level, slope, 0];
    for (let index = 0; index < values.length; index += 1) {
      const expected = l + phi * b;
      const error = (values[index] as number) - expected - (period ? (seasons[at] as number) : 0);
      out[index] = error;
      l = expected + alpha * error;
      b = phi * b + beta * error;
      if (period) {
        seasons[at] = (seasons[at] as number) + gamma * error;
        at = at + 1 === period ? 0 : at + 1;
      }
    }
  };
  return (weights: Weights): { states: number[]; sse: number } => {
    seasons.fill(0);
    run(y, weights, 0, 0, target);
    for (let column = 0; column < size; column += 1) {
      const season = column - (trend ? 2 : 1);
      seasons.fill(0);
      if (season >= 0) {
        seasons[season] = -1;
        seasons[period - 1] = 1;
      }
      // A state of minus one over silence leaves as errors what a state of one takes away.
      run(silence, weights, column === 0 ? -1 : 0, trend && column === 1 ? -1 : 0, columns[column] as Float64Array);
    }
    const states = leastSquares(columns, target);
    let sse = 0;
    for (let index = 0; index < y.length; index += 1) {
      let error = target[index] as number;
      for (let column = 0; column < size; column += 1) {
        error -= (states[column] as number) * ((columns[column] as Float64Array)[index] as number);
      }
      sse += error * error;
    }
    return { states, sse };
  };
}

/** Solves the normal equations by Gauss with pivoting; a whisper of ridge keeps a useless column at zero. */
export function leastSquares(columns: readonly Float64Array[], target: Float64Array): number[] {
  const size = columns.length;
  const rows = columns.map((one, i) => [
    ...columns.map((other, j) => dot(one, other) + (i === j ? 1e-9 * (1 + dot(one, one)) : 0)),
    dot(one, target),
  ]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row += 1) {
      if (Math.abs(rows[row]?.[pivot] ?? 0) > Math.abs(rows[best]?.[pivot] ?? 0)) best = row;
    }
    const chosen = rows[best] as number[];
    rows[best] = rows[pivot] as number[];
    rows[pivot] = chosen;
    for (let row = 0; row < size; row += 1) {
      const current = rows[row] as number[];
      const factor = row === pivot ? 0 : (current[pivot] ?? 0) / (chosen[pivot] ?? 1);
      if (factor === 0) continue;
      for (let column = pivot; column <= size; column += 1) {
        current[column] = (current[column] ?? 0) - factor * (chosen[column] ?? 0);
      }
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] as number) * (b[index] as number);
  return sum;
};

interface Vertex {
  at: number[];
  value: number;
}

const STEPS = 150;
const FLAT = 1e-9;

/** The downhill simplex method with its usual coefficients (1, 2, 1/2, 1/2). */
export function nelderMead(cost: (at: readonly number[]) => number, start: readonly number[]): Vertex {
  const vertex = (at: number[]): Vertex => ({ at, value: cost(at) });
  const simplex = [
    vertex([...start]),
    ...start.map((_, axis) => vertex(start.map((x, index) => (index === axis ? (x > 0.5 ? x - 0.3 : x + 0.3) : x)))),
  ];
  const toward = (from: readonly number[], to: readonly number[], by: number) =>
    vertex(from.map((x, index) => x + by * ((to[index] ?? 0) - x)));
  for (let step = 0; step < STEPS; step += 1) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0] as Vertex;
    const worst = simplex.at(-1) as Vertex;
    if (worst.value - best.value <= FLAT * (Math.abs(best.value) + FLAT)) break;
    const others = simplex.slice(0, -1);
    const centre = start.map((_, axis) => others.reduce((sum, { at }) => sum + (at[axis] ?? 0), 0) / others.length);
    const reflected = toward(centre, worst.at, -1);
    const second = simplex.at(-2) as Vertex;
    if (reflected.value < best.value) {
      const expanded = toward(centre, worst.at, -2);
      simplex[simplex.length - 1] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < second.value) {
      simplex[simplex.length - 1] = reflected;
    } else {
      const contracted = toward(centre, (reflected.value < worst.value ? reflected : worst).at, 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[simplex.length - 1] = contracted;
      else
        for (let index = 1; index < simplex.length; index += 1) {
          simplex[index] = toward(best.at, (simplex[index] as Vertex).at, 0.5);
        }
    }
  }
  return simplex.reduce((one, other) => (other.value < one.value ? other : one));
}
