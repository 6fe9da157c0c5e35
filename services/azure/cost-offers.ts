import { z } from 'zod/v4';
import { read } from './border.ts';
import { everyItem } from './pages.ts';
import type { Fresh, Guard } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Cost Management';

export interface AzureBudget {
  name: string;
  amount: string;
  currency?: string;
  /** As Azure evaluated it last, about once a day. */
  spent?: string;
  timeGrain: string;
  thresholds: readonly { percent: number; type: 'Actual' | 'Forecasted'; operator: string }[];
}

export interface Commitment {
  kind: 'savings plan' | 'reservation';
  sku: string;
  term: string;
  lookBack: string;
  currency?: string;
  /** Savings plan: money an hour. Reservation: how many. */
  commitment: string;
  costWithout: string;
  saving: string;
  utilisationPercent?: number;
  coveragePercent?: number;
  wastage?: string;
}

export interface RetailPrice {
  sku: string;
  region: string;
  currency: string;
  /** For `unit`; of a reservation the whole term's. */
  price: string;
  unit: string;
  kind: 'on-demand' | 'spot' | 'low-priority' | 'reservation';
  term?: string;
  savingsPlans: readonly { term: string; price: string }[];
}

export interface CostOffers {
  budgets(scope: string): Promise<Fresh<readonly AzureBudget[]>>;
  /** Savings plans and reservations that Azure would buy, from the last 30 days. */
  commitments(scope: string): Promise<Fresh<readonly Commitment[]>>;
  /** Linux prices of a VM size in a region. */
  retail(sku: string, region: string, currency: string): Promise<Fresh<readonly RetailPrice[]>>;
}

const text = z.number().transform(String);
const budgets = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      properties: z.object({
        amount: text,
        timeGrain: z.string(),
        currentSpend: z.object({ amount: text, unit: z.string() }).nullish(),
        notifications: z
          .record(
            z.string(),
            z.object({
              enabled: z.boolean(),
              operator: z.string(),
              threshold: z.number(),
              thresholdType: z.enum(['Actual', 'Forecasted']).default('Actual'),
            }),
          )
          .nullish(),
      }),
    }),
  ),
  nextLink: z.string().nullish(),
});

const detail = z.object({
  averageUtilizationPercentage: z.number(),
  commitmentAmount: text,
  coveragePercentage: z.number(),
  savingsAmount: text,
  wastageCost: text,
});
const plans = z.object({
  value: z.array(
    z.object({
      properties: z.object({
        armSkuName: z.string().nullish(),
        costWithoutBenefit: text,
        currencyCode: z.string().nullish(),
        lookBackPeriod: z.string(),
        term: z.string(),
        recommendationDetails: detail,
      }),
    }),
  ),
  nextLink: z.string().nullish(),
});
const reservations = z.object({
  value: z.array(
    z.object({
      sku: z.string().nullish(),
      properties: z.object({
        lookBackPeriod: z.string(),
        term: z.string(),
        recommendedQuantity: text,
        costWithNoReservedInstances: text,
        netSavings: text,
      }),
    }),
  ),
  nextLink: z.string().nullish(),
});
const priceRow = z.object({
  currencyCode: z.string(),
  retailPrice: text,
  armRegionName: z.string(),
  armSkuName: z.string(),
  productName: z.string(),
  skuName: z.string(),
  unitOfMeasure: z.string(),
  type: z.string(),
  reservationTerm: z.string().nullish(),
  savingsPlan: z.array(z.object({ term: z.string(), retailPrice: text })).nullish(),
});
const pricePage = z.object({ Items: z.array(priceRow), NextPageLink: z.string().nullish() });

export function costOffers({ rest, guard, prices }: { rest: Rest; guard: Guard; prices: Rest }): CostOffers {
  /** Every page of a list of ARM. */
  const every = <Item>(
    path: string,
    query: Readonly<Record<string, string>>,
    schema: z.ZodType<{ value: Item[]; nextLink?: string | null | undefined }>,
    signal: AbortSignal,
  ): Promise<Item[]> => everyItem({ rest, service: SERVICE }, { path, query, schema }, signal);

  return {
    budgets: (scope) =>
      guard.read(`budgets:${scope}`, async (signal) => {
        const path = `${scope}/providers/Microsoft.Consumption/budgets`;
        const found = await every(path, { 'api-version': '2024-08-01' }, budgets, signal);
        return found.map(({ name, properties: { amount, timeGrain, currentSpend, notifications } }) => ({
          name,
          amount,
          timeGrain,
          ...(currentSpend ? { spent: currentSpend.amount, currency: currentSpend.unit } : {}),
          thresholds: Object.values(notifications ?? {})
            .filter(({ enabled }) => enabled)
            .map(({ threshold, thresholdType, operator }) => ({ percent: threshold, type: thresholdType, operator })),
        }));
      }),
    commitments: (scope) =>
      guard.read(`commitments:${scope}`, async (signal) => {
        const filter = "properties/lookBackPeriod eq 'Last30Days' AND properties/term eq 'P1Y'";
        const [offered, reserved] = await Promise.all([
          every(
            `${scope}/providers/Microsoft.CostManagement/benefitRecommendations`,
            { 'api-version': '2025-03-01', $filter: filter, $expand: 'properties/allRecommendationDetails' },
            plans,
            signal,
          ),
          every(
            `${scope}/providers/Microsoft.Consumption/reservationRecommendations`,
            { 'api-version': '2024-08-01', $filter: "properties/lookBackPeriod eq 'Last30Days'" },
            reservations,
            signal,
          ),
        ]);
        return [
          ...offered.map(({ properties: { recommendationDetails: best, ...of } }) => ({
            kind: 'savings plan' as const,
            sku: of.armSkuName ?? 'Compute',
            term: of.term,
            lookBack: of.lookBackPeriod,
            ...(of.currencyCode ? { currency: of.currencyCode } : {}),
            commitment: best.commitmentAmount,
            costWithout: of.costWithoutBenefit,
            saving: best.savingsAmount,
            utilisationPercent: best.averageUtilizationPercentage,
            coveragePercent: best.coveragePercentage,
            wastage: best.wastageCost,
          })),
          ...reserved.map(({ sku, properties: of }) => ({
            kind: 'reservation' as const,
            sku: sku ?? 'unknown',
            term: of.term,
            lookBack: of.lookBackPeriod,
            commitment: of.recommendedQuantity,
            costWithout: of.costWithNoReservedInstances,
            saving: of.netSavings,
          })),
        ];
      }),
    retail: (sku, region, currency) =>
      guard.read(`retail:${sku}:${region}:${currency}`, async (signal) => {
        const rows: z.output<typeof priceRow>[] = [];
        // The values of the filter are compared with case; a quote in one would end it.
        const value = (words: string) => words.replaceAll("'", "''");
        const query = {
          'api-version': '2023-01-01-preview',
          currencyCode: `'${value(currency)}'`,
          $filter: `serviceName eq 'Virtual Machines' and armSkuName eq '${value(sku)}' and armRegionName eq '${value(region)}'`,
        };
        for (let next: string | undefined = '/api/retail/prices', first = true; next !== undefined; first = false) {
          const { body } = await prices({ method: 'GET', path: next, signal, ...(first ? { query } : {}) });
          const page = read('Retail Prices', pricePage, body);
          rows.push(...page.Items);
          next = page.NextPageLink ?? undefined;
        }
        return retailPrices(rows);
      }),
  };
}

/** The rows of a Linux machine: Windows carries its licence in the price, DevTest is for other subscriptions. */
export function retailPrices(rows: readonly z.output<typeof priceRow>[]): RetailPrice[] {
  return rows
    .filter(({ productName, type }) => !/windows/i.test(productName) && /^(Consumption|Reservation)$/.test(type))
    .map((row) => ({
      sku: row.armSkuName,
      region: row.armRegionName,
      currency: row.currencyCode,
      price: row.retailPrice,
      unit: row.unitOfMeasure,
      kind: kindOf(row),
      ...(row.reservationTerm ? { term: row.reservationTerm } : {}),
      savingsPlans: (row.savingsPlan ?? []).map(({ term, retailPrice }) => ({ term, price: retailPrice })),
    }));
}

/** One page of the public price list, as it was sent. */
export const readPricePage = (body: unknown) => retailPrices(read('Retail Prices', pricePage, body).Items);

function kindOf({ type, skuName }: { type: string; skuName: string }): RetailPrice['kind'] {
  if (type === 'Reservation') return 'reservation';
  if (/\bspot\b/i.test(skuName)) return 'spot';
  return /low priority/i.test(skuName) ? 'low-priority' : 'on-demand';
}
