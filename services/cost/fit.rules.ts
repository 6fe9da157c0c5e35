import { type Smoothed, type Smoothing, smooth } from './smoothing.rules.ts';

/** Which parts a fitted model has. */
export interface Shape {
  trend: boolean;
  damped?: boolean;
  /** Length of the season; 0 or 1 is none. */
  period?: number;
}

/**
 * The smoothing parameters and starting states that minimise the sum of squared one-step errors. The errors are linear in
 * the starting states, so for each choice of parameters those are solved exactly, by least squares; only the two to four
 * parameters are searched (Nelder and Mead 1965), from several starts. Deterministic.
 */
export function fitSmoothing(y: readonly number[], shape: Shape): Smoothed {
  const period = shape.period !== undefined && shape.period > 1 ? shape.period : 0;
  const dimensions = 1 + (shape.trend ? 1 : 0) + (period ? 1 : 0) + (shape.damped ? 1 : 0);
  const modelOf = (at: readonly number[]): Smoothing => {
    let next = 0;
    const take = () => clamp(at[next++] ?? 0);
    const alpha = 1e-4 + 0.9998 * take();
    const beta = shape.trend ? alpha * (1e-4 + 0.9998 * take()) : undefined;
    const gamma = period ? (1 - alpha) * take() : undefined;
    const phi = shape.damped ? 0.8 + 0.18 * take() : undefined;
    return startingStates(y, { alpha, beta, gamma, phi, level: 0 }, shape.trend, period);
  };
  // Wandering outside of the unit cube is made dear, so that the search comes back.
  const cost = (at: readonly number[]) =>
    smooth(y, modelOf(at)).sse * (1 + at.reduce((sum, x) => sum + Math.abs(x - clamp(x)), 0));
  const starts = [0.15, 0.5, 0.85].map((alpha) =>
    Array.from({ length: dimensions }, (_, i) => (i === 0 ? alpha : 0.1)),
  );
  const best = starts
    .map((start) => nelderMead(cost, start))
    .reduce((one, other) => (other.value < one.value ? other : one));
  return smooth(y, modelOf(best.at));
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));

/** The model with the level, trend and season that fit best for its parameters. Seasons add up to zero. */
export function startingStates(y: readonly number[], model: Smoothing, trend: boolean, period: number): Smoothing {
  const unit = (length: number, at: number) =>
    Array.from({ length }, (_, index) => (index === at ? 1 : index === length - 1 ? -1 : 0));
  const zeros = Array.from({ length: period }, () => 0);
  const bases: Smoothing[] = [
    { ...model, level: 1, trend: 0, seasonal: zeros },
    ...(trend ? [{ ...model, level: 0, trend: 1, seasonal: zeros }] : []),
    ...zeros.slice(1).map((_, at) => ({ ...model, level: 0, trend: 0, seasonal: unit(period, at) })),
  ];
  // The errors from nothing, and what each state takes away from them.
  const target = smooth(y, { ...model, level: 0, trend: 0, seasonal: zeros }).errors;
  const silence = y.map(() => 0);
  const columns = bases.map((basis) => smooth(silence, basis).errors.map((error) => -error));
  const solved = leastSquares(columns, target);
  const seasons = solved.slice(trend ? 2 : 1);
  return {
    ...model,
    level: solved[0] ?? 0,
    trend: trend ? (solved[1] ?? 0) : 0,
    seasonal: period ? [...seasons, -seasons.reduce((sum, each) => sum + each, 0)] : undefined,
  };
}

/** Solves the normal equations by Gauss with pivoting; a whisper of ridge keeps a useless column at zero. */
export function leastSquares(columns: readonly (readonly number[])[], target: readonly number[]): number[] {
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

const dot = (a: readonly number[], b: readonly number[]): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
};

interface Vertex {
  at: number[];
  value: number;
}

const STEPS = 200;
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
