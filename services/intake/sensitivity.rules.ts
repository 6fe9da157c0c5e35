import { Decimal } from 'decimal.js';
import { irr } from '../core/cash.rules.ts';
import { type CaseInput, flowsOfSides, gapOf, type Side } from './business-case.rules.ts';

/** Which input of a business case matters: each moved alone, and the one that turns the choice around soonest. */

const d = (value: string) => new Decimal(value);

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
  const { build, buy } = flowsOfSides(input);
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
