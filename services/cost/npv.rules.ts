import { type Amount, Decimal, decimal, sumOf, ZERO } from './money.rules.ts';

/** Cash flows over years, for comparing ways of getting the same thing. Flows are in one currency; costs are negative. */

/** Present value: flow 0 is today, flow t is discounted by `(1 + rate)^t`. */
export function netPresentValue(flows: readonly Amount[], rate: Amount): Decimal {
  const growth = decimal(rate).plus(1);
  if (growth.lte(0)) throw new RangeError('a discount rate is above -1');
  return sumOf(flows.map((flow, year) => decimal(flow).div(growth.pow(year))));
}

/** The rate at which the flows are worth nothing, by bisection; undefined when they never change sign. */
export function internalRate(flows: readonly Amount[]): Decimal | undefined {
  const signs = flows.map((flow) => decimal(flow).comparedTo(0)).filter((sign) => sign !== 0);
  if (!signs.some((sign) => sign !== signs[0])) return undefined;
  let low = new Decimal('-0.9999');
  let high = new Decimal(1);
  const side = (rate: Decimal) => netPresentValue(flows, rate).comparedTo(0);
  while (side(high) === side(low) && high.lessThan(1e6)) high = high.times(2);
  if (side(high) === side(low)) return undefined;
  for (let step = 0; step < 100; step += 1) {
    const middle = low.plus(high).div(2);
    if (side(middle) === side(low)) low = middle;
    else high = middle;
  }
  return low.plus(high).div(2);
}

/** Periods until the running sum is no longer below zero, with the part of the last one; undefined when it never is. */
export function payback(flows: readonly Amount[], rate: Amount = 0): Decimal | undefined {
  const growth = decimal(rate).plus(1);
  let sum = ZERO;
  for (const [period, flow] of flows.entries()) {
    const value = decimal(flow).div(growth.pow(period));
    const after = sum.plus(value);
    if (after.gte(0))
      return sum.isNegative() && value.greaterThan(0)
        ? new Decimal(period - 1).plus(sum.negated().div(value))
        : new Decimal(period);
    sum = after;
  }
  return undefined;
}

export interface CostLine {
  name: string;
  /** In year 0. */
  once?: Amount;
  /** In each year from 1 on. */
  yearly?: Amount;
  /** Of the yearly part, a year: 0.05 grows by 5 %. */
  growth?: Amount;
  /** For each unit of the volume, a year. */
  perUnit?: Amount;
  /** At the end of the last year. */
  atEnd?: Amount;
}

export interface Owned {
  /** Costs by year, year 0 first; positive. */
  years: Decimal[];
  total: Decimal;
  /** Present value of the costs. */
  presentValue: Decimal;
}

/** Total cost of ownership of a list of costs over `years`, for a volume a year. */
export function costOfOwnership(
  lines: readonly CostLine[],
  { years, rate = 0, volume = 0 }: { years: number; rate?: Amount; volume?: Amount },
): Owned {
  if (!Number.isInteger(years) || years < 1 || years > 50) throw new RangeError('1 to 50 years');
  const flows = Array.from({ length: years + 1 }, (_, year) =>
    sumOf(
      lines.map((line) => {
        if (year === 0) return decimal(line.once ?? 0);
        const grown = decimal(line.yearly ?? 0).times(
          decimal(line.growth ?? 0)
            .plus(1)
            .pow(year - 1),
        );
        const used = decimal(line.perUnit ?? 0).times(decimal(volume));
        return grown.plus(used).plus(year === years ? decimal(line.atEnd ?? 0) : 0);
      }),
    ),
  );
  return { years: flows, total: sumOf(flows), presentValue: netPresentValue(flows, rate) };
}

/**
 * The volume a year at which two ways cost the same, present values compared; undefined when one is always cheaper.
 * Both are linear in the volume, so two points say it all.
 */
export function breakEvenVolume(
  one: readonly CostLine[],
  other: readonly CostLine[],
  options: { years: number; rate?: Amount },
): Decimal | undefined {
  const gap = (volume: number) =>
    costOfOwnership(one, { ...options, volume }).presentValue.minus(
      costOfOwnership(other, { ...options, volume }).presentValue,
    );
  const atNothing = gap(0);
  const slope = gap(1).minus(atNothing);
  if (slope.isZero()) return undefined;
  const volume = atNothing.negated().div(slope);
  return volume.lessThan(0) ? undefined : volume;
}
