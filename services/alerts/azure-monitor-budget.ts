import type { Context, ContextReading } from './azure-monitor-context.ts';
import { isObject } from './eventgrid.ts';
import { strings } from './eventgrid-types.ts';

/**
 * A budget's alert. Cost Management sends money as text formatted for the budget's creator ("$11,111.00"), and one alert
 * per level that is passed; it never says that the spend fell again.
 */
export function budget(context: Context): ContextReading {
  const data = isObject(context.AlertData) ? strings(context.AlertData) : {};
  const currency = currencyOf(data.Unit, data.SpentAmount ?? data.BudgetThreshold);
  const spent = decimalOf(data.SpentAmount);
  const limit = decimalOf(data.BudgetThreshold);
  const level = decimalOf(data.NotificationThresholdAmount) ?? limit;
  const forecast = decimalOf(data.ForecastedTotalForPeriod);
  const amount = (value: string | undefined) =>
    value === undefined ? 'unknown' : [value, currency].filter(Boolean).join(' ');
  const forecasted = data.ThresholdType?.toLowerCase() === 'forecasted';
  const name = data.BudgetName ?? 'unnamed budget';
  const fraction = `alert level ${amount(level)}, budget ${amount(limit)}`;
  return {
    kind: 'budget',
    rule: name,
    severity: forecasted ? 3 : 2,
    stateless: true,
    pairing: `budget:${(data.BudgetId ?? name).toLowerCase()}|${forecasted ? 'forecasted' : 'actual'}`,
    headline: () =>
      forecasted && forecast
        ? `Spend of ${name} is forecast to reach ${amount(forecast)} (${fraction})`
        : `Spend of ${name} is ${amount(spent)} (${fraction})`,
    details: {
      metric: forecasted ? 'forecast spend' : 'spend',
      dimensions: data.Scope ? { scope: data.Scope } : {},
      // Null where Cost Management does not know it: nothing is said rather than 0.
      ...(spent !== undefined && level !== undefined && limit !== undefined
        ? { money: { currency, spent, threshold: level, budget: limit, ...(forecast ? { forecast } : {}) } }
        : {}),
    },
  };
}

const SYMBOLS: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
};

/** The unit of the budget; when it is null, what the formatted amount shows; empty when that is nothing either. */
function currencyOf(unit: string | undefined, formatted: string | undefined): string {
  if (/^[A-Z]{3}$/.test(unit ?? '')) return unit ?? '';
  const written = /\b[A-Z]{3}\b/.exec(formatted ?? '')?.[0];
  return written ?? SYMBOLS[/[$€£¥₹₩]/.exec(formatted ?? '')?.[0] ?? ''] ?? '';
}

/**
 * Formatted money to an exact decimal string: "$11,111.00" → "11111.00", "1.234,56 €" → "1234.56". The last separator is
 * the decimal point unless it repeats, or is a comma, space or apostrophe before exactly three digits. `undefined` for no digits.
 */
export function decimalOf(formatted: string | undefined): string | undefined {
  const compact = (formatted ?? '').replaceAll(/[\s\u00a0\u202f'’]/g, '');
  const found = /\d[\d.,]*/.exec(compact)?.[0].replace(/[.,]+$/, '');
  if (!found) return undefined;
  const last = Math.max(found.lastIndexOf('.'), found.lastIndexOf(','));
  const mark = found[last];
  const decimals = found.length - last - 1;
  const mixed = found.includes('.') && found.includes(',');
  const repeated = mark !== undefined && found.indexOf(mark) !== last;
  const grouping = repeated || (mark === ',' && !mixed && decimals === 3);
  const whole = last < 0 || grouping ? found.replaceAll(/[.,]/g, '') : found.slice(0, last).replaceAll(/[.,]/g, '');
  const sign = /^\(|^\D*[-−]/.test(compact) ? '-' : '';
  return `${sign}${whole}${last < 0 || grouping ? '' : `.${found.slice(last + 1)}`}`;
}
