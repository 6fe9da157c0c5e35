import type { Context, ContextReading } from './azure-monitor-context.ts';
import { isObject } from './eventgrid.ts';
import { strings } from './eventgrid-types.ts';

/**
 * A budget's alert. Cost Management sends money as text formatted for the budget's creator ("$11,111.00"), and one alert
 * per level that is passed; it never says that the spend fell again.
 */
export function budget(context: Context): ContextReading {
  const data = isObject(context.AlertData) ? strings(context.AlertData) : {};
  const currency = /^[A-Z]{3}$/.test(data.Unit ?? '') ? (data.Unit ?? '') : 'USD';
  const spent = decimalOf(data.SpentAmount) ?? '0';
  const limit = decimalOf(data.BudgetThreshold) ?? '0';
  const level = decimalOf(data.NotificationThresholdAmount) ?? limit;
  const forecast = decimalOf(data.ForecastedTotalForPeriod);
  const forecasted = data.ThresholdType?.toLowerCase() === 'forecasted';
  const name = data.BudgetName ?? 'unnamed budget';
  const fraction = `alert level ${level} ${currency}, budget ${limit} ${currency}`;
  return {
    kind: 'budget',
    rule: name,
    severity: forecasted ? 3 : 2,
    stateless: true,
    pairing: `budget:${(data.BudgetId ?? name).toLowerCase()}|${forecasted ? 'forecasted' : 'actual'}`,
    headline: () =>
      forecasted && forecast
        ? `Spend of ${name} is forecast to reach ${forecast} ${currency} (${fraction})`
        : `Spend of ${name} is ${spent} ${currency} (${fraction})`,
    details: {
      metric: forecasted ? 'forecast spend' : 'spend',
      dimensions: data.Scope ? { scope: data.Scope } : {},
      money: { currency, spent, threshold: level, budget: limit, ...(forecast ? { forecast } : {}) },
    },
  };
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
