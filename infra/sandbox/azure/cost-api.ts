import { z } from 'zod/v4';
import { type Answer, type Asked, armError, ok } from './answer.ts';
import type { Estate } from './estate.ts';
import { COMPUTES, ENDPOINTS, SUBSCRIPTION, WORKSPACES, workspaceSeed } from './northwind.ts';
import { noise, uuidOf } from './random.ts';
import { DAY, type EstateState, HOUR } from './state.ts';
import { armEndpointId, armWorkspaceId } from './webhooks.ts';

/** Cost Management's query and forecast (2025-03-01): daily euros per resource, with the tags people allocate by. */

interface Priced {
  id: string;
  resourceGroup: string;
  meterCategory: string;
  tags: Readonly<Record<string, string>>;
  /** Euros on an ordinary working day. */
  daily: number;
}

const EUROS_PER_INSTANCE_DAY: Readonly<Record<string, number>> = { Standard_F8s_v2: 9.12, Standard_DS3_v2: 6.6 };
const EUROS_PER_NODE_DAY: Readonly<Record<string, number>> = {
  Standard_D16s_v5: 21.4,
  Standard_NC24ads_A100_v4: 88.3,
  Standard_D8s_v5: 4.3,
  Standard_E8s_v5: 13.1,
};

const PRICED: readonly Priced[] = [
  ...ENDPOINTS.map((each) => ({
    id: armEndpointId(each),
    resourceGroup: workspaceSeed(each.workspace)?.resourceGroup ?? '',
    meterCategory: 'Virtual Machines',
    tags: { project: each.name.replace(/^(ep|be)-/, ''), env: 'prod' },
    daily: each.deployments.reduce(
      (sum, one) => sum + one.instances * (EUROS_PER_INSTANCE_DAY[one.instanceType] ?? 8),
      0,
    ),
  })),
  ...COMPUTES.map((each) => ({
    id: `${armWorkspaceId(each.workspace)}/computes/${each.name}`,
    resourceGroup: workspaceSeed(each.workspace)?.resourceGroup ?? '',
    meterCategory: 'Virtual Machines',
    tags: { project: 'training', env: 'dev' },
    daily: (EUROS_PER_NODE_DAY[each.vmSize] ?? 10) * each.maxNodes * 0.35,
  })),
  // Storage nobody has tagged: there always is some.
  ...WORKSPACES.map((each) => ({
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${each.resourceGroup}/providers/Microsoft.Storage/storageAccounts/${each.name.replaceAll('-', '')}st`,
    resourceGroup: each.resourceGroup,
    meterCategory: 'Storage',
    tags: {},
    daily: 3.4,
  })),
];

const HISTORY_DAYS = 400;
const PAGE = 500;

/** Euros of one resource on one UTC day; a cost spike quadruples the training clusters for three days. */
function spent(state: EstateState, item: Priced, day: number): number {
  const weekend = [0, 6].includes(new Date(day).getUTCDay());
  const spike = state.happened.some(
    (each) => each.scenario === 'cost-spike' && day <= each.at && day > each.at - 3 * DAY,
  );
  const training = item.tags.project === 'training';
  const factor = (weekend && training ? 0.4 : 1) * (spike && training ? 4 : 1);
  return item.daily * factor * (1 + 0.08 * noise(state.seed, item.id, 'cost', day / DAY));
}

const ask = z.object({
  timePeriod: z.object({ from: z.string(), to: z.string() }),
  dataset: z.object({
    granularity: z.enum(['Daily', 'None']).default('None'),
    aggregation: z.record(z.string(), z.object({ name: z.string() })),
    grouping: z
      .array(z.object({ type: z.string(), name: z.string() }))
      .max(2)
      .default([]),
  }),
  includeActualCost: z.boolean().optional(),
});
type Ask = z.output<typeof ask>;

export function costApi(estate: Estate, asked: Asked): Answer {
  const [, scope = '', what = ''] =
    /^(.*)\/providers\/microsoft\.costmanagement\/(query|forecast)$/.exec(asked.path) ?? [];
  const parsed = ask.safeParse(asked.body);
  if (what === '' || asked.method !== 'POST') return armError(404, 'NotFound', asked.path);
  if (!parsed.success) return armError(400, 'BadRequest', parsed.error.issues[0]?.message ?? 'Invalid query');
  const group = /\/resourcegroups\/([^/]+)$/.exec(scope)?.[1];
  const items = PRICED.filter((each) => group === undefined || each.resourceGroup.toLowerCase() === group);
  const today = Math.floor(estate.now() / DAY) * DAY;
  const all =
    what === 'query' ? queried(estate, parsed.data, items, today) : forecast(estate, parsed.data, items, today);
  if (all.rows.length === 0) return { status: 204 };
  const from = Number(asked.url.searchParams.get('$skiptoken') ?? 0);
  const next = new URL(asked.url);
  next.searchParams.set('$skiptoken', String(from + PAGE));
  const name = uuidOf('cost', asked.path, from);
  return ok({
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
}

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
  const keysOf = (item: Priced) =>
    grouping.flatMap(({ type, name }) => {
      if (type === 'TagKey') return [name, item.tags[name] ?? ''];
      return [
        name === 'ResourceId'
          ? item.id.toLowerCase()
          : name === 'ResourceGroup'
            ? item.resourceGroup
            : item.meterCategory,
      ];
    });
  const sums = new Map<string, (string | number)[]>();
  for (const day of daysOf(question))
    for (const item of items) {
      const amount = spent(estate.state(), item, day) * share(estate, day, today);
      if (amount <= 0) continue;
      const keys = [...(daily ? [usageDate(day)] : []), ...keysOf(item)];
      const known = sums.get(keys.join('|')) ?? [0, ...keys, 'EUR'];
      known[0] = Number(known[0]) + amount;
      sums.set(keys.join('|'), known);
    }
  const columns = grouping.flatMap(({ type, name }) => (type === 'TagKey' ? ['TagKey', 'TagValue'] : [name]));
  return { columns: ['Cost', ...(daily ? ['UsageDate'] : []), ...columns, 'Currency'], rows: [...sums.values()] };
}

/** The mean of the same weekday in the four weeks before: a plain forecast, as Azure's own is not published. */
function forecast(estate: Estate, question: Ask, items: readonly Priced[], today: number): Rows {
  const total = (day: number) => items.reduce((sum, item) => sum + spent(estate.state(), item, day), 0);
  const rows = daysOf(question).flatMap((day): (string | number)[][] => {
    if (day < today) return question.includeActualCost ? [[total(day), usageDate(day), 'Actual', 'EUR']] : [];
    const weeksAhead = Math.floor((day - today) / (7 * DAY)) + 1;
    const same = [0, 1, 2, 3].map((week) => day - (weeksAhead + week) * 7 * DAY);
    return [[same.reduce((sum, each) => sum + total(each), 0) / same.length, usageDate(day), 'Forecast', 'EUR']];
  });
  return { columns: ['Cost', 'UsageDate', 'CostStatus', 'Currency'], rows };
}
