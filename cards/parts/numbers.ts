import { Decimal } from 'decimal.js';
import { APART, clean } from './text.ts';

/** What is not known is said, never drawn as 0 or a dash. */
export const UNKNOWN = 'unknown';

type Exact = Intl.StringNumericLiteral;

/** A hyphen is too short to be seen before a currency, and may end a line. */
const minus = (text: string): string => text.replace(/^-/, '−');

/** Grouped, with as many digits as a person can use: 3,100 · 12.4 · 0.31 · 0.0042. `digits` fixes the decimals. */
export function number(value: number | undefined, options: { digits?: number; unit?: string } = {}): string {
  if (value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  const format: Intl.NumberFormatOptions =
    options.digits !== undefined
      ? { minimumFractionDigits: options.digits, maximumFractionDigits: options.digits }
      : size >= 100
        ? { maximumFractionDigits: 0 }
        : size >= 1
          ? { maximumFractionDigits: 1 }
          : { maximumSignificantDigits: 2 };
  const text = minus(new Intl.NumberFormat('en-GB', format).format(value));
  return options.unit ? `${text}${APART}${clean(options.unit, 20)}` : text;
}

/** "12 %", "0.4 %", "99.95 %": the one way in which a number of percent is written. `digits` fixes the decimals. */
export const percentage = (value: number | undefined, digits?: number): string =>
  number(value, { unit: '%', ...(digits === undefined ? {} : { digits }) });

/** A share from 0 to 1 as "12 %", "0.4 %"; with `from` the change in points and its sign: "4.2 % (+1.1 points)". */
export function percent(share: number | undefined, from?: number): string {
  if (share === undefined || !Number.isFinite(share)) return UNKNOWN;
  const text = percentage(share * 100);
  if (from === undefined || !Number.isFinite(from)) return text;
  const points = (share - from) * 100;
  return `${text} (${points < 0 ? '−' : '+'}${number(Math.abs(points))} points)`;
}

export interface Amount {
  /** Exact decimal as a string. */
  amount: string;
  /** ISO 4217. */
  currency: string;
}

/** "€4,200", "€12.50", "US$0.0000042": whole units from 1,000 up, cents below, two digits when it is less than a cent. */
export function money(value: Amount | undefined): string {
  const amount = value && decimal(value.amount);
  if (!amount) return UNKNOWN;
  const size = amount.abs();
  const rounded = size.gte(1000) || size.isInteger() ? 0 : size.gte('0.01') || size.isZero() ? 2 : undefined;
  const text = rounded === undefined ? amount.toSignificantDigits(2).toFixed() : amount.toFixed(rounded);
  const digits = rounded ?? Math.min(20, text.split('.')[1]?.length ?? 2);
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (!/^[A-Z]{3}$/.test(value.currency)) {
    return `${minus(new Intl.NumberFormat('en-GB', format).format(text as Exact))} ${clean(value.currency, 8)}`;
  }
  const currency = { ...format, style: 'currency', currency: value.currency } as const;
  return minus(new Intl.NumberFormat('en-GB', currency).format(text as Exact));
}

function decimal(text: string): Decimal | undefined {
  if (!/^-?\d{1,30}(\.\d{1,30})?$/.test(text)) return undefined;
  return new Decimal(text);
}
