import { type Answer, type Asked, armError, ok } from './answer.ts';
import type { Estate } from './estate.ts';
import { SUBSCRIPTION } from './northwind.ts';
import { uuidOf } from './random.ts';

/** Budgets, recommendations for commitments, and the public price list. */
export function costOffers(estate: Estate, asked: Asked): Answer {
  if (asked.path.endsWith('/providers/microsoft.consumption/budgets'))
    return ok({ value: [budget(estate)], nextLink: null });
  if (asked.path.endsWith('/providers/microsoft.costmanagement/benefitrecommendations'))
    return ok({ value: [savingsPlan()] });
  if (asked.path.endsWith('/providers/microsoft.consumption/reservationrecommendations'))
    return ok({ value: [reservation()] });
  return armError(404, 'NotFound', asked.path);
}

const budget = (estate: Estate) => ({
  id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/ml-monthly`,
  name: 'ml-monthly',
  type: 'Microsoft.Consumption/budgets',
  eTag: '"1dc5d012214157f"',
  properties: {
    category: 'Cost',
    amount: 15_000,
    timeGrain: 'Monthly',
    timePeriod: { startDate: '2026-01-01T00:00:00Z', endDate: '2027-12-31T00:00:00Z' },
    currentSpend: { amount: 330 * new Date(estate.now()).getUTCDate(), unit: 'EUR' },
    notifications: {
      Actual_GreaterThan_80_Percent: {
        enabled: true,
        operator: 'GreaterThan',
        threshold: 80,
        thresholdType: 'Actual',
        contactEmails: ['kim.lee@northwind.example'],
      },
    },
  },
});

const details = (commitmentAmount: number, covered: number, utilisation: number) => ({
  averageUtilizationPercentage: utilisation,
  benefitCost: commitmentAmount * 720,
  commitmentAmount,
  coveragePercentage: covered,
  overageCost: 4100 * (1 - covered / 100),
  savingsAmount: Math.round(commitmentAmount * 720 * 0.31 * 100) / 100,
  savingsPercentage: Math.round((commitmentAmount * 720 * 0.31 * 10_000) / 4100) / 100,
  totalCost: 4100 - commitmentAmount * 720 * 0.31,
  wastageCost: commitmentAmount * 720 * (1 - utilisation / 100),
});

const savingsPlan = () => ({
  id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.CostManagement/benefitRecommendations/${uuidOf('benefit', 'plan')}`,
  name: uuidOf('benefit', 'plan'),
  type: 'Microsoft.CostManagement/benefitRecommendations',
  kind: 'SavingsPlan',
  properties: {
    armSkuName: 'Compute_Savings_Plan',
    commitmentGranularity: 'Hourly',
    costWithoutBenefit: 4100,
    currencyCode: 'EUR',
    lookBackPeriod: 'Last30Days',
    term: 'P1Y',
    scope: 'Shared',
    totalHours: 720,
    recommendationDetails: details(2.1, 52.8, 99.1),
    allRecommendationDetails: { value: [details(2.1, 52.8, 99.1), details(2.6, 60.2, 93.4), details(3.4, 68.9, 81.7)] },
  },
});

const reservation = () => ({
  id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Consumption/reservationRecommendations/${uuidOf('benefit', 'reservation')}`,
  name: uuidOf('benefit', 'reservation'),
  type: 'Microsoft.Consumption/reservationRecommendations',
  kind: 'legacy',
  location: 'westeurope',
  sku: 'Standard_F8s_v2',
  properties: {
    lookBackPeriod: 'Last30Days',
    term: 'P1Y',
    resourceType: 'virtualMachines',
    recommendedQuantity: 4,
    costWithNoReservedInstances: 1094.4,
    totalCostWithReservedInstances: 700.4,
    netSavings: 394,
    scope: 'Shared',
  },
});

const HOUR_PRICES: Readonly<Record<string, number>> = {
  Standard_F8s_v2: 0.38,
  Standard_F4s_v2: 0.19,
  Standard_F2s_v2: 0.097,
  Standard_DS3_v2: 0.275,
  Standard_DS2_v2: 0.137,
  Standard_D16s_v5: 0.892,
  Standard_D8s_v5: 0.446,
  Standard_E8s_v5: 0.546,
  Standard_NC24ads_A100_v4: 3.679,
};

/** https://prices.azure.com/api/retail/prices: what anybody pays, without signing in; three rows to a page. */
export function retailPrices(asked: Asked): Answer {
  const filter = asked.url.searchParams.get('$filter') ?? '';
  const wanted = (field: string) => new RegExp(`${field} eq '([^']*)'`).exec(filter)?.[1];
  const region = wanted('armRegionName') ?? 'westeurope';
  const sku = wanted('armSkuName');
  const skus = Object.entries(HOUR_PRICES).filter(([name]) => sku === undefined || name === sku);
  const items = skus.flatMap(([name, price]) => rowsOf(name, price, region));
  const from = Number(asked.url.searchParams.get('$skip') ?? 0);
  const next = new URL(asked.url);
  next.searchParams.set('$skip', String(from + 3));
  return ok({
    BillingCurrency: asked.url.searchParams.get('currencyCode')?.replaceAll("'", '') ?? 'USD',
    Items: items.slice(from, from + 3),
    NextPageLink: from + 3 < items.length ? next.href : null,
    Count: Math.min(3, items.length - from),
  });
}

function rowsOf(armSkuName: string, price: number, armRegionName: string) {
  const short = armSkuName.replace('Standard_', '').replaceAll('_', ' ');
  const row = (retailPrice: number, more: object) => ({
    currencyCode: 'EUR',
    tierMinimumUnits: 0,
    retailPrice,
    unitPrice: retailPrice,
    armRegionName,
    armSkuName,
    meterName: short,
    productName: `Virtual Machines ${short} Series`,
    skuName: short,
    serviceName: 'Virtual Machines',
    unitOfMeasure: '1 Hour',
    type: 'Consumption',
    isPrimaryMeterRegion: true,
    ...more,
  });
  return [
    row(price, {
      savingsPlan: [
        { retailPrice: Math.round(price * 0.7 * 1e4) / 1e4, unitPrice: price * 0.7, term: '1 Year' },
        { retailPrice: Math.round(price * 0.49 * 1e4) / 1e4, unitPrice: price * 0.49, term: '3 Years' },
      ],
    }),
    row(price * 1.6, { productName: `Virtual Machines ${short} Series Windows` }),
    row(Math.round(price * 0.2 * 1e4) / 1e4, { skuName: `${short} Spot`, meterName: `${short} Spot` }),
    row(Math.round(price * 0.2 * 1e4) / 1e4, { skuName: `${short} Low Priority`, meterName: `${short} Low Priority` }),
    row(Math.round(price * 0.64 * 8760 * 100) / 100, { type: 'Reservation', reservationTerm: '1 Year' }),
  ];
}
