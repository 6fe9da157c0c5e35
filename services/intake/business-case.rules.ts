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

/** NPV(build) − NPV(buy). */
const gapOf = (input: CaseInput): Decimal =>
  npv(flowsOf(input, buildCosts(input), input.build.success), input.rate).minus(
    npv(flowsOf(input, buyCosts(input), input.buy.success), input.rate),
  );

/** Usage is the only part that grows with the volume, so the gap is a straight line in it. */
function breakEvenVolume(input: CaseInput): CaseResult['breakEvenVolume'] {
  const [none, one] = [gapOf({ ...input, volume: '0' }), gapOf({ ...input, volume: '1' })];
  const slope = one.minus(none);
  if (slope.isZero()) return undefined;
  const volume = none.neg().div(slope);
  return volume.lt(0) ? undefined : { volume, above: slope.gt(0) ? 'build' : 'buy' };
}

/** What can be moved: a name in words, how to read it and how to set it. */
interface Knob {
  name: string;
  /** How its value is written. */
  unit: 'money' | 'share' | 'count';
  get: (input: CaseInput) => Decimal;
  set: (input: CaseInput, value: Decimal) => CaseInput;
}

const RATE = 'discount rate';
const text = (value: Decimal) => value.toFixed();
/** Nobody is surer than certain. */
const atMostOne = (value: Decimal): Decimal => (value.gt(1) ? d('1') : value);
const ofSide = (which: Side, field: string, name: string, unit: Knob['unit'] = 'money'): Knob => ({
  name,
  unit,
  get: (input) => d((input[which] as unknown as Record<string, string>)[field] ?? '0'),
  set: (input, value) => ({ ...input, [which]: { ...input[which], [field]: text(value) } }),
});
const meanOf = (shares: readonly number[]): Decimal =>
  shares.reduce((sum, each) => sum.plus(String(each)), d('0')).div(shares.length);
const chanceOf = (which: Side, name: string): Knob => ({
  name,
  unit: 'share',
  get: (input) => d(String(input[which].success)),
  set: (input, value) => ({ ...input, [which]: { ...input[which], success: atMostOne(value).toNumber() } }),
});
const KNOBS: readonly Knob[] = [
  {
    name: 'volume',
    unit: 'count',
    get: ({ volume }) => d(volume),
    set: (input, value) => ({ ...input, volume: text(value) }),
  },
  {
    name: 'benefit',
    unit: 'money',
    get: ({ benefits }) => d(benefits[0] ?? '0'),
    set: (input, value) => {
      const first = d(input.benefits[0] ?? '0');
      const factor = first.isZero() ? d('1') : value.div(first);
      return { ...input, benefits: input.benefits.map((each) => text(d(each).times(factor))) };
    },
  },
  {
    name: 'adoption',
    unit: 'share',
    get: ({ adoption }) => meanOf(adoption),
    set: (input, value) => {
      const mean = meanOf(input.adoption);
      const factor = mean.isZero() ? d('1') : value.div(mean);
      const scaled = input.adoption.map((each) => atMostOne(d(String(each)).times(factor)).toNumber());
      return { ...input, adoption: scaled };
    },
  },
  chanceOf('build', 'success of building'),
  chanceOf('buy', 'success of buying'),
  { name: RATE, unit: 'share', get: ({ rate }) => d(rate), set: (input, value) => ({ ...input, rate: text(value) }) },
  ofSide('build', 'development', 'development'),
  ofSide('build', 'contingency', 'contingency', 'share'),
  ofSide('build', 'people', 'people to run it'),
  ofSide('build', 'compute', 'compute'),
  ofSide('build', 'retraining', 'retraining'),
  ofSide('build', 'monitoring', 'monitoring'),
  ofSide('build', 'governance', 'governance'),
  ofSide('buy', 'integration', 'integration'),
  ofSide('buy', 'licence', 'licence'),
  ofSide('buy', 'licenceGrowth', 'growth of licence', 'share'),
  ofSide('buy', 'price', 'price per use'),
  ofSide('buy', 'vendorWork', 'work for the vendor'),
  ofSide('buy', 'egress', 'egress'),
  ofSide('buy', 'exit', 'exit cost'),
];

export interface TornadoBar {
  input: string;
  unit: Knob['unit'];
  /** The input's value a fifth lower and a fifth higher, or as far as it can go. */
  from: Decimal;
  to: Decimal;
  /** NPV(build) − NPV(buy) with the input 20 % lower and 20 % higher. */
  low: Decimal;
  high: Decimal;
  swing: Decimal;
}

const SWING = '0.2';

/** Each input alone moved by a fifth down and up; the widest first. What is zero cannot be moved and is left out. */
export function tornado(input: CaseInput): TornadoBar[] {
  return KNOBS.filter(({ get }) => !get(input).isZero())
    .map(({ name, unit, get, set }) => {
      const at = (factor: Decimal) => {
        const moved = set(input, get(input).times(factor));
        return { value: get(moved), gap: gapOf(moved) };
      };
      const [less, more] = [at(d('1').minus(SWING)), at(d('1').plus(SWING))];
      const swing = less.gap.minus(more.gap).abs();
      return { input: name, unit, from: less.value, to: more.value, low: less.gap, high: more.gap, swing };
    })
    .filter(({ swing }) => swing.gt(0))
    .sort((a, b) => b.swing.cmp(a.swing));
}

export interface Flip {
  input: string;
  /** The value at which both sides are worth the same. */
  at: Decimal;
  /** Share by which the input would have to change: −0.3 is 30 % less. */
  change: Decimal;
}

const FURTHEST = '10';
/** Halves an interval of nine to a billionth. */
const FLIP_ROUNDS = 34;

/**
 * The gap is no straight line in the discount rate and may turn twice: it turns where the difference of the two ways, taken
 * as a cash flow of its own, is worth nothing (Fisher's intersection).
 */
function flippingRates(input: CaseInput): Decimal[] {
  const [build, buy] = [
    flowsOf(input, buildCosts(input), input.build.success),
    flowsOf(input, buyCosts(input), input.buy.success),
  ];
  const found = irr(build.map((flow, year) => flow.minus(buy[year] ?? 0)));
  const rates = found.kind === 'rate' ? [found.rate] : found.kind === 'several' ? found.rates : [];
  return rates.filter((rate) => rate.gte(0) && rate.lte(d(input.rate).times(FURTHEST)));
}

/** The input that turns the choice around with the least change, between nothing and ten times its value. */
export function flip(input: CaseInput): Flip | undefined {
  const now = gapOf(input);
  if (now.isZero()) return undefined;
  const found = KNOBS.filter(({ get }) => !get(input).isZero()).flatMap(({ name, get, set }): Flip[] => {
    const value = get(input);
    const gap = (factor: Decimal) => gapOf(set(input, value.times(factor)));
    if (name === RATE) return flippingRates(input).map((at) => ({ input: name, at, change: at.div(value).minus(1) }));
    return [d('0'), d(FURTHEST)].flatMap((end): Flip[] => {
      // A share cannot go beyond 1, wherever it is moved.
      if (gap(end).s === now.s) return [];
      let [same, other] = [d('1'), end];
      for (let round = 0; round < FLIP_ROUNDS; round += 1) {
        const middle = same.plus(other).div(2);
        if (gap(middle).s === now.s) same = middle;
        else other = middle;
      }
      const at = get(set(input, value.times(other)));
      return [{ input: name, at, change: at.div(value).minus(1) }];
    });
  });
  return found.sort((a, b) => a.change.abs().cmp(b.change.abs()))[0];
}
