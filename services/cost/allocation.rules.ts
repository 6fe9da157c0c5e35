import { type Amount, Decimal, decimal, percentOf, sumOf, sumsBy, ZERO } from './money.rules.ts';

/**
 * Splits a total so that the shares add up to it exactly: each gets its share rounded towards zero, and the units left
 * over go to the largest remainders, ties to whoever comes first (Hamilton's method). Negative totals (credits, refunds)
 * are split like costs. `weights` are not negative; when all are zero the split is even. No weights and no total is [].
 */
export function splitByWeights(total: Amount, weights: readonly Amount[], places = 2): Decimal[] {
  const whole = decimal(total).toDecimalPlaces(places, Decimal.ROUND_HALF_UP);
  const given = weights.map(decimal);
  if (given.some((weight) => weight.isNegative() && !weight.isZero())) {
    throw new RangeError('a weight is never below zero');
  }
  if (given.length === 0) {
    if (whole.isZero()) return [];
    throw new RangeError('there is nobody to carry this cost');
  }
  const sum = sumOf(given);
  const parts = sum.isZero() ? given.map(() => new Decimal(1)) : given;
  const among = sum.isZero() ? new Decimal(given.length) : sum;
  const unit = new Decimal(10).pow(-places);
  // In whole units over one denominator: quotients and remainders are exact, so a tie is a tie and no last digit breaks it.
  const units = whole.abs().div(unit);
  const dividends = parts.map((part) => units.times(part));
  const shares = dividends.map((dividend) => dividend.divToInt(among).times(unit));
  const left = whole.abs().minus(sumOf(shares)).div(unit).round().toNumber();
  const byRemainder = dividends
    .map((dividend, index) => ({ index, remainder: dividend.mod(among) }))
    .sort((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? ZERO).plus(unit);
  return whole.isNegative() ? shares.map((share) => (share.isZero() ? share : share.negated())) : shares;
}

/** Azure treats tag names without case; people write values with stray case and blanks. */
export const normalTag = (value: string): string => value.trim().replace(/\s+/g, ' ').toLowerCase();

/** Sums of amounts by tag value, values compared without case and outer blanks. */
export function sumByTag(rows: readonly (readonly [tag: string, amount: Amount])[]): Record<string, Decimal> {
  return sumsBy(rows.map(([tag, amount]) => [normalTag(tag), amount] as const));
}

/** What a resource costs with everything below it. The slash is the border: `vm10` is no child of `vm1`. */
export function costWithChildren(costs: Readonly<Record<string, Amount>>, resource: string): Decimal {
  const own = resource.toLowerCase().replace(/\/+$/, '');
  return sumOf(
    Object.entries(costs)
      .filter(([id]) => id.toLowerCase() === own || id.toLowerCase().startsWith(`${own}/`))
      .map(([, cost]) => cost),
  );
}

/** Amount × duration × hourly rate (OpenCost specification, asset cost). */
export const assetCost = ({ cores, hours, rate }: { cores: Amount; hours: Amount; rate: Amount }): Decimal =>
  decimal(cores).times(hours).times(rate);

export interface Statement {
  /** Direct cost and the share of what is shared. */
  total: Decimal;
  /** Of the budget; undefined without one. */
  budgetPercent: Decimal | undefined;
  over: boolean;
}

/** What a team carries when shared cost is charged back, beside its budget. */
export function chargeback(team: { direct: Amount; sharedShare: Amount; budget?: Amount }): Statement {
  const total = decimal(team.direct).plus(decimal(team.sharedShare));
  const budgetPercent = team.budget === undefined ? undefined : percentOf(total, team.budget);
  // Compared as amounts: a budget of nothing is exceeded by any cost, and no percentage can say so.
  return { total, budgetPercent, over: team.budget !== undefined && total.greaterThan(decimal(team.budget)) };
}

export interface AllocationRules {
  /** Tag values (normalised) to departments. */
  departments: Readonly<Record<string, readonly string[]>>;
  /** What is shared, and how it is split: by direct cost, evenly, or by stated weights. */
  shared: readonly { match: readonly string[]; by: 'direct' | 'even' | Readonly<Record<string, Amount>> }[];
  /** What carries no tag: its own line, or split like shared cost. */
  untagged: 'keep' | 'direct' | 'even';
}

export interface Allocated {
  department: string;
  direct: Decimal;
  shared: Decimal;
  total: Decimal;
}

export const UNALLOCATED = 'unallocated';

/**
 * Cost by department: direct by tag value, then shared cost, then the untagged by the stated rules. Every step is split
 * by largest remainder, so the lines add up to the whole. Rows of one currency only.
 */
export function allocate(
  rows: readonly { tag: string; amount: Amount }[],
  rules: AllocationRules,
  places = 2,
): { lines: Allocated[]; total: Decimal; untagged: Decimal; unexplained: Decimal } {
  const names = Object.keys(rules.departments);
  const owner = new Map(names.flatMap((name) => (rules.departments[name] ?? []).map((tag) => [normalTag(tag), name])));
  const direct = new Map<string, Decimal>(names.map((name) => [name, ZERO]));
  const pools = rules.shared.map((rule) => ({ rule, tags: new Set(rule.match.map(normalTag)), amount: ZERO }));
  let untagged = ZERO;
  let unexplained = ZERO;
  for (const { tag, amount } of rows) {
    const key = normalTag(tag);
    const pool = pools.find(({ tags }) => tags.has(key));
    const department = owner.get(key);
    if (pool) pool.amount = pool.amount.plus(decimal(amount));
    else if (department) direct.set(department, (direct.get(department) ?? ZERO).plus(decimal(amount)));
    else if (key === '') untagged = untagged.plus(decimal(amount));
    else unexplained = unexplained.plus(decimal(amount));
  }
  const total = sumOf(rows.map(({ amount }) => amount)).toDecimalPlaces(places, Decimal.ROUND_HALF_UP);
  const split = rules.untagged === 'keep' ? ZERO : untagged;
  const keep = rules.untagged === 'keep' ? untagged.plus(unexplained) : unexplained;
  // Cents are given out once, over all lines, so that the rounded lines add up to the rounded total.
  const lines = [...names, UNALLOCATED];
  const exact = lines.map((name) => (name === UNALLOCATED ? keep : (direct.get(name) ?? ZERO)));
  const rounded = apportion(exact, total.minus(roundedOf(pools, split, places)), places);
  const shared = lines.map(() => ZERO);
  const share = (amount: Decimal, by: AllocationRules['shared'][number]['by']) => {
    if (amount.isZero()) return;
    const weights = weightsOf(by, names, rounded);
    if (weights.length === 0) {
      shared[lines.length - 1] = (shared.at(-1) ?? ZERO).plus(amount);
      return;
    }
    for (const [index, part] of splitByWeights(amount, weights, places).entries()) {
      shared[index] = (shared[index] ?? ZERO).plus(part);
    }
  };
  for (const { rule, amount } of pools) share(amount.toDecimalPlaces(places, Decimal.ROUND_HALF_UP), rule.by);
  if (rules.untagged !== 'keep') share(split.toDecimalPlaces(places, Decimal.ROUND_HALF_UP), rules.untagged);
  return {
    lines: lines.map((department, index) => {
      const own = rounded[index] ?? ZERO;
      const part = shared[index] ?? ZERO;
      return { department, direct: own, shared: part, total: own.plus(part) };
    }),
    total,
    untagged,
    unexplained,
  };
}

const roundedOf = (pools: readonly { amount: Decimal }[], split: Decimal, places: number): Decimal =>
  sumOf(
    [...pools.map(({ amount }) => amount), split].map((each) => each.toDecimalPlaces(places, Decimal.ROUND_HALF_UP)),
  );

function weightsOf(
  by: AllocationRules['shared'][number]['by'],
  names: readonly string[],
  direct: readonly Decimal[],
): Amount[] {
  if (by === 'even') return names.map(() => 1);
  // A department whose refunds exceed its cost carries no share of what is shared.
  if (by === 'direct') return names.map((_, index) => Decimal.max(0, direct[index] ?? ZERO));
  return names.map((name) => by[name] ?? 0);
}

/**
 * Rounds amounts, of either sign, so that they add up to `total`: the largest remainders are rounded away first. A negative
 * total is the mirror image of a positive one: credits are given out as costs are.
 */
export function apportion(amounts: readonly Decimal[], total: Decimal, places = 2): Decimal[] {
  if (total.lessThan(0)) {
    const mirrored = amounts.map((amount) => ZERO.minus(amount));
    return apportion(mirrored, total.negated(), places).map((share) => ZERO.minus(share));
  }
  const unit = new Decimal(10).pow(-places);
  const shares = amounts.map((amount) => amount.toDecimalPlaces(places, Decimal.ROUND_FLOOR));
  const left = total.minus(sumOf(shares)).div(unit).round().toNumber();
  const order = amounts
    .map((amount, index) => ({ index, remainder: amount.minus(shares[index] ?? ZERO) }))
    .sort((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index);
  const whole = order.length > 0 ? Math.floor(left / order.length) : 0;
  for (const [rank, { index }] of order.entries()) {
    const extra = whole + (rank < left - whole * order.length ? 1 : 0);
    shares[index] = (shares[index] ?? ZERO).plus(unit.times(extra));
  }
  return shares;
}
