import { type Amount, Decimal, decimal, percentOf, sumOf, ZERO } from './money.rules.ts';

/** Reservations and savings plans: what is committed, what of it is used, and what it costs either way. */

const HOURS_A_DAY = 24;

import { MONTH_HOURS } from './estimate.rules.ts';

/** How much of the term is paid at its beginning: a part from 0 to 1, or FOCUS's words for it. */
export type Upfront = number | 'none' | 'no_upfront' | 'all' | 'all_upfront' | `partial_${number}`;

const upfrontPart = (option: Upfront): Decimal => {
  if (typeof option === 'number') return decimal(option);
  if (option.startsWith('partial_')) return decimal(option.slice('partial_'.length)).div(100);
  if (option === 'all' || option === 'all_upfront') return new Decimal(1);
  if (option === 'none' || option === 'no_upfront') return ZERO;
  throw new RangeError(`“${option}” is no way to pay: none, all, partial_50, or a part of 0 to 1`);
};

export interface Purchase {
  oneTime: Decimal;
  /** Of each of the term's months. */
  recurringMonth: Decimal;
  recurringHour: Decimal;
  whole: Decimal;
}

/**
 * What a commitment is billed as (FOCUS, appendix on commitment discounts). It is paid in whole months: a year has twelve
 * and three years have thirty-six, with a leap day among them or without.
 */
export function commitmentPurchase(of: { perHour: Amount; termDays: number; upfront: Upfront }): Purchase {
  const part = upfrontPart(of.upfront);
  if (part.lessThan(0) || part.greaterThan(1)) throw new RangeError('a part of 0 to 1 is paid upfront');
  if (!(of.termDays > 0)) throw new RangeError('a term has at least one day');
  const whole = decimal(of.perHour).times(HOURS_A_DAY).times(of.termDays);
  const rest = whole.times(new Decimal(1).minus(part));
  const months = Decimal.max(1, decimal(of.termDays).times(12).div(365).round());
  return {
    oneTime: whole.times(part),
    recurringMonth: rest.div(months),
    recurringHour: rest.div(HOURS_A_DAY * of.termDays),
    whole,
  };
}

export interface CommitmentUse {
  used: Decimal;
  unused: Decimal;
  /** Eligible usage beyond the commitment, at its on-demand price. */
  onDemand: Decimal;
  /** Commitment, used or not, and on-demand: what the hour really cost. */
  effectiveTotal: Decimal;
  utilisationPercent: Decimal | undefined;
  wastagePercent: Decimal | undefined;
}

/** One hour (or any period) of a commitment in money against eligible usage in the same money. */
export function commitmentUse(commit: Amount, eligibleUsage: Amount): CommitmentUse {
  const committed = decimal(commit);
  const usage = decimal(eligibleUsage);
  const used = Decimal.min(committed, Decimal.max(0, usage));
  const onDemand = Decimal.max(0, usage.minus(committed));
  return {
    used,
    unused: committed.minus(used),
    onDemand,
    effectiveTotal: committed.plus(onDemand),
    utilisationPercent: percentOf(used, committed),
    wastagePercent: percentOf(committed.minus(used), committed),
  };
}

export interface FlexibleUse {
  coveredFactor: Decimal;
  lines: { name: string; covered: Decimal; effective: Decimal; onDemandFactor: Decimal }[];
  unusedEffective: Decimal;
  /** Used and unused: the whole commitment, as FOCUS's EffectiveCost adds up over all of its rows. */
  totalEffective: Decimal;
}

/**
 * A size-flexible commitment: one large VM covers smaller ones by their normalisation factors, in the order given
 * (FOCUS, commitment discount flexibility). `cost` is what the whole commitment costs in the period.
 */
export function flexibleUse(
  commitment: { factor: Amount; cost: Amount },
  usage: readonly { name: string; factor: Amount }[],
): FlexibleUse {
  const factor = decimal(commitment.factor);
  if (factor.lte(0)) throw new RangeError('the normalisation factor of a commitment is above zero');
  const perFactor = decimal(commitment.cost).div(factor);
  let left = factor;
  const lines = usage.map(({ name, factor: own }) => {
    const covered = Decimal.min(left, decimal(own));
    left = left.minus(covered);
    return { name, covered, effective: covered.times(perFactor), onDemandFactor: decimal(own).minus(covered) };
  });
  return {
    coveredFactor: factor.minus(left),
    lines,
    unusedEffective: left.times(perFactor),
    totalEffective: decimal(commitment.cost),
  };
}

export interface CommitmentKpis {
  utilisationPercent: Decimal | undefined;
  wastedCost: Decimal;
  wastagePercent: Decimal | undefined;
  coveragePercent: Decimal | undefined;
  flags: string[];
}

/** Utilisation, waste and coverage with the FinOps toolkit's marks: above 90, below 10, and 60 to 80 percent. */
export function commitmentKpis(of: {
  committedHours: Amount;
  usedHours: Amount;
  eligibleCost: Amount;
  coveredCost: Amount;
  commitmentCost: Amount;
}): CommitmentKpis {
  const committed = decimal(of.committedHours);
  const used = Decimal.min(committed, Decimal.max(0, decimal(of.usedHours)));
  const utilisationPercent = percentOf(used, committed);
  const wastagePercent = percentOf(committed.minus(used), committed);
  const coveragePercent = percentOf(of.coveredCost, of.eligibleCost);
  const mark = (words: string, good: boolean | undefined) =>
    `${words} ${good === undefined ? 'unknown' : good ? 'ok' : 'missed'}`;
  return {
    utilisationPercent,
    wastedCost: committed.isZero() ? ZERO : decimal(of.commitmentCost).times(committed.minus(used)).div(committed),
    wastagePercent,
    coveragePercent,
    flags: [
      mark('utilisation>90', utilisationPercent?.greaterThan(90)),
      mark('coverage 60-80', coveragePercent?.gte(60) && coveragePercent.lte(80)),
      mark('wastage<10', wastagePercent?.lessThan(10)),
    ],
  };
}

export interface Steadiness {
  mean: number;
  /** Of the population, not of a sample. */
  sd: number;
  /** Coefficient of variation; infinite when the mean is zero and the values are not. */
  cv: number;
  class: 'stable: reservation' | 'variable: savings plan' | 'volatile: pay as you go';
}

/** How steady hourly usage is, and what that is good for: below 0.3 a reservation, to 0.6 a savings plan. */
export function steadiness(hourly: readonly number[]): Steadiness {
  const n = Math.max(1, hourly.length);
  const mean = hourly.reduce((sum, each) => sum + each, 0) / n;
  const sd = Math.sqrt(hourly.reduce((sum, each) => sum + (each - mean) ** 2, 0) / n);
  const cv = sd === 0 ? 0 : sd / Math.abs(mean);
  const against = spreadAgainst(hourly);
  const volatile = hourly.length === 0 || mean <= 0 || against('0.6') > 0;
  return {
    mean,
    sd,
    cv,
    class: volatile ? 'volatile: pay as you go' : against('0.3') < 0 ? 'stable: reservation' : 'variable: savings plan',
  };
}

/** Whether the coefficient of variation is above (1), at (0) or below (-1) a mark: exactly, by n Σx² − (Σx)² = (cv Σx)². */
function spreadAgainst(values: readonly number[]): (mark: Amount) => number {
  const exact = values.map(decimal);
  const sum = sumOf(exact);
  const squares = sumOf(exact.map((each) => each.times(each)));
  const spread = squares.times(values.length).minus(sum.times(sum));
  return (mark) => spread.comparedTo(sum.times(decimal(mark)).pow(2));
}

/** Recommendations of several subscriptions overlap: buy only a part of their sum (70 % for a management group). */
export function commitmentToBuy(
  recommendedHourly: readonly Amount[],
  part: Amount = '0.7',
): { sum: Decimal; buy: Decimal } {
  const sum = sumOf(recommendedHourly);
  return { sum, buy: sum.times(decimal(part)) };
}

export interface BreakEven {
  savingPercent: Decimal;
  /** Of the hours; used less than this, the reservation costs more than it saves. */
  utilisationPercent: Decimal;
  hoursAMonth: Decimal;
}

/** From which use on a reservation pays: its price over the price without it. */
export function reservationBreakEven(
  payAsYouGoHour: Amount,
  reservedHour: Amount,
  monthHours = MONTH_HOURS,
): BreakEven {
  const base = decimal(payAsYouGoHour);
  if (base.lte(0)) throw new RangeError('the price without a reservation must be above zero');
  const part = decimal(reservedHour).div(base);
  return {
    savingPercent: new Decimal(1).minus(part).times(100),
    utilisationPercent: part.times(100),
    hoursAMonth: part.times(monthHours),
  };
}

/** How broken up a resource's use is, from its hours a day: 0 runs through, 1 hardly runs. */
export function fragmentation(averageHoursADay: number): 0 | 0.25 | 0.5 | 0.75 | 1 {
  if (averageHoursADay >= 24) return 0;
  if (averageHoursADay >= 18) return 0.25;
  if (averageHoursADay >= 12) return 0.5;
  return averageHoursADay >= 6 ? 0.75 : 1;
}

export interface CommitmentPlan {
  hourly: Decimal;
  /** Of the looked-back period, against no commitment; unused hours are paid and count against it. */
  saving: Decimal;
  savingPercent: Decimal | undefined;
  utilisationPercent: Decimal | undefined;
  coveragePercent: Decimal | undefined;
}

/**
 * The commitment per hour (in money at the discounted price) that would have cost least over the hours looked back on.
 * Tries every level of use that occurred: the cost is piecewise linear between them, so one of them is the best.
 */
export function bestCommitment(hourlyOnDemand: readonly Amount[], discountPercent: Amount): CommitmentPlan {
  // An hour of refunds is an hour without use: it neither fills a commitment nor takes from it.
  const hours = hourlyOnDemand.map((hour) => Decimal.max(0, decimal(hour)));
  const keep = new Decimal(1).minus(decimal(discountPercent).div(100));
  const before = sumOf(hours);
  const plan = (level: Decimal): CommitmentPlan => {
    const covered = sumOf(hours.map((hour) => Decimal.min(hour, level)));
    const committed = level.times(hours.length);
    const saving = covered.minus(committed.times(keep));
    return {
      hourly: level.times(keep),
      saving,
      savingPercent: percentOf(saving, before),
      utilisationPercent: percentOf(covered, committed),
      coveragePercent: percentOf(covered, before),
    };
  };
  return [...hours, ZERO]
    .filter((level, index, all) => all.findIndex((other) => other.eq(level)) === index)
    .map(plan)
    .reduce((best, each) => (each.saving.greaterThan(best.saving) ? each : best), plan(ZERO));
}
