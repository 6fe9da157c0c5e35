import { Decimal as Base } from 'decimal.js';

/**
 * Money over the years: exact decimals in one currency, year 0 (now) first, each flow at the end of its year; what is paid
 * is negative. The one engine for business cases and for costs of ownership. Definitions: Brealey, Myers, Allen,
 * Principles of Corporate Finance (present value, internal rate of return, payback).
 */
export type Flows = readonly Base.Value[];

/** More precision than any sum of money needs, and quick. */
export const Decimal = Base.clone({ precision: 40, rounding: Base.ROUND_HALF_UP });
export type Decimal = Base;

/** Present value: flow 0 is today, flow t is discounted by `(1 + rate)^t`. Throws a RangeError for a rate of −1 or less. */
export function netPresentValue(flows: Flows, rate: Base.Value): Decimal {
  const growth = new Decimal(rate).plus(1);
  if (growth.lte(0)) throw new RangeError('a discount rate is above -1');
  return flows.reduce<Decimal>((sum, flow, year) => sum.plus(new Decimal(flow).div(growth.pow(year))), new Decimal(0));
}

export type Irr =
  | { kind: 'rate'; rate: Decimal }
  /** No rate makes them worth nothing. */
  | { kind: 'none'; why: string }
  /** More than one rate does: the number would say nothing. The lowest first. */
  | { kind: 'several'; rates: readonly Decimal[] };

const LOWEST_RATE = -0.99;
const HIGHEST_RATE = 100;

/** The rates at which the flows are worth nothing, between −99 % and 10,000 %. */
export function irr(flows: Flows): Irr {
  const exact = flows.map((flow) => new Decimal(flow));
  if (exact.every((flow) => flow.isZero())) return { kind: 'none', why: 'there is no cash flow' };
  if (exact.every((flow) => flow.gte(0)) || exact.every((flow) => flow.lte(0)))
    return { kind: 'none', why: 'money only goes one way' };
  // In x = 1/(1+r) the present value is a polynomial.
  const roots = rootsBetween(exact.map(Number), 1 / (1 + HIGHEST_RATE), 1 / (1 + LOWEST_RATE));
  const rates = roots.map((x) => refined(exact, x)).sort((a, b) => a.cmp(b));
  if (rates.length === 1 && rates[0]) return { kind: 'rate', rate: rates[0] };
  if (rates.length > 1) return { kind: 'several', rates };
  return { kind: 'none', why: 'no rate makes the flows worth nothing' };
}

const valueAt = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
/** Under this share of the sum of the terms a value is rounding. */
const ROUNDING = 1e-12;
const isNothing = (coefficients: readonly number[], x: number): boolean =>
  Math.abs(valueAt(coefficients, x)) <=
  ROUNDING *
    valueAt(
      coefficients.map((coefficient) => Math.abs(coefficient)),
      x,
    );
const HALVINGS = 200;

/**
 * Every real root of a polynomial (constant term first) between two positive places, each once: between neighbouring roots
 * of the derivative it goes one way, so there is at most one; one that only touches zero lies on a root of the derivative.
 */
function rootsBetween(coefficients: readonly number[], from: number, to: number): number[] {
  if (coefficients.length < 2) return [];
  const slope = coefficients.slice(1).map((coefficient, index) => coefficient * (index + 1));
  const turns = [from, ...rootsBetween(slope, from, to), to];
  const found: number[] = [];
  const take = (x: number) => {
    if (!found.some((known) => Math.abs(known - x) <= 1e-9 * Math.max(known, x))) found.push(x);
  };
  for (const [index, right] of turns.entries()) {
    if (isNothing(coefficients, right)) take(right);
    const left = turns[index - 1];
    if (left === undefined || isNothing(coefficients, left) || isNothing(coefficients, right)) continue;
    const sign = Math.sign(valueAt(coefficients, left));
    if (sign === Math.sign(valueAt(coefficients, right))) continue;
    let [a, b] = [left, right];
    for (let round = 0; round < HALVINGS && a !== b; round += 1) {
      const middle = (a + b) / 2;
      if (middle === a || middle === b) break;
      if (Math.sign(valueAt(coefficients, middle)) === sign) a = middle;
      else b = middle;
    }
    take((a + b) / 2);
  }
  return found;
}

/** The exact rate near a root that was found in floating point; one that only touches zero is as exact as it was found. */
function refined(flows: readonly Decimal[], x: number): Decimal {
  const rate = new Decimal(1).div(x).minus(1);
  const width = new Decimal(1e-9).times(rate.plus(1));
  let [a, b] = [rate.minus(width), rate.plus(width)];
  const sign = netPresentValue(flows, a).s;
  if (netPresentValue(flows, b).s === sign) return rate;
  for (let round = 0; round < 90; round += 1) {
    const middle = a.plus(b).div(2);
    const value = netPresentValue(flows, middle);
    if (value.isZero()) return middle;
    if (value.s === sign) a = middle;
    else b = middle;
  }
  return a.plus(b).div(2);
}

/**
 * Years until the sum of the flows is no longer negative and stays so, each year's flow spread evenly over it; `undefined`
 * when it never is. With `rate` the flows are discounted first. What was paid back can be spent again: the last time counts.
 */
export function payback(flows: Flows, rate: Base.Value = 0): Decimal | undefined {
  const back = crossing(flows, rate);
  return back && new Decimal(back.year).plus(back.missing.div(back.flow));
}

/** The same in whole months, begun ones counted. */
export function paybackMonths(flows: Flows, rate: Base.Value = 0): number | undefined {
  const back = crossing(flows, rate);
  // Multiplied first: two thirds of a year are eight months, not eight and a rounding.
  return back && back.year * 12 + Number(back.missing.times(12).div(back.flow).ceil());
}

function crossing(flows: Flows, rate: Base.Value): { year: number; missing: Decimal; flow: Decimal } | undefined {
  const growth = new Decimal(rate).plus(1);
  if (growth.lte(0)) throw new RangeError('a discount rate is above -1');
  const none = { year: 0, missing: new Decimal(0), flow: new Decimal(1) };
  let sum = new Decimal(flows[0] ?? 0);
  let back = sum.gte(0) ? none : undefined;
  for (const [index, flow] of flows.slice(1).entries()) {
    const worth = new Decimal(flow).div(growth.pow(index + 1));
    const after = sum.plus(worth);
    if (sum.lt(0) && after.gte(0)) back = { year: index, missing: sum.neg(), flow: worth };
    else if (after.lt(0)) back = undefined;
    sum = after;
  }
  return back;
}
