import { type AnomalyView, anomaliesCard, anomalyCard } from '../cost/anomaly.ts';
import { breakdownCard } from '../cost/breakdown.ts';
import { type BudgetView, budgetCard, budgetsCard } from '../cost/budget.ts';
import { changesCard } from '../cost/changes.ts';
import { forecastCard, whatIfCard } from '../cost/forecast.ts';
import type { Source } from '../cost/report.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

export const source = (more: Partial<Source> = {}): Source => ({
  now: at('14:05'),
  asOf: at('12:40'),
  of: 'Cost Management, actual cost, EUR, all subscriptions',
  ...more,
});
const days = (count: number, amount: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    amount: amount(index),
  }));
const weekly = (index: number) => ([0, 6, 7, 13, 14, 20, 21].includes(index) ? 235 : 372) + ((index * 7) % 11);

const parts = [
  {
    name: 'training',
    amount: '4256.10',
    currency: 'EUR',
    before: 4190.2,
    drill: { of: 'training 2026-11-01 to 2026-11-23', basis: 'actual' },
  },
  { name: 'inference', amount: '2948.77', currency: 'EUR', before: 2760.9 },
  { name: 'storage', amount: '211.30', currency: 'EUR', before: 228.1 },
  { name: 'data transfer', amount: '164.02', currency: 'EUR', before: 161.5 },
  { name: 'unexplained', amount: '60.12', currency: 'EUR', before: 0 },
];

const budget: BudgetView = {
  source: source({ of: 'Cost Management, actual cost, EUR, Fraud, monthly' }),
  id: 'fraud-monthly',
  name: 'Fraud, monthly',
  period: '2026-11',
  currency: 'EUR',
  amount: '2400',
  actual: '1362.40',
  percent: 56.8,
  forecast: { value: '1821.00', low: '1790.00', high: '1852.00', percent: 75.9 },
  enforce: true,
  running: days(22, (index) => 59.2 * (index + 1)),
  others: [],
  subject: { of: 'fraud' },
};

const anomaly: AnomalyView = {
  source: source(),
  id: 'ANO-101',
  what: 'resource',
  name: 'gpu-a100',
  day: '2026-11-22',
  value: 494.4,
  expected: 49.5,
  currency: 'EUR',
  kind: 'changed',
  course: 'spike',
  state: 'open',
  drivers: [{ name: 'gpu-a100, Virtual Machines', delta: '444.90' }],
  history: days(22, (index) => (index === 21 ? 494.4 : [0, 6, 7, 13, 14, 20].includes(index) ? 49.5 : 123.6)),
};

export const costSamples = (): Sample[] => [
  {
    name: 'cost/breakdown',
    card: breakdownCard({
      source: source(),
      of: undefined,
      period: 'November 2026, to date',
      previous: '2026-10-01 to 2026-10-23',
      by: 'part',
      totals: [{ amount: '7640.31', currency: 'EUR', before: 7340.7 }],
      lines: parts,
      daily: days(22, weekly),
      trend: true,
      ids: { of: '2026-11-01 to 2026-11-23', basis: 'actual' },
      basis: 'actual',
    }),
  },
  {
    name: 'cost/breakdown-partial',
    card: breakdownCard({
      source: source({
        warnings: ['Azure has no costs for 2026-10-12 to 2026-11-10 (30 days): the totals are too low by those days.'],
      }),
      of: HOSTILE,
      period: 'November 2026, to date',
      previous: '2026-10-01 to 2026-10-23',
      by: 'department',
      totals: [
        { amount: '1362.40', currency: 'EUR' },
        { amount: '-18.40', currency: 'USD' },
      ],
      lines: [
        { name: 'Payments', amount: '1362.40', currency: 'EUR' },
        { name: HOSTILE, amount: '-18.40', currency: 'USD' },
      ],
      daily: [],
      trend: false,
      partial: 'Only what concerns Fraud; for more: Ask Kim Lee or Léa Novák.',
      ids: { of: '2026-11-01 to 2026-11-23', basis: 'amortised' },
      basis: 'amortised',
    }),
  },
  {
    name: 'cost/breakdown-nothing',
    card: breakdownCard({
      source: source({ asOf: undefined, warnings: ['No costs have been read from Azure yet.'] }),
      of: 'ep-new',
      period: 'November 2026, to date',
      previous: '2026-10-01 to 2026-10-23',
      by: 'part',
      totals: [],
      lines: [],
      daily: [],
      trend: true,
      ids: { of: 'ep-new' },
      basis: 'actual',
    }),
  },
  {
    name: 'cost/changes',
    card: changesCard({
      source: source(),
      of: undefined,
      period: '2026-11-16 to 2026-11-22',
      previous: '2026-11-09 to 2026-11-15',
      currency: 'EUR',
      delta: 184.2,
      drivers: [
        {
          name: 'ep-recommend',
          before: 46.2,
          after: 92.1,
          delta: 45.9,
          because: 'blue with product-recommender:5 was deployed, by gita.rao@northwind.example, 2026-11-12',
          drill: { of: 'ep-recommend' },
        },
        { name: 'gpu-a100', before: 865.2, after: 741.1, delta: -124.1, drill: { of: 'gpu-a100' } },
      ],
      causes: [
        { at: at('11:05'), what: 'green with fraud-detector:7 was deployed', by: 'hugo.weiss@northwind.example' },
      ],
    }),
  },
  {
    name: 'cost/forecast',
    card: forecastCard({
      source: source(),
      of: undefined,
      currency: 'EUR',
      months: [
        { month: '2026-11', value: '10241.00', low: '10184.00', high: '10298.00' },
        { month: '2026-12', value: '10611.00', low: '10210.00', high: '11012.00' },
        { month: '2027-01', value: '10600.00', low: '9980.00', high: '11220.00' },
      ],
      spent: '7640.31',
      purchases: '3650.00',
      method: 'weekday mean',
      label: 'totals were off by 1.3 % in 6 back-tests',
      confidence: 'high',
      level: 80,
      tests: [
        { method: 'weekday mean', percent: 1.3 },
        { method: 'damped Holt-Winters', percent: 1.6 },
        { method: 'seasonal naive', percent: 2.2 },
        { method: 'naive', percent: 9.8 },
      ],
      history: days(22, weekly),
      ahead: days(8, weekly).map(({ day, amount }, index) => ({
        day: day.replace(/\d\d$/, String(23 + index)),
        value: amount,
        low: amount - 20,
        high: amount + 20,
      })),
      ids: {},
    }),
  },
  {
    name: 'cost/what-if',
    card: whatIfCard({
      source: source(),
      of: undefined,
      currency: 'EUR',
      before: '9980.00',
      after: '15533.00',
      lines: [
        { part: 'training', before: '5553.00', after: '11106.00', because: 'runs × 2, data × 1' },
        {
          part: 'inference',
          before: '3850.00',
          after: '3850.00',
          because: 'replicas × 1; fixed replicas do not follow traffic',
        },
      ],
    }),
  },
  { name: 'cost/budget', card: budgetCard(budget) },
  {
    name: 'cost/budget-crossed',
    card: budgetCard({
      ...budget,
      crossed: 'actual 80 %, actual 100 %',
      actual: '2460.00',
      percent: 102.5,
      forecast: { value: '3180.00', low: '3100.00', high: '3260.00', percent: 132.5 },
      raisedBy: 'Dev Patel',
      others: ['USD'],
    }),
  },
  {
    name: 'cost/budgets',
    card: budgetsCard({
      source: source(),
      budgets: [
        budget,
        {
          id: 'training',
          name: 'Training clusters',
          currency: 'EUR',
          amount: '6800',
          actual: '6090.00',
          percent: 89.6,
          period: '2026-11',
          forecast: { value: '7300.00', low: '7100.00', high: '7500.00', percent: 107.4 },
        },
      ],
      hidden: 2,
      ask: 'Ask Kim Lee or Léa Novák.',
    }),
  },
  { name: 'cost/anomaly', card: anomalyCard(anomaly) },
  {
    name: 'cost/anomaly-muted',
    card: anomalyCard({
      ...anomaly,
      state: 'muted',
      kind: 'removed_cost',
      value: 0,
      decided: `Ann Berg: ${HOSTILE}`,
      cause: { what: 'CHG-104: all traffic back to blue' },
    }),
  },
  {
    name: 'cost/anomalies',
    card: anomaliesCard({
      source: source(),
      anomalies: [
        anomaly,
        { ...anomaly, id: 'ANO-99', name: 'Storage', kind: 'new_cost', expected: 0, state: 'acknowledged' },
      ],
    }),
  },
  { name: 'cost/anomalies-none', card: anomaliesCard({ source: source(), anomalies: [] }) },
  { name: 'cost/anomalies-of', card: anomaliesCard({ source: source(), of: 'Fraud, last 30 days', anomalies: [] }) },
];
