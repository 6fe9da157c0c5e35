import { compareCard } from '../cost/compare.ts';
import { dataCard, digestCard } from '../cost/digest.ts';
import { doneCard } from '../cost/done.ts';
import { efficiencyCard, retrainCard } from '../cost/efficiency.ts';
import { reservationsCard, savingsCard } from '../cost/savings.ts';
import { showbackCard, statementCard, tagsCard } from '../cost/showback.ts';
import type { Sample } from '../gallery.ts';
import { source } from './cost.ts';
import { sampleAddresses } from './pictures.ts';
import { at, HOSTILE } from './story.ts';

export const costMoreSamples = (): Sample[] => [
  {
    name: 'cost/showback',
    card: showbackCard({
      source: source(),
      period: '2026-10-01 to 2026-10-31',
      periodWords: 'October 2026',
      currency: 'EUR',
      total: '10311.02',
      lines: [
        { id: 'payments', name: 'Payments', direct: '1836.12', shared: '2447.07', total: '4283.19', visible: true },
        { id: 'retail', name: 'Retail', direct: '1637.40', shared: '2182.32', total: '3819.72', visible: true },
        { id: 'risk', name: 'Risk', direct: '809.33', shared: '1078.66', total: '1887.99', visible: true },
        { id: 'unallocated', name: 'Unallocated', direct: '320.12', shared: '0.00', total: '320.12', visible: true },
      ],
      rule: 'Shared cost is split: platform by direct cost. Untagged cost is listed as unallocated.',
    }),
  },
  {
    name: 'cost/statement',
    card: statementCard({
      source: source(),
      department: 'Payments',
      periodWords: 'October 2026',
      currency: 'EUR',
      direct: '1836.12',
      shared: '2447.07',
      total: '4283.19',
      budget: { amount: '4000', percent: 107.1 },
      lines: [
        { resource: 'ep-fraud', part: 'inference', amount: '1413.60' },
        { resource: 'ep-aml', part: 'inference', amount: '409.20' },
      ],
      url: 'https://wardroom.northwind.example/files/5c1f0a9be2d47786',
    }),
  },
  {
    name: 'cost/tags',
    card: tagsCard({
      source: source(),
      periodWords: 'November 2026, to date',
      tag: 'department',
      currency: 'EUR',
      coverage: 97.1,
      untagged: '211.30',
      missing: [
        { resource: 'mlwpaymentsweust', amount: '78.20', ask: 'Ben Okafor' },
        { resource: HOSTILE, amount: '12.00' },
      ],
      unknown: [{ resource: 'ep-old', value: 'reatil', amount: '4.00' }],
    }),
  },
  {
    name: 'cost/compare',
    card: compareCard({
      source: source({ of: 'Cost Management, actual cost, EUR, list prices of Azure' }),
      word: 'total cost of ownership',
      of: '100,000 requests a month',
      currency: 'EUR',
      options: [
        { name: 'realtime', monthly: '876.00', arithmetic: '2 × 0.60 × 730 h' },
        {
          name: 'batch',
          monthly: '4.10',
          arithmetic: '0.60 × (100000 / 120000 + 30 × 12 / 60) h',
          excluded: 'batch does not answer within 1 s',
        },
        { name: 'serverless', monthly: '5.96', arithmetic: '100000 / 1000 × 0.05 + 100000 × 2 GB × 0.3 s × 0.000016' },
      ],
      cheapest: 'serverless',
      breakEven: 'Real-time is cheaper than serverless from 14,697,987 requests a month on.',
      facts: [['Machines', '2 × Standard_DS3_v2, 0.60 EUR an hour']],
    }),
  },
  {
    name: 'cost/savings',
    card: savingsCard({
      source: source(),
      currency: 'EUR',
      total: '1854.44',
      savings: [
        {
          what: 'Train on spot nodes, with a checkpoint every half hour',
          saving: '1279.45',
          risk: 'medium',
          effort: 'medium',
          because: '4 % for checkpoints.',
        },
        {
          what: 'ep-fraud blue: autoscale between 2 and 4 instances',
          saving: '374.24',
          risk: 'medium',
          effort: 'medium',
          because:
            'one more above 70 % of the processors, one fewer below 41 %: 448 instead of 676 instance hours in the last week. New instances need minutes; a sudden peak waits for them.',
          plan: {
            title: 'Ask to autoscale ep-fraud blue',
            verb: 'cost.autoscale',
            ids: { endpoint: 'ep-fraud', deployment: 'blue', least: '2', most: '4' },
          },
        },
        {
          what: 'ep-aml blue: 2 to 1 instance of Standard_DS3_v2',
          saving: '200.75',
          risk: 'medium',
          effort: 'low',
          because: 'busiest hour 21 % of the processors.',
          plan: {
            title: 'Ask for 1 on ep-aml blue',
            verb: 'cost.save',
            ids: { endpoint: 'ep-aml', deployment: 'blue', instances: '1' },
          },
        },
      ],
    }),
  },
  {
    name: 'cost/idle',
    card: savingsCard({
      source: source(),
      idle: true,
      currency: 'EUR',
      total: '3011.25',
      savings: [
        {
          what: 'Stop gpu-a100 in mlw-payments-weu',
          saving: '2685.67',
          risk: 'low',
          effort: 'low',
          because:
            'keeps 1 node although nothing runs; 1 × 3.679 EUR an hour × 730 h of Standard_NC24ads_A100_v4. The next job waits some minutes for its nodes.',
          plan: { title: 'Ask to stop gpu-a100', verb: 'cost.stop', ids: { compute: 'gpu-a100' } },
        },
        {
          what: 'Stop ci-hugo in mlw-payments-weu',
          saving: '325.58',
          risk: 'low',
          effort: 'low',
          because:
            'has run for 5 days, and Azure does not stop it when it is idle; 1 × 0.446 EUR an hour × 730 h of Standard_D8s_v5. What is open on it is closed; its disk stays. It is hugo.weiss’s.',
          plan: { title: 'Ask to stop ci-hugo', verb: 'cost.stop', ids: { compute: 'ci-hugo' } },
        },
      ],
    }),
  },
  { name: 'cost/savings-none', card: savingsCard({ source: source(), currency: 'EUR', total: '0', savings: [] }) },
  {
    name: 'cost/reservations',
    card: reservationsCard({
      source: source({ of: 'Cost Management, amortised cost, EUR, all subscriptions' }),
      currency: 'EUR',
      steadiness: 'stable: reservation',
      cv: 0.031,
      hourlyMean: '5.3300',
      best: { hourly: '3.6100', saving: '2041.20', utilisation: 99.4, coverage: 97.2 },
      commitmentCost: '230.00',
      offered: [
        {
          kind: 'savings plan',
          sku: 'Compute_Savings_Plan',
          term: 'P1Y',
          commitment: '2.1',
          saving: '468.72',
          utilisation: 99.1,
          coverage: 52.8,
        },
        {
          kind: 'reservation',
          sku: 'Standard_F8s_v2',
          term: 'P1Y',
          commitment: '4',
          saving: '394',
          breakEven: 'pays from 64 % of the hours on',
        },
      ],
      days: 56,
    }),
  },
  {
    name: 'cost/efficiency',
    card: efficiencyCard({
      source: source(),
      currency: 'EUR',
      metric: 'AUC',
      picture: sampleAddresses('sample-front'),
      placed: [
        { name: 'product-recommender:5 on ep-recommend', costPerThousand: '0.003120', quality: 0.758 },
        { name: 'fraud-detector:6 on ep-fraud', costPerThousand: '0.021000', quality: 0.943 },
        {
          name: 'churn-predictor:4 on ep-churn',
          costPerThousand: '0.141000',
          quality: 0.824,
          dominatedBy: 'fraud-detector:6 on ep-fraud',
        },
      ],
    }),
  },
  {
    name: 'cost/retrain',
    card: retrainCard({
      source: source(),
      model: 'fraud-detector',
      sku: 'Standard_D16s_v5',
      currency: 'EUR',
      perRun: '3.52',
      perMonth: '14.08',
      spotPerMonth: '3.10',
      hours: '3.55',
      arithmetic: '6.7 / 2 per node hour + 0.2 h = 3.55 h; × 1.111 tries × 0.892 = 3.52 a run; × 4 runs a month',
      assumptions: ['6.7 million rows (90 days of what its endpoint answers)', '4 runs a month (assumed)'],
    }),
  },
  {
    name: 'cost/digest',
    card: digestCard({
      source: source(),
      team: 'retail',
      teamName: 'Retail',
      week: '2026-11-16',
      currency: 'EUR',
      total: '412.10',
      before: '366.40',
      changes: [{ name: 'ep-recommend', part: 'inference', before: '46.20', after: '92.10' }],
      anomalies: ['ANO-101 ep-recommend'],
      budgets: ['Retail, monthly: 43 % used, 62 % expected'],
    }),
  },
  {
    name: 'cost/data',
    card: dataCard({
      source: source(),
      resources: 16,
      scopes: [
        {
          scope: '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001',
          basis: 'actual',
          source: 'query',
          from: '2025-10-01',
          to: '2026-11-23',
          asOf: at('12:40'),
          error: 'Cost Management: asks us to slow down (429)',
          missing: ['2026-10-12'],
        },
      ],
    }),
  },
  {
    name: 'cost/done',
    card: doneCard({
      source: source(),
      word: 'budget raised',
      text: 'Fraud, monthly is raised to €3,000, asked by Ben Okafor, agreed by Dev Patel',
      next: { title: 'Show the budget', verb: 'cost.budget', ids: { budget: 'fraud-monthly' } },
    }),
  },
];
