import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Unavailable } from '../core/errors.ts';
import { read } from './border.ts';
import { type CostOffers, costOffers } from './cost-offers.ts';
import type { Pace } from './cost-pace.ts';
import type { Fresh, Guard, ReadOptions } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Cost Management';
const API_VERSION = '2025-03-01';

export interface CostQuestion {
  /** `/subscriptions/{id}` or a resource group's ARM id. */
  scope: string;
  /** Both days included, UTC. */
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
  /** At most two: a dimension (`ResourceId`, `ResourceGroup`, `MeterCategory`, …) or a tag's key. */
  groupBy?: readonly ({ dimension: string } | { tag: string })[];
  /** As billed (the default), or with purchases spread over what they cover. */
  basis?: 'actual' | 'amortised';
  /** A row for each day (the default), or one for the whole time; then `day` is the first one. */
  by?: 'day' | 'whole';
  /** Only rows whose dimension has one of these values. */
  only?: { dimension: string; values: readonly string[] };
}

export interface CostRow {
  day: Temporal.PlainDate;
  /** Decimal text, as exact as Azure's JSON number. */
  amount: string;
  currency: string;
  /** What it was grouped by; a resource without the tag has ''. */
  by: Readonly<Record<string, string>>;
  /** In a forecast: what is spent already, or what is expected. */
  status: 'actual' | 'forecast';
}

/** Money spent, from the Cost Management query API. Its data are about four hours old and it throttles hard: cache. */
export interface Cost extends CostOffers {
  daily(question: CostQuestion, options?: ReadOptions): Promise<Fresh<readonly CostRow[]>>;
  /** Needs 28 days of history. Days in the past are actual. */
  forecast(question: Omit<CostQuestion, 'groupBy'>): Promise<Fresh<readonly CostRow[]>>;
}

const table = z.object({
  properties: z.object({
    nextLink: z.string().nullish(),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(z.union([z.number(), z.string(), z.null()]))),
  }),
});

export interface CostDeps {
  rest: Rest;
  guard: Guard;
  pace: Pace;
  /** The public price list, without a credential. */
  prices: Rest;
}

export function cost({ rest, guard, pace, prices }: CostDeps): Cost {
  const ask = async (what: 'query' | 'forecast', question: CostQuestion, body: object, options?: ReadOptions) => {
    // Waiting for our turn is not part of the call's deadline.
    await pace.turn();
    return guard.read(
      `${what}|${question.scope}|${JSON.stringify(body)}`,
      async (signal) => {
        const rows: CostRow[] = [];
        let path: string | undefined =
          `${question.scope}/providers/Microsoft.CostManagement/${what}?api-version=${API_VERSION}`;
        // The next page is asked for with the same body (platform.md, section 7).
        while (path !== undefined) {
          const answer = await rest({ method: 'POST', path, body, headers: { ClientType: 'Wardroom' }, signal });
          pace.spent(Number(answer.header('x-ms-ratelimit-microsoft.costmanagement-qpu-consumed') ?? 1));
          // 204: no data.
          if (answer.body === undefined) break;
          const { properties } = read(SERVICE, table, answer.body);
          const names = properties.columns.map((each) => each.name);
          rows.push(...properties.rows.map((row) => rowOf(names, row, question)));
          path = properties.nextLink ?? undefined;
        }
        return rows;
      },
      options,
    );
  };
  return {
    ...costOffers({ rest, guard, prices }),
    daily: (question, options) => ask('query', question, bodyOf(question), options),
    forecast: (question) =>
      ask('forecast', question, { ...bodyOf(question), includeActualCost: true, includeFreshPartialCost: false }),
  };
}

const bodyOf = ({ from, to, groupBy, basis, by, only }: CostQuestion) => ({
  type: basis === 'amortised' ? 'AmortizedCost' : 'ActualCost',
  timeframe: 'Custom',
  timePeriod: { from: `${from.toString()}T00:00:00Z`, to: `${to.toString()}T23:59:59Z` },
  dataset: {
    granularity: by === 'whole' ? 'None' : 'Daily',
    aggregation: { totalCost: { name: 'Cost', function: 'Sum' } },
    ...(groupBy && groupBy.length > 0
      ? {
          grouping: groupBy.map((each) =>
            'tag' in each ? { type: 'TagKey', name: each.tag } : { type: 'Dimension', name: each.dimension },
          ),
        }
      : {}),
    ...(only ? { filter: { dimensions: { name: only.dimension, operator: 'In', values: only.values } } } : {}),
  },
});

const MONEY = ['Cost', 'PreTaxCost', 'CostUSD'];
const OWN = [...MONEY, 'UsageDate', 'Currency', 'CostStatus'];

/** Columns are found by their name: their order is not fixed. */
function rowOf(names: readonly string[], row: readonly (number | string | null)[], question: CostQuestion): CostRow {
  const cell = (name: string) => row[names.indexOf(name)] ?? undefined;
  const money = MONEY.map(cell).find((each) => each !== undefined);
  if (typeof money !== 'number') throw new Unavailable(SERVICE, 'sent something we cannot read in Cost: no amount');
  return {
    day: question.by === 'whole' ? question.from : dayOf(cell('UsageDate')),
    amount: String(money),
    currency: String(cell('Currency') ?? ''),
    by: grouped(names, row),
    status: cell('CostStatus') === 'Forecast' ? 'forecast' : 'actual',
  };
}

/** A number, YYYYMMDD. */
function dayOf(value: number | string | undefined): Temporal.PlainDate {
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(String(value ?? ''));
  if (!day) throw new Unavailable(SERVICE, 'sent something we cannot read in UsageDate: not a day');
  return Temporal.PlainDate.from(`${day[1]}-${day[2]}-${day[3]}`);
}

/** A dimension has its own column; a tag comes as the pair TagKey, TagValue. */
function grouped(names: readonly string[], row: readonly (number | string | null)[]): Record<string, string> {
  const by: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = String(row[index] ?? '');
    if (name === 'TagKey') by[value] = String(row[names.indexOf('TagValue')] ?? '');
    else if (name !== 'TagValue' && !OWN.includes(name)) by[name] = value;
  }
  return by;
}
