import { type CheckView, checkCard } from '../alerts/check.ts';
import { collectionCard } from '../alerts/collection.ts';
import { type LabelsView, labelsCard } from '../alerts/labels.ts';
import { monitorCard, monitorsCard, newMonitorCard } from '../alerts/monitors.ts';
import { type OrderView, orderCard } from '../alerts/order.ts';
import { suggestionsCard, thresholdsCard } from '../alerts/thresholds.ts';
import type { Sample } from '../gallery.ts';
import { at, HOSTILE } from './story.ts';

const line = (name: string, endpoint: string, enabled = true) => ({
  name,
  enabled,
  endpoint,
  deployment: 'blue',
  workspace: 'mlw-payments-weu',
  signals: ['data drift by PSI, limit 0.20'],
  schedule: 'every day at 02:10 UTC',
});

const order: OrderView = {
  now: at('14:12'),
  id: 'ORD-101',
  state: 'running',
  what: 'collect everything on ep-aml/blue',
  by: 'Ann Berg',
  note: 'Azure is at it',
  percent: 40,
  askedAt: at('14:11'),
};

const check: CheckView = {
  now: at('14:20'),
  id: 'CHK-101',
  endpoint: 'ep-fraud',
  state: 'done',
  note: 'ep-fraud drifts: PSI of amount is 0.31, limit 0.20; 2 of 3 features are over.',
  percent: 100,
  explain: false,
  business: 'SEV 2: about €2,800 an hour and 1,900 payments an hour go by amount; a high-risk use case.',
  result: {
    baseline: 'ep-fraud-training:1',
    deployments: ['blue', 'green'],
    from: at('12:00'),
    to: at('14:00'),
    rows: { reference: 6000, current: 240 },
    features: [
      {
        feature: 'amount',
        metric: 'psi',
        value: 0.31,
        limit: 0.2,
        state: 'alarm',
        because:
          'psi 0.31 is above its limit 0.20 (the floor; without drift 19 of 20 samples stay below 0.073, 6,000 rows before and 240 now, 10 bins); p = 8.1e-11 after correction for the number of features, at most 0.05.',
        bins: [
          { bin: 'up to 34.6', reference: 600, current: 9 },
          { bin: 'above 34.6 to 39.9', reference: 600, current: 14 },
          { bin: 'above 39.9 to 50.1', reference: 2400, current: 77 },
          { bin: 'above 50.1', reference: 2400, current: 140 },
        ],
      },
      {
        feature: 'merchant_category',
        metric: 'psi',
        value: 0.24,
        limit: 0.2,
        state: 'alarm',
        because: 'psi 0.24 is above its limit 0.2.',
        bins: [],
      },
      { feature: HOSTILE, metric: 'psi', state: 'unknown', because: 'Not known: no finite values now.', bins: [] },
    ],
  },
};

const labels: LabelsView = {
  now: at('14:30'),
  id: 'CHK-102',
  endpoint: 'ep-fraud',
  state: 'done',
  note: 'ep-fraud: labels are there for 47 % of the requests.',
  percent: 100,
  days: 4,
  source: 'ep-fraud-labels',
  asOf: at('14:31'),
  result: {
    predictions: 11_520,
    labelled: 5410,
    strangers: 12,
    days: [
      { day: '2026-11-20', predictions: 2880, labelled: 1980 },
      { day: '2026-11-21', predictions: 2880, labelled: 1720 },
      { day: '2026-11-22', predictions: 2880, labelled: 1190 },
      { day: '2026-11-23', predictions: 2880, labelled: 520 },
    ],
    lag: { median: 21.4, p90: 64, most: 90 },
    coverage: 0.47,
    settledCoverage: 0.82,
    measured: {
      accuracy: { value: 0.834, low: 0.824, high: 0.844 },
      precision: { value: 0.752, low: 0.73, high: 0.772 },
      recall: { value: 0.567, low: 0.546, high: 0.588 },
    },
    estimated: { accuracy: 0.833, precision: 0.75, recall: 0.574, n: 6110 },
    calibration: { error: 0.015, mended: false },
    expectedWithin: 7 * 24 * 60,
  },
};

export const modelSamples = (): Sample[] => [
  {
    name: 'alerts/monitors',
    card: monitorsCard({
      now: at('14:10'),
      monitors: [
        line('ep-fraud-monitor', 'ep-fraud'),
        line('ep-aml-monitor', 'ep-aml', false),
        line(HOSTILE, 'ep-churn'),
      ],
      unwatched: ['ep-aml', 'ep-credit'],
      own: ['ep-credit, every 24 h against training'],
      missing: ['mlw-risk-neu'],
      asOf: at('14:10'),
      source: 'Azure Machine Learning',
    }),
  },
  {
    name: 'alerts/monitors-none',
    card: monitorsCard({
      now: at('14:10'),
      endpoint: 'ep-credit',
      monitors: [],
      unwatched: ['ep-credit'],
      own: [],
      missing: [],
      asOf: at('14:10'),
      source: 'Azure Machine Learning',
    }),
  },
  {
    name: 'alerts/monitor',
    card: monitorCard({
      now: at('14:10'),
      monitor: line('ep-fraud-monitor', 'ep-fraud'),
      thresholds: [
        { signal: 'data drift', metric: 'PSI', type: 'numerical', limit: 0.2 },
        { signal: 'data drift', metric: 'PSI', type: 'categorical', limit: 0.2 },
      ],
      features: ['amount', 'merchant_category', 'hour_of_day', 'country'],
      asOf: at('14:10'),
      source: 'Azure Machine Learning',
    }),
  },
  {
    name: 'alerts/monitor-paused',
    card: monitorCard({
      now: at('14:10'),
      monitor: line('ep-aml-monitor', 'ep-aml', false),
      thresholds: [],
      features: [],
      asOf: at('14:10'),
      source: 'Azure Machine Learning',
    }),
  },
  {
    name: 'alerts/monitor-new',
    card: newMonitorCard({
      now: at('14:10'),
      draft: 'DRF-104',
      endpoint: 'ep-fraud',
      name: 'ep-fraud-data-quality',
      words: [
        ['Signal', 'data quality'],
        ['Limit', '0.01'],
        ['Compares with', 'azureml:ep-fraud-training:1'],
        ['Runs', 'every day at 03:10 UTC'],
      ],
    }),
  },
  { name: 'alerts/order-running', card: orderCard(order) },
  {
    name: 'alerts/order-done',
    card: orderCard({
      ...order,
      state: 'done',
      note: 'Azure says it is done.',
      percent: 100,
      finishedAt: at('14:13'),
      why: HOSTILE,
    }),
  },
  {
    name: 'alerts/order-failed',
    card: orderCard({
      ...order,
      state: 'failed',
      note: 'Azure refused: the deployment is being updated.',
      finishedAt: at('14:13'),
    }),
  },
  {
    name: 'alerts/collection',
    card: collectionCard({
      now: at('14:10'),
      endpoint: 'ep-fraud',
      deployments: [
        {
          name: 'blue',
          traffic: 90,
          on: [
            { name: 'model_inputs', sampling: 1 },
            { name: 'model_outputs', sampling: 0.5 },
          ],
          missing: [],
          lastFile: at('14:00'),
        },
        { name: 'green', traffic: 10, on: [], missing: ['inputs', 'outputs'] },
      ],
      consequences: [
        'drift and data quality cannot be computed from what it is asked',
        'prediction drift, attribution and performance on labels cannot be computed',
      ],
      asOf: at('14:10'),
      source: 'Azure Machine Learning and its storage',
    }),
  },
  {
    name: 'alerts/collection-good',
    card: collectionCard({
      now: at('14:10'),
      endpoint: 'ep-fraud',
      deployments: [
        {
          name: 'blue',
          traffic: 100,
          on: [
            { name: 'model_inputs', sampling: 1 },
            { name: 'model_outputs', sampling: 1 },
          ],
          missing: [],
          lastFile: at('14:00'),
        },
      ],
      consequences: [],
      asOf: at('14:10'),
      source: 'Azure Machine Learning and its storage',
    }),
  },
  { name: 'alerts/check-drift', card: checkCard(check) },
  { name: 'alerts/check-explained', card: checkCard({ ...check, explain: true }) },
  {
    name: 'alerts/check-running',
    card: checkCard({
      now: at('14:19'),
      id: 'CHK-101',
      endpoint: 'ep-fraud',
      state: 'running',
      note: 'collected inputs: 12 of 48 files, 0.6 MB',
      percent: 20,
      explain: false,
    }),
  },
  {
    name: 'alerts/check-failed',
    card: checkCard({
      now: at('14:19'),
      id: 'CHK-103',
      endpoint: 'ep-credit',
      state: 'failed',
      note: 'No deployment of ep-credit collects its inputs. Say “collection of ep-credit” to see what is missing and switch it on.',
      percent: 0,
      explain: false,
    }),
  },
  {
    name: 'alerts/thresholds',
    card: thresholdsCard({
      now: at('14:10'),
      endpoint: 'ep-fraud',
      business:
        'When Wardroom finds drift: SEV 2 (about €4,200 an hour and 3,100 payments an hour go through it; a high-risk use case).',
      fallback: 0.2,
      windows: 90,
      changed: ['amount'],
      limits: [
        { feature: 'amount', value: 0.3, from: 'Ann Berg: payday moves it', last: 0.32, state: 'alarm' },
        { feature: 'country', value: 0.2, from: 'default', last: 0.04, state: 'ok' },
        { feature: HOSTILE, value: 0.2, from: 'default' },
      ],
    }),
  },
  {
    name: 'alerts/thresholds-suggested',
    card: suggestionsCard({
      now: at('14:10'),
      endpoint: 'ep-fraud',
      lines: [
        {
          feature: 'amount',
          limit: 0.2,
          suggested: 0.09,
          quiet: 88,
          falseNow: 0,
          falseThen: 0,
          detects: 0.31,
          alarmsNow: 1,
          alarmsThen: 2,
          because: 'quiet windows reach 0.067; a quarter of room is left above',
        },
        {
          feature: 'country',
          limit: 0.2,
          quiet: 4,
          falseNow: 0,
          falseThen: 0,
          alarmsNow: 0,
          alarmsThen: 0,
          because: 'there are 4 quiet windows, 10 are needed',
        },
      ],
    }),
  },
  {
    name: 'alerts/thresholds-unsuggested',
    card: suggestionsCard({ now: at('14:10'), endpoint: 'ep-credit', lines: [] }),
  },
  { name: 'alerts/labels', card: labelsCard(labels) },
  {
    name: 'alerts/labels-running',
    card: labelsCard({
      now: at('14:30'),
      id: 'CHK-102',
      endpoint: 'ep-fraud',
      state: 'running',
      note: 'labels: 2 of 4 files, 1.1 MB',
      percent: 70,
      days: 4,
      source: 'ep-fraud-labels',
      asOf: at('14:30'),
    }),
  },
];
