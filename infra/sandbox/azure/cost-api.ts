import { z } from 'zod/v4';
import { type Answer, type Asked, armError, ok } from './answer.ts';
import { type Priced, pricedAt } from './cost-items.ts';
import { costOffers } from './cost-offers.ts';
import type { Estate } from './estate.ts';
import { uuidOf } from './random.ts';
import { DAY, HOUR } from './state.ts';

/** Cost Management's query and forecast (2025-03-01): daily euros per resource, with the tags people allocate by. */

const HISTORY_DAYS = 400;
const PAGE = 600;

const dimension = z.object({ name: z.string(), operator: z.literal('In'), values: z.array(z.string()) });
const ask = z.object({
  type: z.enum(['Usage', 'ActualCost', 'AmortizedCost']).default('Usage'),
  timePeriod: z.object({ from: z.string(), to: z.string() }),
  dataset: z.object({
    granularity: z.enum(['Daily', 'Monthly', 'None']).default('None'),
    aggregation: z.record(z.string(), z.object({ name: z.string() })),
    grouping: z
      .array(z.object({ type: z.string(), name: z.string() }))
      .max(2)
      .default([]),
    filter: z.object({ dimensions: dimension }).optional(),
  }),
  includeActualCost: z.boolean().optional(),
});
type Ask = z.output<typeof ask>;

export function costApi(estate: Estate, asked: Asked): Answer {
  if (asked.method === 'GET') return costOffers(estate, asked);
  const [, scope = '', what = ''] =
    /^(.*)\/providers\/microsoft\.costmanagement\/(query|forecast)$/.exec(asked.path) ?? [];
  const parsed = ask.safeParse(asked.body);
  if (what === '' || asked.method !== 'POST') return armError(404, 'NotFound', asked.path);
  if (!parsed.success) return armError(400, 'BadRequest', parsed.error.issues[0]?.message ?? 'Invalid query');
  const items = pricedAt(estate.state(), estate.now()).filter(
    (each) => inScope(each, scope) && passes(each, parsed.data),
  );
  const today = Math.floor(estate.now() / DAY) * DAY;
  const all =
    what === 'query' ? queried(estate, parsed.data, items, today) : forecast(estate, parsed.data, items, today);
  // What a question costs of the 12 units that are given for ten seconds: one for each month it spans.
  const units = {
    'x-ms-ratelimit-microsoft.costmanagement-qpu-consumed': String(Math.ceil(daysOf(parsed.data).length / 31)),
  };
  if (all.rows.length === 0) return { status: 204, headers: units };
  const from = Number(asked.url.searchParams.get('$skiptoken') ?? 0);
  const next = new URL(asked.url);
  next.searchParams.set('$skiptoken', String(from + PAGE));
  const name = uuidOf('cost', asked.path, from);
  const answer = ok({
    id: `${scope}/providers/Microsoft.CostManagement/${what}/${name}`,
    name,
    type: `Microsoft.CostManagement/${what}`,
    properties: {
      nextLink: from + PAGE < all.rows.length ? next.href : null,
      columns: all.columns.map((column) => ({
        name: column,
        type: column === 'Cost' || column === 'UsageDate' ? 'Number' : 'String',
      })),
      rows: all.rows.slice(from, from + PAGE),
    },
  });
  return { ...answer, headers: units };
}

/** A whole subscription, or one resource group of it; charges without a resource belong to the subscription. */
const inScope = ({ resourceGroup }: Priced, scope: string): boolean => {
  const group = /\/resourcegroups\/([^/]+)$/.exec(scope)?.[1];
  return group === undefined || resourceGroup.toLowerCase() === group;
};

const passes = (item: Priced, { dataset: { filter } }: Ask): boolean => {
  if (!filter) return true;
  const { name, values } = filter.dimensions;
  const wanted = values.map((value) => value.toLowerCase());
  if (name === 'ChargeType') return wanted.includes(item.charge.toLowerCase());
  return name === 'ResourceId'
    ? wanted.includes(item.id.toLowerCase())
    : wanted.includes(item.resourceGroup.toLowerCase());
};

interface Rows {
  columns: string[];
  rows: (string | number)[][];
}

const usageDate = (day: number) => Number(new Date(day).toISOString().slice(0, 10).replaceAll('-', ''));
const daysOf = ({ timePeriod }: Ask): number[] => {
  const first = Math.floor(Date.parse(timePeriod.from) / DAY) * DAY;
  const last = Math.floor(Date.parse(timePeriod.to) / DAY) * DAY;
  return Array.from(
    { length: Math.max(0, Math.min(HISTORY_DAYS, (last - first) / DAY + 1)) },
    (_, index) => first + index * DAY,
  );
};

/** Today's cost is there as far as the day has gone, four hours late. */
const share = (estate: Estate, day: number, today: number): number =>
  day < today ? 1 : day > today ? 0 : Math.max(0, (estate.now() - 4 * HOUR - today) / DAY);

function queried(estate: Estate, question: Ask, items: readonly Priced[], today: number): Rows {
  const { grouping, granularity } = question.dataset;
  const daily = granularity === 'Daily';
  const amortised = question.type === 'AmortizedCost';
  const keysOf = (item: Priced) =>
    grouping.flatMap(({ type, name }) =>
      type === 'TagKey' ? [name, item.tags[name] ?? ''] : [dimensionOf(item, name)],
    );
  const sums = new Map<string, (string | number)[]>();
  for (const day of daysOf(question))
    for (const item of items) {
      const amount = item.on(estate.state(), day, amortised) * share(estate, day, today);
      if (amount === 0) continue;
      const keys = [...(daily ? [usageDate(day)] : []), ...keysOf(item)];
      const known = sums.get(keys.join('|')) ?? [0, ...keys, 'EUR'];
      known[0] = Number(known[0]) + amount;
      sums.set(keys.join('|'), known);
    }
  const columns = grouping.flatMap(({ type, name }) => (type === 'TagKey' ? ['TagKey', 'TagValue'] : [name]));
  return { columns: ['Cost', ...(daily ? ['UsageDate'] : []), ...columns, 'Currency'], rows: [...sums.values()] };
}

const dimensionOf = (item: Priced, name: string): string => {
  if (name === 'ResourceId') return item.id.toLowerCase();
  if (name === 'ResourceGroup') return item.resourceGroup;
  return name === 'ChargeType' ? item.charge : item.meterCategory;
};

/** The mean of the same weekday in the four weeks before: a plain forecast, as Azure's own is not published. */
function forecast(estate: Estate, question: Ask, items: readonly Priced[], today: number): Rows {
  const total = (day: number) => items.reduce((sum, item) => sum + item.on(estate.state(), day, false), 0);
  const rows = daysOf(question).flatMap((day): (string | number)[][] => {
    if (day < today) return question.includeActualCost ? [[total(day), usageDate(day), 'Actual', 'EUR']] : [];
    const weeksAhead = Math.floor((day - today) / (7 * DAY)) + 1;
    const same = [0, 1, 2, 3].map((week) => day - (weeksAhead + week) * 7 * DAY);
    return [[same.reduce((sum, each) => sum + total(each), 0) / same.length, usageDate(day), 'Forecast', 'EUR']];
  });
  return { columns: ['Cost', 'UsageDate', 'CostStatus', 'Currency'], rows };
}
