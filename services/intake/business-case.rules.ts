import { Decimal } from 'decimal.js';
import { type Irr, irr, netPresentValue as npv, paybackMonths } from '../core/cash.rules.ts';
import { type CostLine, costOfOwnership } from '../cost/index.ts';

/**
 * In-house against a third party over the years (decisions of this kind go wrong by what is left out, so everything that
 * is paid has a place). Build: development with its contingency, then what running it takes each year. Buy: integration,
 * a licence that grows, usage by volume, work for the vendor, egress, and the exit. Money is a decimal in one currency.
 */
export interface CaseInput {
  /** 1 to 15; three at least are advised, because licences look cheap in the first. */
  years: number;
  /** Share a year: 0.08. */
  rate: string;
  /** Benefit of each year at full adoption; the last one stands for the years after it. */
  benefits: readonly string[];
  /** Share of the benefit that is reached in each year, 0 to 1; the last one stands for the years after it. */
  adoption: readonly number[];
  /** Decisions or calls in a year. */
  volume: string;
  build: {
    development: string;
    /** 0.5: half as much again. */
    contingency: string;
    /** Each year. */
    compute: string;
    people: string;
    retraining: string;
    monitoring: string;
    governance: string;
    /** 0 to 1 */
    success: number;
  };
  buy: {
    integration: string;
    licence: string;
    /** Share a year: 0.05. */
    licenceGrowth: string;
    /** For each of `volume`. */
    price: string;
    vendorWork: string;
    egress: string;
    /** Once, at the end. */
    exit: string;
    success: number;
  };
}

export const CONTINGENCY = '0.5';
export type Side = 'build' | 'buy';

export interface SideResult {
  /** Year 0 first. */
  costs: readonly Decimal[];
  flows: readonly Decimal[];
  npv: Decimal;
  /** Total cost of ownership: the present value of what is paid. */
  tco: Decimal;
  irr: Irr;
  /** undefined: never within the years. */
  breakEvenMonth: number | undefined;
}

export interface CaseResult {
  build: SideResult;
  buy: SideResult;
  better: Side | 'equal';
  /** By how much, as present value. */
  by: Decimal;
  /** The volume at which both are worth the same: above it building is better (or below it, see `above`). */
  breakEvenVolume: { volume: Decimal; above: Side } | undefined;
}

export class BadCase extends RangeError {}
const MOST_YEARS = 15;

const d = (value: string) => new Decimal(value);
const share = (name: string, value: number) => {
  if (!(value >= 0 && value <= 1)) throw new BadCase(`${name} is a share from 0 to 1, not ${value}`);
};

/** Both sides, year by year. Throws BadCase when a number cannot be right. */
export function businessCase(input: CaseInput): CaseResult {
  check(input);
  const build = side(input, buildCosts(input), input.build.success);
  const buy = side(input, buyCosts(input), input.buy.success);
  const gap = build.npv.minus(buy.npv);
  return {
    build,
    buy,
    better: gap.isZero() ? 'equal' : gap.gt(0) ? 'build' : 'buy',
    by: gap.abs(),
    breakEvenVolume: breakEvenVolume(input),
  };
}

function check(input: CaseInput): void {
  const { years, benefits, adoption } = input;
  if (!Number.isInteger(years) || years < 1 || years > MOST_YEARS)
    throw new BadCase(`a business case has 1 to ${MOST_YEARS} whole years, not ${years}`);
  if (benefits.length === 0) throw new BadCase('no year has a benefit: give at least one');
  if (adoption.length === 0) throw new BadCase('no year has an adoption: give at least one share, such as 1');
  for (const value of adoption) share('adoption', value);
  share('the chance that building succeeds', input.build.success);
  share('the chance that the product succeeds', input.buy.success);
  if (d(input.rate).lte(-1)) throw new BadCase('the discount rate must be above -100 %');
  if (d(input.volume).lt(0)) throw new BadCase('the volume must not be negative');
  const { success: _build, ...built } = input.build;
  const { success: _buy, licenceGrowth: _growth, ...bought } = input.buy;
  for (const [name, value] of Object.entries({ ...built, ...bought }))
    if (d(value).lt(0)) throw new BadCase(`${name} is a cost: it must not be negative`);
}

const yearOf = <T>(values: readonly T[], year: number): T => values[Math.min(year, values.length) - 1] as T;

function buildCosts({ years, build }: CaseInput): Decimal[] {
  const running: CostLine[] = [build.compute, build.people, build.retraining, build.monitoring, build.governance].map(
    (yearly) => ({ name: 'running it', yearly }),
  );
  const once = d(build.development).times(d(build.contingency).plus(1));
  return costOfOwnership([{ name: 'development', once }, ...running], { years }).years;
}

function buyCosts({ years, buy, volume }: CaseInput): Decimal[] {
  const lines: CostLine[] = [
    { name: 'integration', once: buy.integration },
    { name: 'licence', yearly: buy.licence, growth: buy.licenceGrowth, atEnd: buy.exit },
    { name: 'usage', perUnit: buy.price },
    { name: 'work for the vendor', yearly: buy.vendorWork },
    { name: 'egress', yearly: buy.egress },
  ];
  return costOfOwnership(lines, { years, volume }).years;
}

const flowsOf = (input: CaseInput, costs: readonly Decimal[], success: number): Decimal[] =>
  costs.map((cost, year) =>
    year === 0
      ? cost.neg()
      : d(yearOf(input.benefits, year)).times(yearOf(input.adoption, year)).times(success).minus(cost),
  );

function side(input: CaseInput, costs: Decimal[], success: number): SideResult {
  const flows = flowsOf(input, costs, success);
  return {
    costs,
    flows,
    npv: npv(flows, input.rate),
    tco: npv(costs, input.rate),
    irr: irr(flows),
    breakEvenMonth: paybackMonths(flows),
  };
}

/** What each side brings in and costs, year by year; year 0 first. */
export const flowsOfSides = (input: CaseInput): Record<Side, Decimal[]> => ({
  build: flowsOf(input, buildCosts(input), input.build.success),
  buy: flowsOf(input, buyCosts(input), input.buy.success),
});

/** NPV(build) − NPV(buy). */
export function gapOf(input: CaseInput): Decimal {
  const { build, buy } = flowsOfSides(input);
  return npv(build, input.rate).minus(npv(buy, input.rate));
}

/** Usage is the only part that grows with the volume, so the gap is a straight line in it. */
function breakEvenVolume(input: CaseInput): CaseResult['breakEvenVolume'] {
  const [none, one] = [gapOf({ ...input, volume: '0' }), gapOf({ ...input, volume: '1' })];
  const slope = one.minus(none);
  if (slope.isZero()) return undefined;
  const volume = none.neg().div(slope);
  return volume.lt(0) ? undefined : { volume, above: slope.gt(0) ? 'build' : 'buy' };
}
