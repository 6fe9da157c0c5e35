/**
 * Northwind's Azure as it stands when the story starts. Ages are hours before that start; what happens afterwards is in
 * the journal. Names, regions and shares are the ones everybody's examples use.
 */
export const SUBSCRIPTION = '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001';
export const TENANT = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';

export interface WorkspaceSeed {
  name: string;
  resourceGroup: string;
  region: string;
  /** Log Analytics workspace (customer) id. */
  logs: string;
}

export const WORKSPACES: readonly WorkspaceSeed[] = [
  {
    name: 'mlw-payments-weu',
    resourceGroup: 'rg-ml-payments',
    region: 'westeurope',
    logs: '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90b001',
  },
  {
    name: 'mlw-retail-weu',
    resourceGroup: 'rg-ml-retail',
    region: 'westeurope',
    logs: '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90b002',
  },
  {
    name: 'mlw-risk-neu',
    resourceGroup: 'rg-ml-risk',
    region: 'northeurope',
    logs: '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90b003',
  },
];

export interface ModelSeed {
  name: string;
  workspace: string;
  description: string;
  author: string;
  /** Hours before the start each version was registered, version 1 first. */
  versions: readonly number[];
  /** What its evaluation run measured, per version. */
  auc: readonly number[];
}

const days = (...ages: readonly number[]) => ages.map((age) => age * 24);

export const MODELS: readonly ModelSeed[] = [
  {
    name: 'fraud-detector',
    workspace: 'mlw-payments-weu',
    description: 'Scores card payments for fraud',
    author: 'hugo.weiss@northwind.example',
    versions: [...days(420, 330, 250, 170, 96, 41), 7.5],
    auc: [0.921, 0.928, 0.934, 0.938, 0.941, 0.943, 0.951],
  },
  {
    name: 'aml-screening',
    workspace: 'mlw-payments-weu',
    description: 'Ranks transactions for anti-money-laundering review',
    author: 'hugo.weiss@northwind.example',
    versions: days(300, 190, 70),
    auc: [0.871, 0.88, 0.889],
  },
  {
    name: 'churn-predictor',
    workspace: 'mlw-retail-weu',
    description: 'Likelihood that a customer leaves within 60 days',
    author: 'gita.rao@northwind.example',
    versions: days(260, 180, 120, 33),
    auc: [0.801, 0.812, 0.818, 0.824],
  },
  {
    name: 'product-recommender',
    workspace: 'mlw-retail-weu',
    description: 'Next product for a basket',
    author: 'gita.rao@northwind.example',
    versions: days(200, 130, 80, 26, 12),
    auc: [0.731, 0.742, 0.751, 0.755, 0.758],
  },
  {
    name: 'demand-forecast',
    workspace: 'mlw-retail-weu',
    description: 'Units per store and day, two weeks ahead',
    author: 'gita.rao@northwind.example',
    versions: days(220, 140, 55),
    auc: [0.88, 0.885, 0.89],
  },
  {
    name: 'customer-ltv',
    workspace: 'mlw-retail-weu',
    description: 'Customer lifetime value, monthly batch',
    author: 'gita.rao@northwind.example',
    versions: days(190, 62),
    auc: [0.77, 0.782],
  },
  {
    name: 'credit-scoring',
    workspace: 'mlw-risk-neu',
    description: 'Probability of default for retail credit',
    author: 'hugo.weiss@northwind.example',
    versions: days(380, 250, 150, 60),
    auc: [0.842, 0.851, 0.857, 0.861],
  },
  {
    name: 'claims-triage',
    workspace: 'mlw-risk-neu',
    description: 'Orders insurance claims by urgency, nightly batch',
    author: 'hugo.weiss@northwind.example',
    versions: days(170, 75),
    auc: [0.79, 0.804],
  },
];

export interface DeploymentSeed {
  name: string;
  model: string;
  version: string;
  instanceType: string;
  instances: number;
  ageHours: number;
  author: string;
  /** Median latency in milliseconds and the spread of its logarithm. */
  medianMs: number;
  spread: number;
}

export interface EndpointSeed {
  name: string;
  kind: 'online' | 'batch';
  workspace: string;
  description: string;
  ageHours: number;
  /** Runs on this attached cluster instead of Azure's own machines. */
  kubernetes?: string;
  /** Requests per minute at noon. */
  peakRpm: number;
  deployments: readonly DeploymentSeed[];
  /** Who served how much, oldest first; the last entry is now. */
  traffic: readonly { ageHours: number; share: Readonly<Record<string, number>> }[];
  /** Limits of its two metric alert rules. */
  p95LimitMs: number;
  errorsPerMinuteLimit: number;
  /** Monitored features with the PSI they usually show. */
  features: readonly { name: string; type: 'Numerical' | 'Categorical'; usualPsi: number; limit: number }[];
}

const HUGO = 'hugo.weiss@northwind.example';
const GITA = 'gita.rao@northwind.example';

/** One deployment that serves everything: most endpoints. */
const steady = (model: string, version: string, ageDays: number, author: string, medianMs: number) => ({
  deployments: [
    {
      name: 'blue',
      model,
      version,
      instanceType: 'Standard_DS3_v2',
      instances: 2,
      ageHours: ageDays * 24,
      author,
      medianMs,
      spread: 0.5,
    },
  ],
  traffic: [{ ageHours: ageDays * 24, share: { blue: 100 } }],
  ageHours: (ageDays + 100) * 24,
});

const numerical = (name: string, usualPsi: number, limit = 0.2) => ({
  name,
  type: 'Numerical' as const,
  usualPsi,
  limit,
});
const categorical = (name: string, usualPsi: number, limit = 0.2) => ({
  name,
  type: 'Categorical' as const,
  usualPsi,
  limit,
});

export const ENDPOINTS: readonly EndpointSeed[] = [
  {
    name: 'ep-fraud',
    kind: 'online',
    workspace: 'mlw-payments-weu',
    description: 'Card payments: is this fraud?',
    ageHours: 430 * 24,
    peakRpm: 2400,
    deployments: [
      {
        name: 'blue',
        model: 'fraud-detector',
        version: '6',
        instanceType: 'Standard_F8s_v2',
        instances: 4,
        ageHours: 40 * 24,
        author: HUGO,
        medianMs: 38,
        spread: 0.55,
      },
      {
        name: 'green',
        model: 'fraud-detector',
        version: '7',
        instanceType: 'Standard_F8s_v2',
        instances: 1,
        ageHours: 3,
        author: HUGO,
        medianMs: 44,
        spread: 0.55,
      },
    ],
    traffic: [
      { ageHours: 40 * 24, share: { blue: 100 } },
      { ageHours: 2.8, share: { blue: 90, green: 10 } },
    ],
    p95LimitMs: 250,
    errorsPerMinuteLimit: 20,
    features: [
      numerical('amount', 0.06),
      categorical('merchant_category', 0.05),
      numerical('hour_of_day', 0.03),
      categorical('country', 0.04),
      numerical('card_age_days', 0.03),
      numerical('distance_km', 0.05),
    ],
  },
  {
    name: 'ep-aml',
    kind: 'online',
    workspace: 'mlw-payments-weu',
    description: 'Anti-money-laundering screening',
    peakRpm: 320,
    ...steady('aml-screening', '3', 68, HUGO, 95),
    p95LimitMs: 600,
    errorsPerMinuteLimit: 10,
    features: [numerical('amount', 0.05), categorical('counterparty_country', 0.04), numerical('tx_per_day', 0.06)],
  },
  {
    name: 'ep-churn',
    kind: 'online',
    workspace: 'mlw-retail-weu',
    description: 'Customer churn',
    peakRpm: 90,
    ...steady('churn-predictor', '4', 32, GITA, 55),
    p95LimitMs: 400,
    errorsPerMinuteLimit: 5,
    features: [numerical('tenure_months', 0.03), numerical('visits_30d', 0.07), categorical('plan', 0.02)],
  },
  {
    name: 'ep-recommend',
    kind: 'online',
    workspace: 'mlw-retail-weu',
    description: 'Product recommendations',
    peakRpm: 5200,
    ...steady('product-recommender', '5', 11, GITA, 21),
    p95LimitMs: 200,
    errorsPerMinuteLimit: 60,
    features: [numerical('basket_value', 0.05), categorical('category', 0.06), numerical('session_length', 0.04)],
  },
  {
    name: 'ep-demand',
    kind: 'online',
    workspace: 'mlw-retail-weu',
    description: 'Demand forecast',
    kubernetes: 'aks-retail',
    peakRpm: 40,
    ...steady('demand-forecast', '3', 54, GITA, 130),
    p95LimitMs: 900,
    errorsPerMinuteLimit: 5,
    features: [numerical('price', 0.04), categorical('promotion', 0.08), numerical('stock', 0.05)],
  },
  {
    name: 'ep-credit',
    kind: 'online',
    workspace: 'mlw-risk-neu',
    description: 'Retail credit decisions',
    peakRpm: 180,
    ...steady('credit-scoring', '4', 58, HUGO, 70),
    p95LimitMs: 500,
    errorsPerMinuteLimit: 5,
    features: [numerical('income', 0.05), numerical('debt_ratio', 0.06), categorical('employment', 0.03)],
  },
  {
    name: 'be-ltv',
    kind: 'batch',
    workspace: 'mlw-retail-weu',
    description: 'Customer lifetime value',
    peakRpm: 0,
    ...steady('customer-ltv', '2', 61, GITA, 0),
    p95LimitMs: 0,
    errorsPerMinuteLimit: 0,
    features: [],
  },
  {
    name: 'be-claims',
    kind: 'batch',
    workspace: 'mlw-risk-neu',
    description: 'Claims triage',
    peakRpm: 0,
    ...steady('claims-triage', '2', 74, HUGO, 0),
    p95LimitMs: 0,
    errorsPerMinuteLimit: 0,
    features: [],
  },
];

export interface ComputeSeed {
  name: string;
  workspace: string;
  vmSize: string;
  maxNodes: number;
  priority: 'Dedicated' | 'LowPriority';
  /** Nodes that are kept although nothing runs; ARM says how many are there now. */
  minNodes?: number;
}

/** A person's own machine: it costs while it runs, whoever looks at it. */
export interface InstanceSeed {
  name: string;
  workspace: string;
  vmSize: string;
  owner: string;
  /** Hours before the story begins at which it was started. */
  startedHoursAgo: number;
  /** ISO 8601; without it Azure never stops it by itself. */
  idleShutdown?: string;
}

export const INSTANCES: readonly InstanceSeed[] = [
  {
    name: 'ci-hugo',
    workspace: 'mlw-payments-weu',
    vmSize: 'Standard_D8s_v5',
    owner: 'hugo.weiss@northwind.example',
    startedHoursAgo: 143,
  },
  {
    name: 'ci-ines',
    workspace: 'mlw-risk-neu',
    vmSize: 'Standard_E8s_v5',
    owner: 'ines.costa@northwind.example',
    startedHoursAgo: 5,
    idleShutdown: 'PT1H',
  },
];

export const COMPUTES: readonly ComputeSeed[] = [
  { name: 'cpu-train', workspace: 'mlw-payments-weu', vmSize: 'Standard_D16s_v5', maxNodes: 8, priority: 'Dedicated' },
  {
    name: 'gpu-a100',
    workspace: 'mlw-payments-weu',
    vmSize: 'Standard_NC24ads_A100_v4',
    maxNodes: 4,
    priority: 'Dedicated',
    minNodes: 1,
  },
  { name: 'cpu-retail', workspace: 'mlw-retail-weu', vmSize: 'Standard_D8s_v5', maxNodes: 10, priority: 'LowPriority' },
  { name: 'cpu-risk', workspace: 'mlw-risk-neu', vmSize: 'Standard_E8s_v5', maxNodes: 4, priority: 'Dedicated' },
];

export const workspaceSeed = (name: string) => WORKSPACES.find((each) => same(each.name, name));
export const endpointSeed = (name: string) => ENDPOINTS.find((each) => same(each.name, name));
export const modelSeed = (name: string) => MODELS.find((each) => same(each.name, name));

/** ARM compares names without regard to case. */
export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
