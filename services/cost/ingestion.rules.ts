import { Temporal } from 'temporal-polyfill';
import { type Amount, type Decimal, decimal, sumsBy } from './money.rules.ts';

/** How cost data are read: periods of exports, headers in any language, tags, retries. */

/** Months of export folders between two days, both included: `20231201-20231231`. Throws RangeError when they are reversed. */
export function exportMonths(start: string, end: string): string[] {
  const last = Temporal.PlainDate.from(end);
  if (Temporal.PlainDate.compare(Temporal.PlainDate.from(start), last) > 0)
    throw new RangeError(`${start} is after ${end}: that period ends before it begins`);
  const months: string[] = [];
  for (let month = Temporal.PlainDate.from(start).toPlainYearMonth(); ; month = month.add({ months: 1 })) {
    const first = month.toPlainDate({ day: 1 });
    if (Temporal.PlainDate.compare(first, last) > 0) return months;
    months.push(`${compact(first)}-${compact(month.toPlainDate({ day: month.daysInMonth }))}`);
  }
}

const compact = (day: Temporal.PlainDate): string => day.toString().replaceAll('-', '');

/** The last `days` whole days, today excluded, as the instants Azure's query takes. */
export function lastDays(today: string, days: number): { from: string; to: string } {
  const to = Temporal.PlainDate.from(today);
  return { from: `${to.subtract({ days }).toString()}T00:00:00Z`, to: `${to.toString()}T00:00:00Z` };
}

/**
 * A header's canonical name: without byte-order mark, quotes, blanks and case. Localised exports carry the English name in
 * parentheses after the translated one.
 */
export function normalHeader(header: string): string {
  const clean = header
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/^"(.*)"$/, '$1');
  const english = /\(([^()]+)\)\s*$/.exec(clean)?.[1];
  return (english ?? clean).trim().replace(/\s+/g, '').toLowerCase();
}

export interface CostColumns {
  /** What is paid, after discounts. */
  netCostColumn: string | undefined;
  /** At pay-as-you-go prices, or what is paid when the export has no such column. */
  costColumn: string | undefined;
}

const NET_COST = ['costinbillingcurrency', 'pretaxcost', 'billedcost', 'cost'];
const LIST_COST = ['paygcostinbillingcurrency', 'listcost'];

/** Which columns hold the cost. Exports differ by agreement and age; the first known name wins. */
export function costColumns(headers: readonly string[]): CostColumns {
  const known = headers.map(normalHeader);
  const first = (names: readonly string[]) => names.find((name) => known.includes(name));
  const netCostColumn = first(NET_COST);
  return { netCostColumn, costColumn: first(LIST_COST) ?? netCostColumn };
}

/** Tags of a row: JSON, with or without its braces; a tag with an empty value says nothing and is left out. */
export function parseTags(text: string | null | undefined): Record<string, string> {
  const body = text?.trim() ?? '';
  if (body === '') return {};
  const parsed: unknown = JSON.parse(body.startsWith('{') ? body : `{${body}}`);
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new SyntaxError('tags are a JSON object');
  return Object.fromEntries(
    Object.entries(parsed)
      .map(([key, value]) => [key, String(value ?? '').trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}

export const CATEGORIES = ['compute', 'storage', 'network', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

/** What kind of thing a meter or service category is. */
export function categoryOf(meterCategory: string): Category {
  const name = meterCategory.toLowerCase();
  if (
    /virtual machine|compute|container(?! registry)|kubernetes|machine learning|functions|ai services|cognitive|openai/.test(
      name,
    )
  )
    return 'compute';
  if (/storage|disk|backup|data lake/.test(name)) return 'storage';
  if (/bandwidth|network|load balancer|nat gateway|vpn|express ?route|data transfer|front door|ip address/.test(name))
    return 'network';
  return 'other';
}

export interface ParsedRow {
  /** `2021-02-28`. */
  date: string;
  netCost: Decimal;
  cost: Decimal;
  category: Category;
  tags: Record<string, string>;
}

/** Reads one row of an export by its headers, whatever their order, language and age. Throws RangeError without a cost or a day. */
export function parseExportRow(headers: readonly string[], row: readonly string[]): ParsedRow {
  const known = headers.map(normalHeader);
  const cell = (name: string | undefined) => (name === undefined ? undefined : row[known.indexOf(name)]);
  const any = (...names: string[]) => names.map(cell).find((each) => each !== undefined) ?? '';
  const { netCostColumn, costColumn } = costColumns(headers);
  const net = cell(netCostColumn);
  if (net === undefined) throw new RangeError(`no column of costs among ${headers.join(', ')}`);
  return {
    date: billedDay(any('date', 'usagedatetime', 'chargeperiodstart')),
    netCost: decimal(net),
    cost: decimal(cell(costColumn) ?? net),
    category: categoryOf(any('metercategory', 'servicecategory', 'servicename')),
    tags: parseTags(any('tags')),
  };
}

/** The day of a row. Exports of enterprise agreements write 02/28/2021, all others 2021-02-28, with or without a time. */
function billedDay(text: string): string {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim());
  if (!american) return Temporal.PlainDate.from(text.trim().slice(0, 10)).toString();
  const [year, month, day] = [american[3], american[1], american[2]].map(Number) as [number, number, number];
  return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString();
}

const RETRY_HEADER = /^(retry-after|x-ms-ratelimit-.*-retry-after)$/;

/**
 * Seconds to wait after a 429: the longest that any header asks for, as each of Cost Management's limits (query units,
 * entity, tenant, client) has its own. Headers are matched without case; a date is read against `now`. Undefined without any.
 */
export function retryAfterSeconds(
  headers: Iterable<readonly [string, string]> | Readonly<Record<string, string>>,
  nowMs = 0,
): number | undefined {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  const waits = pairs
    .filter(([name]) => RETRY_HEADER.test(name.toLowerCase()))
    .map(([, value]) => (/^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : (Date.parse(value) - nowMs) / 1000))
    .filter((seconds) => Number.isFinite(seconds) && seconds >= 0);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** Azure refreshes cost data about every four hours: asking more often gets the same answer for more query units. */
export const FRESH_MINUTES = 240;

export const cacheDecision = (
  minutesSinceFetch: number | undefined,
): { serve: 'cache' | 'fetch'; asOfShown: true } => ({
  serve: minutesSinceFetch !== undefined && minutesSinceFetch < FRESH_MINUTES ? 'cache' : 'fetch',
  asOfShown: true,
});

/**
 * Cost by resource. Several rows of one resource, day and meter are legitimate (different prices, hours or commitments):
 * they are added, never taken for duplicates.
 */
export function sumByResource(
  rows: readonly (readonly [resource: string, day: string, meter: string, amount: Amount])[],
): Record<string, Decimal> {
  return sumsBy(rows.map(([resource, , , amount]) => [resource, amount] as const));
}
