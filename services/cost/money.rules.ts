import type { Decimal as Base } from 'decimal.js';
import { Decimal } from '../core/cash.rules.ts';
import { Refused } from '../core/errors.ts';

/**
 * Money is a decimal with a currency. Amounts keep every digit Azure sends (unit prices have many); they are rounded half
 * up when they are shown, and only then. Amounts of different currencies are never added.
 */
export { Decimal };
/** Anything that reads as a decimal number. Text is exact; a JavaScript number is taken by its shortest text. */
export type Amount = Base | string | number;

export interface Money {
  amount: Decimal;
  /** ISO 4217 code. */
  currency: string;
}

export const ZERO = new Decimal(0);

/** Reads an amount. Throws `Refused` for what is no finite number. */
export function decimal(value: Amount): Decimal {
  try {
    const parsed = new Decimal(value);
    if (parsed.isFinite()) return parsed;
  } catch (error) {
    throw new Refused(
      `“${String(value)}” is no amount: ${(error as Error).message}.`,
      'Write a number such as 1250.50.',
    );
  }
  throw new Refused(`“${String(value)}” is no amount.`, 'Write a number such as 1250.50.');
}

export const money = (amount: Amount, currency: string): Money => ({
  amount: decimal(amount),
  currency: currency.trim().toUpperCase(),
});

/** The exact sum: 0.1 + 0.2 is 0.3. */
export const sumOf = (amounts: Iterable<Amount>): Decimal => {
  let total = ZERO;
  for (const each of amounts) total = total.plus(decimal(each));
  return total;
};

/** Sums by key. A key is any text that somebody wrote, also `constructor` or `__proto__`. */
export function sumsBy(rows: Iterable<readonly [key: string, amount: Amount]>): Record<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const [key, amount] of rows) sums.set(key, (sums.get(key) ?? ZERO).plus(decimal(amount)));
  return Object.fromEntries(sums);
}

/** Each currency's own sum, currencies in alphabetical order. */
export function sumByCurrency(rows: Iterable<{ amount: Amount; currency: string }>): Record<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const row of rows) {
    const { amount, currency } = money(row.amount, row.currency);
    sums.set(currency, (sums.get(currency) ?? ZERO).plus(amount));
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Amounts of several currencies were about to be added. Carries what each currency comes to, so nothing is lost. */
export class MixedCurrencies extends Refused {
  readonly byCurrency: Readonly<Record<string, Decimal>>;
  constructor(byCurrency: Readonly<Record<string, Decimal>>) {
    const each = Object.entries(byCurrency).map(([currency, amount]) => `${currency} ${amount.toFixed(2)}`);
    super(
      `These costs are in ${each.length} currencies and cannot be added: ${each.join(', ')}.`,
      'Ask for one scope or one currency at a time.',
      'mixed_currency',
    );
    this.byCurrency = byCurrency;
  }
}

/** The one total of rows in one currency. Throws `MixedCurrencies`; no rows are zero in `otherwise`. */
export function totalOf(rows: Iterable<{ amount: Amount; currency: string }>, otherwise = 'USD'): Money {
  const sums = sumByCurrency(rows);
  const [first, ...others] = Object.entries(sums);
  if (others.length > 0) throw new MixedCurrencies(sums);
  return first ? { currency: first[0], amount: first[1] } : { currency: otherwise, amount: ZERO };
}

/** Digits after the point that a currency is counted in (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD. */
export function placesOf(currency: string): number {
  try {
    const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
    return maximumFractionDigits ?? 2;
  } catch (error) {
    // A code that is no currency ("XX"): it is shown with cents, as most are.
    if (error instanceof RangeError) return 2;
    throw error;
  }
}

/** Rounded half up to the currency's own places, for showing and for the last step of a calculation. */
export const displayed = (amount: Amount, currency = 'EUR'): Decimal =>
  decimal(amount).toDecimalPlaces(placesOf(currency), Decimal.ROUND_HALF_UP);

/** `part` of `whole` in percent; undefined when there is no whole to be a part of. */
export function percentOf(part: Amount, whole: Amount): Decimal | undefined {
  const base = decimal(whole);
  return base.isZero() ? undefined : decimal(part).div(base).times(100);
}
