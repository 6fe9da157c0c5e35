import { Decimal } from 'decimal.js';
import { netPresentValue } from '../cost/index.ts';

/**
 * Money over the years: exact decimals in one currency, year 0 (now) first, each flow at the end of its year. Present
 * values are the cost domain's. Definitions: Brealey, Myers, Allen, Principles of Corporate Finance (IRR, payback).
 */
export type Flows = readonly Decimal[];

/** More precision than any sum of money needs, and quick. */
const Exact = Decimal.clone({ precision: 40 });
const decimal = (value: Decimal.Value) => new Exact(value);

export type Irr =
  | { kind: 'rate'; rate: Decimal }
  /** All flows have one sign: no rate makes them worth nothing. */
  | { kind: 'none'; why: string }
  /** More than one rate does: the number would say nothing. */
  | { kind: 'several'; rates: readonly Decimal[] };

const LOWEST_RATE = -0.99;
const HIGHEST_RATE = 100;
const SCAN_STEPS = 2_000;

/** The rates at which the flows are worth nothing, between −99 % and 10,000 %. */
export function irr(flows: Flows): Irr {
  if (flows.every((flow) => flow.isZero())) return { kind: 'none', why: 'there is no cash flow' };
  if (flows.every((flow) => flow.gte(0)) || flows.every((flow) => flow.lte(0)))
    return { kind: 'none', why: 'money only goes one way' };
  const numbers = flows.map(Number);
  const at = (rate: number) => numbers.reduce((sum, flow, year) => sum + flow / (1 + rate) ** year, 0);
  // Scanned by 1/(1+r), in which the value is a polynomial: its roots are spread evenly enough to be seen.
  const [from, to] = [1 / (1 + HIGHEST_RATE), 1 / (1 + LOWEST_RATE)].map(Math.log) as [number, number];
  const rateAt = (step: number) => 1 / Math.exp(from + ((to - from) * step) / SCAN_STEPS) - 1;
  const rates: Decimal[] = [];
  for (let step = 0; step < SCAN_STEPS; step += 1) {
    const [high, low] = [rateAt(step), rateAt(step + 1)];
    const [above, below] = [at(high), at(low)];
    if (above === 0) rates.push(decimal(high));
    else if (above * below < 0) rates.push(bisect((rate) => netPresentValue(flows, rate), decimal(low), decimal(high)));
  }
  if (rates.length === 1 && rates[0]) return { kind: 'rate', rate: rates[0] };
  if (rates.length > 1) return { kind: 'several', rates };
  return { kind: 'none', why: 'no rate makes the flows worth nothing' };
}

/** Where `f` is 0 between two places with different signs. */
function bisect(f: (x: Decimal) => Decimal, left: Decimal, right: Decimal): Decimal {
  let [a, b] = [left, right];
  const sign = f(a).s;
  for (let round = 0; round < 120; round += 1) {
    const middle = a.plus(b).div(2);
    const value = f(middle);
    if (value.isZero()) return middle;
    if (value.s === sign) a = middle;
    else b = middle;
  }
  return a.plus(b).div(2);
}

/**
 * After how many months the sum of the flows is no longer negative, each year's flow spread evenly over its months;
 * `undefined` when it never is. With `rate` the flows are discounted first.
 */
export function paybackMonths(flows: Flows, rate: Decimal.Value = 0): number | undefined {
  const growth = decimal(rate).plus(1);
  const worth = flows.map((flow, year) => decimal(flow).div(growth.pow(year)));
  let sum = worth[0] ?? decimal(0);
  if (sum.gte(0) && worth.slice(1).every((flow) => flow.gte(0))) return 0;
  let month: number | undefined = sum.gte(0) ? 0 : undefined;
  for (const [index, flow] of worth.slice(1).entries()) {
    const after = sum.plus(flow);
    // What was paid back can be spent again: only the last time counts.
    if (sum.lt(0) && after.gte(0)) month = index * 12 + Number(sum.neg().div(flow).times(12).ceil());
    else if (after.lt(0)) month = undefined;
    sum = after;
  }
  return month;
}
