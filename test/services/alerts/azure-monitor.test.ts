import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readAzureMonitor } from '../../../services/alerts/azure-monitor.ts';
import { decimalOf } from '../../../services/alerts/azure-monitor-budget.ts';
import type { Signal } from '../../../services/alerts/signal.ts';
import { alert } from '../../store/alerts.ts';

const now = Temporal.Instant.from('2026-11-23T15:00:00Z');
const load = (name: string) => JSON.parse(readFileSync(new URL(`../../data/hooks/${name}`, import.meta.url), 'utf8'));
const one = (body: unknown): Signal => {
  const read = readAzureMonitor(body, now);
  expect(read.malformed).toEqual([]);
  const [signal] = read.signals;
  if (!signal) throw new Error('no signal');
  return signal;
};
/** The documentation shows these contexts alone; they travel inside the same essentials. */
const wrapped = (name: string, monitoringService: string) => {
  const shell = load('alert-activitylog-administrative.json');
  return {
    ...shell,
    data: { essentials: { ...shell.data.essentials, monitoringService }, alertContext: load(name).alertContext },
  };
};

const ENDPOINT =
  '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001/resourcegroups/rg-ml-payments/providers/microsoft.machinelearningservices/workspaces/mlw-payments-weu/onlineendpoints/ep-fraud';
const metric = (options: {
  essentials?: Record<string, unknown>;
  criterion?: Record<string, unknown>;
  custom?: Record<string, unknown>;
}) => {
  const { schemaId, data } = alert('a-1');
  const { condition } = data.alertContext;
  const [criterion] = condition.allOf;
  const dimensions = [{ name: 'deployment', value: 'green' }];
  return {
    schemaId,
    data: {
      essentials: {
        ...data.essentials,
        alertRule: 'fraud latency',
        firedDateTime: '2026-11-23T14:59:00Z',
        ...options.essentials,
      },
      alertContext: {
        ...data.alertContext,
        condition: { ...condition, allOf: [{ ...criterion, dimensions, ...options.criterion }] },
      },
      ...(options.custom ? { customProperties: options.custom } : {}),
    },
  };
};

describe('the documented alerts', () => {
  it.each<[string, Partial<Signal>]>([
    [
      'alert-metric-static-fired.json',
      { kind: 'other', condition: 'fired', severity: 4, rule: 'test-metricAlertRule' },
    ],
    ['alert-metric-dynamic-fired.json', { kind: 'other', rawType: 'Platform/DynamicThresholdCriteria' }],
    ['alert-metric-resolved.json', { condition: 'resolved', severity: 3, stateless: false }],
    ['alert-availability-test.json', { kind: 'availability' }],
    ['alert-log-v2-fired.json', { rawType: 'Log Alerts V2/LogQueryCriteria' }],
    ['alert-activitylog-administrative.json', { kind: 'other', stateless: true }],
    ['alert-resource-health.json', { kind: 'health', condition: 'fired' }],
    ['alert-service-health.json', { kind: 'health', condition: 'resolved' }],
    ['alert-smart-detector.json', { kind: 'latency' }],
    ['alert-budget-actual.json', { kind: 'budget', severity: 2, rule: 'Test_actual_cost_budget', stateless: true }],
    ['alert-budget-forecasted.json', { kind: 'budget', severity: 3, rule: 'Test_forcasted_budget' }],
  ])('%s', (file, expected) => {
    expect(one(load(file))).toMatchObject(expected);
  });

  it.each([
    ['alert-metric-static-fired.json', 'Transactions of test-storageAccount is 100, limit 0 (total over 5 minutes)'],
    [
      'alert-metric-dynamic-fired.json',
      'Transactions of test-storageAccount is 78.09, limit 0.3 (average over 15 minutes)',
    ],
    [
      'alert-metric-resolved.json',
      'Percentage CPU of wcus-r2-gen2 is back to 7.727 %, limit 25 % (average over 5 minutes)',
    ],
    ['alert-log-v2-fired.json', 'rows found of test-computer is 3, limit 0 (count over 1 hour)'],
    ['alert-resource-health.json', 'test-VM is Unavailable, it was Available (Rebooted by user)'],
    [
      'alert-budget-actual.json',
      'Spend of Test_actual_cost_budget is 11111.00 USD (alert level 25.00 USD, budget 50.00 USD)',
    ],
    [
      'alert-budget-forecasted.json',
      'Spend of Test_forcasted_budget is forecast to reach 1111.11 USD (alert level 50.00 USD, budget 50.00 USD)',
    ],
  ])('%s is told in one sentence', (file, headline) => {
    expect(one(load(file)).headline).toBe(headline);
  });

  it('reads the numbers, although a threshold is text', () => {
    const { details, startedAt, endedAt } = one(load('alert-metric-resolved.json'));
    expect(details).toMatchObject({ metric: 'Percentage CPU', value: 7.727, threshold: 25, unit: '%', window: 'PT5M' });
    expect([String(startedAt), String(endedAt)]).toEqual([
      '2019-03-22T13:58:24.3713213Z',
      '2019-03-22T14:03:16.2246313Z',
    ]);
  });

  it('reads Prometheus and autoscale, which have no condition', () => {
    const prometheus = one(wrapped('alert-context-prometheus.json', 'Prometheus'));
    expect(prometheus.details).toMatchObject({
      metric: 'sql_up',
      value: 0,
      threshold: 0,
      operator: '>',
      window: 'PT2M',
    });
    expect(prometheus.headline).toContain('alert on SQL availability');
    const scaled = one(wrapped('alert-context-autoscale.json', 'Activity Log - Autoscale'));
    expect(scaled.headline).toBe('alexademo was scaled from 9 to 10 instances');
    expect(scaled.stateless).toBe(true);
  });
});

describe('a budget', () => {
  const said = (over: object) => {
    const body = structuredClone(load('alert-budget-actual.json'));
    Object.assign((body.data.alertContext as unknown as { AlertData: object }).AlertData, { BudgetName: 'ml' }, over);
    return one(body);
  };
  it.each([
    [
      {
        Unit: 'EUR',
        SpentAmount: '1.234,56 €',
        BudgetThreshold: '1.000,00 €',
        NotificationThresholdAmount: '800,00 €',
      },
      'Spend of ml is 1234.56 EUR (alert level 800.00 EUR, budget 1000.00 EUR)',
    ],
    [
      { Unit: null, SpentAmount: '£1,234', BudgetThreshold: '£1,000', NotificationThresholdAmount: null },
      'Spend of ml is 1234 GBP (alert level 1000 GBP, budget 1000 GBP)',
    ],
    [
      { Unit: null, SpentAmount: null, BudgetThreshold: null, NotificationThresholdAmount: null },
      'Spend of ml is unknown (alert level unknown, budget unknown)',
    ],
  ])('says what is known, and never 0 for what is not: %o', (over, headline) => {
    const signal = said(over);
    expect(signal.headline).toBe(headline);
    expect(signal.details.money === undefined).toBe(over.SpentAmount === null);
  });
});

describe('an alert of an endpoint', () => {
  it('says where, how much and over what', () => {
    expect(one(metric({}))).toMatchObject({
      kind: 'latency',
      severity: 1,
      workspace: 'mlw-payments-weu',
      endpoint: 'ep-fraud',
      deployment: 'green',
      headline: 'p95 latency of ep-fraud/green is 812.4 ms, limit 300 ms (average over 5 minutes)',
    });
  });

  it.each<[string, Parameters<typeof metric>[0]]>([
    [
      'a deployment as target',
      { essentials: { alertTargetIDs: [`${ENDPOINT}/deployments/green`] }, criterion: { dimensions: [] } },
    ],
    [
      'custom properties',
      {
        essentials: {
          alertTargetIDs: ['/subscriptions/x/resourcegroups/y/providers/microsoft.operationalinsights/workspaces/logs'],
        },
        custom: { endpoint: 'ep-fraud', deployment: 'green' },
      },
    ],
    [
      'a resource id in a dimension',
      {
        essentials: { alertTargetIDs: null },
        criterion: { dimensions: [{ name: 'microsoft.resourceId', value: `${ENDPOINT}/deployments/green` }] },
      },
    ],
  ])('is found by %s', (_how, options) => {
    expect(one(metric(options))).toMatchObject({ endpoint: 'ep-fraud', deployment: 'green' });
  });

  it('never takes a Log Analytics workspace for one of Machine Learning', () => {
    const target = '/subscriptions/x/resourcegroups/y/providers/microsoft.operationalinsights/workspaces/logs';
    expect(one(metric({ essentials: { alertTargetIDs: [target] } })).workspace).toBeUndefined();
  });

  it.each([
    ['RequestsPerMinute', [{ name: 'statusCodeClass', value: '5xx' }], 'errors'],
    ['RequestsPerMinute', [{ name: 'statusCodeClass', value: '2xx' }], 'other'],
    ['DataCollectionErrorsPerMinute', [], 'errors'],
    ['RequestLatency_P50', [], 'latency'],
    ['Failed Runs', [], 'failed-run'],
    ['Model Deploy Failed', [], 'deployment'],
    ['DeploymentCapacity', [], 'availability'],
    ['CpuUtilizationPercentage', [], 'other'],
    ['psi_amount', [], 'drift'],
    ['Epsilon', [], 'other'],
    ['data drift magnitude', [], 'drift'],
  ])('%s with %j is %s', (metricName, dimensions, kind) => {
    expect(one(metric({ criterion: { metricName, dimensions } })).kind).toBe(kind);
  });

  it('may state its kind in a custom property', () => {
    expect(one(metric({ criterion: { metricName: 'KS statistic' }, custom: { kind: 'drift' } })).kind).toBe('drift');
  });

  it('pairs Fired with Resolved, and keeps different messages apart', () => {
    const fired = one(metric({}));
    const again = one(metric({}));
    const resolved = (at: string) =>
      one(metric({ essentials: { monitorCondition: 'Resolved', resolvedDateTime: at } }));
    const [first, later] = [resolved('2026-11-23T15:10:00Z'), resolved('2026-11-23T15:11:00Z')];
    expect(again.eventKey).toBe(fired.eventKey);
    expect(new Set([fired.eventKey, first.eventKey, later.eventKey]).size).toBe(3);
    expect(first.dedupKey).toBe(fired.dedupKey);
    expect(first.headline).toContain('is back to');
    expect(String(first.endedAt)).toBe('2026-11-23T15:10:00Z');
    const other = one(metric({ essentials: { alertTargetIDs: [ENDPOINT.replace('ep-fraud', 'ep-aml')] } }));
    expect(other.dedupKey, 'the same alert of another endpoint').not.toBe(fired.dedupKey);
  });

  it('calls somebody although fields are of another type than is documented', () => {
    const odd = { severity: 1, description: { text: 'slow' }, investigationLink: 7, alertTargetIDs: 'none' } as never;
    expect(one(metric({ essentials: odd }))).toMatchObject({ severity: 1, condition: 'fired' });
    expect(one(metric({ essentials: { severity: '2' } })).severity).toBe(2);
  });

  it('reads an absent value and severity', () => {
    const signal = one(metric({ essentials: { severity: null }, criterion: { metricValue: null, dimensions: null } }));
    expect([signal.severity, signal.headline]).toEqual([3, 'p95 latency of ep-fraud is over its limit, limit 300 ms']);
  });

  it('keeps only https links', () => {
    const link = (investigationLink: string) => one(metric({ essentials: { investigationLink } })).details.link;
    expect(link('https://portal.azure.com/x')).toBe('https://portal.azure.com/x');
    expect(link('javascript:alert(1)')).toBeUndefined();
  });
});

describe('health', () => {
  it('pairs a recovery with the trouble although it is another alert', () => {
    const trouble = load('alert-resource-health.json');
    const better = structuredClone(trouble);
    better.data.essentials.alertId += '-2';
    better.data.essentials.monitoringService = 'ResourceHealth';
    better.data.alertContext.eventTimestamp = '2025-04-15T18:30:00Z';
    better.data.alertContext.properties.currentHealthStatus = 'Available';
    const [a, b] = [one(trouble), one(better)];
    expect([a.condition, b.condition, String(b.endedAt)]).toEqual(['fired', 'resolved', '2025-04-15T18:30:00Z']);
    expect(b.dedupKey).toBe(a.dedupKey);
  });

  it('pairs the updates of one Azure trouble by its tracking id and writes no markup', () => {
    const active = load('alert-service-health.json');
    active.data.alertContext.properties.stage = 'Active';
    active.data.alertContext.properties.title = '<p>Slow <b>logins</b></p>';
    active.data.essentials.alertId = '/x';
    const signal = one(active);
    expect(signal.condition).toBe('fired');
    expect(signal.headline).toBe('Azure AzureServiceName in Global: Slow logins (active, TEST-TTT)');
    expect(signal.dedupKey).toBe(one(load('alert-service-health.json')).dedupKey);
  });
});

it.each([
  ['$11,111.00', '11111.00'],
  ['$1111.11', '1111.11'],
  ['€1.234,56', '1234.56'],
  ['1 234,56 €', '1234.56'],
  ["CHF 1'234.50", '1234.50'],
  ['¥1,234', '1234'],
  ['$1,234,567', '1234567'],
  ['1.234.567 €', '1234567'],
  ['-$5.00', '-5.00'],
  ['($5.00)', '-5.00'],
  ['$0', '0'],
  ['nothing', undefined],
  [undefined, undefined],
])('money %s is %s', (written, expected) => {
  expect(decimalOf(written)).toBe(expected);
});

describe('bad input', () => {
  it('keeps a body of another schema as unknown', () => {
    const read = readAzureMonitor({ schemaId: 'AzureMonitorMetricAlert', data: {} }, now);
    expect([read.signals.length, read.unknown[0]?.type]).toEqual([0, 'AzureMonitorMetricAlert']);
  });

  it.each([
    [null],
    [[]],
    ['x'],
    [7],
    [{ schemaId: 'azureMonitorCommonAlertSchema' }],
    [metric({ essentials: { alertId: '' } })],
  ])('says why %j is malformed', (body) => {
    const read = readAzureMonitor(body, now);
    expect(read.malformed).toEqual([{ index: 0, why: expect.stringMatching(/\w/) }]);
  });

  it('survives a context of the wrong shape', () => {
    const body = metric({});
    const broken = {
      ...body,
      data: { ...body.data, alertContext: { condition: { allOf: [{ metricName: 7, dimensions: 'x' }, 3] } } },
    };
    expect(one(broken).endpoint).toBe('ep-fraud');
  });
});
