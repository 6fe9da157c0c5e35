import { describe, expect, it } from 'vitest';
import { quotaOn, volumeOn } from '../../../bot/app.pressure.ts';
import { breaches } from '../../../services/azure/ml.monitors.ts';
import { runs } from '../../../services/azure/ml.runs.ts';
import { guard } from '../../../services/azure/resilience.ts';
import { FRAUD, PAYMENTS, stage } from '../../infra/azure/story.ts';

const runIdOf = (hook: { body: unknown } | undefined) =>
  (hook?.body as [{ data: { runId: string } }] | undefined)?.[0].data.runId ?? '';

describe('what a monitor found', () => {
  it('gives the numbers that the breach event does not carry', async () => {
    const { azure, estate } = stage();
    const { value } = await azure.ml.monitorResults(PAYMENTS, runIdOf(estate.happen('drift')[0]));
    expect(value).toMatchObject({ monitor: 'ep-fraud-monitor', breachedSignals: ['data_drift'] });
    expect(value?.rows.map((row) => [row.feature, row.breached])).toEqual([
      ['amount', true],
      ['merchant_category', true],
      ['distance_km', false],
      ['country', false],
      ['card_age_days', false],
      ['hour_of_day', false],
    ]);
    expect(value?.rows[0]).toMatchObject({
      signal: 'data_drift',
      metric: 'population_stability_index',
      threshold: 0.2,
    });
    expect(value?.rows[0]?.value).toBeCloseTo(0.31, 2);
  });

  it('still tells what an older run found after the monitor ran again', async () => {
    const { azure, estate, advance, clock } = stage();
    const breached = runIdOf(estate.happen('drift')[0]);
    await azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });
    await advance({ minutes: 20 });
    const healthy = runIdOf(estate.advanceTo(clock.now())[0]);
    const then = (await azure.ml.monitorResults(PAYMENTS, breached)).value;
    const now = (await azure.ml.monitorResults(PAYMENTS, healthy)).value;
    expect(then?.rows[0]).toMatchObject({ feature: 'amount', breached: true });
    expect(now?.breachedSignals).toEqual([]);
    expect(now?.rows.some((row) => row.breached)).toBe(false);
  });

  it('answers undefined for a run nobody knows', async () => {
    expect((await stage().azure.ml.monitorResults(PAYMENTS, 'nope')).value).toBeUndefined();
  });

  it.each([
    ['population_stability_index', 0.31, 0.2, true],
    ['population_stability_index', 0.2, 0.2, false],
    ['two_sample_kolmogorov_smirnov_test', 0.01, 0.05, true],
    ['two_sample_kolmogorov_smirnov_test', 0.05, 0.05, false],
    ['normalized_discounted_cumulative_gain_ndcg', 0.95, 0.9, false],
  ])('judges %s %d against %d as Azure ML does', (metric, value, threshold, expected) => {
    expect(breaches(metric, value, threshold)).toBe(expected);
  });
});

describe('how monitors are set up', () => {
  it('reads what the SDK would drop: target, features and limits', async () => {
    const { value } = await stage().azure.ml.listMonitors(PAYMENTS);
    expect(value.map((each) => [each.name, each.endpoint, each.deployment, each.enabled])).toEqual([
      ['ep-fraud-monitor', 'ep-fraud', 'green', true],
      ['ep-aml-monitor', 'ep-aml', 'blue', true],
    ]);
    expect(value[0]?.signals[0]).toMatchObject({
      name: 'data_drift',
      type: 'DataDrift',
      features: expect.arrayContaining(['amount', 'merchant_category']),
      thresholds: [
        { dataType: 'Numerical', metric: 'PopulationStabilityIndex', value: 0.2 },
        { dataType: 'Categorical', metric: 'PopulationStabilityIndex', value: 0.2 },
      ],
    });
  });
});

describe('run history', () => {
  it('tells a training run with its metric, commit and times', async () => {
    const { azure } = stage();
    const { value } = await azure.ml.getRun(PAYMENTS, 'train-fraud-detector-7');
    expect(value).toMatchObject({ status: 'FINISHED', metrics: { auc: { value: 0.951 } }, params: { seed: '777' } });
    expect(value?.tags['mlflow.source.git.commit']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('searches 90 nights through every page', async () => {
    const { azure } = stage();
    const experiment = (await azure.ml.experimentId(PAYMENTS, 'feature-pipeline')).value ?? '';
    const all = await azure.ml.searchRuns(PAYMENTS, { experimentIds: [experiment], most: 1000 });
    expect(all.value).toHaveLength(91);
    const failed = await azure.ml.searchRuns(PAYMENTS, {
      experimentIds: [experiment],
      filter: "attributes.status = 'FAILED'",
    });
    expect(failed.value.length).toBeGreaterThan(0);
    expect(failed.value.every((each) => each.status === 'FAILED')).toBe(true);
  });

  it('finds the run behind a failed-run event', async () => {
    const { azure, estate } = stage();
    const { value } = await azure.ml.getRun(PAYMENTS, runIdOf(estate.happen('failed-run')[0]));
    expect(value).toMatchObject({ status: 'FAILED', tags: { 'azureml.errorCode': 'OutOfMemory' } });
  });

  it('names the service that does not answer', async () => {
    const { azure, estate } = stage({ tuning: { maxRetries: 0 } });
    estate.fault({ service: 'mlflow', mode: '500' });
    await expect(azure.ml.getRun(PAYMENTS, 'x')).rejects.toThrow(/^Azure ML run history: answered 500/);
  });

  it('will not take its token to a tracking address that is not Azure ML’s', async () => {
    const asked: string[] = [];
    const history = runs({
      guard: guard({ service: 'Azure ML run history', clock: stage().clock }),
      trackingUri: async () => 'azureml://westeurope.api.azureml.ms.evil.example/mlflow/v1.0/x',
      restAt: (origin) => async () => {
        asked.push(origin);
        return { status: 200, header: () => undefined, body: {} };
      },
    });
    await expect(history.getRun(PAYMENTS, 'x')).rejects.toThrow(/is not Azure ML's/);
    expect(asked).toEqual([]);
  });
});

const RETAIL = { ...PAYMENTS, resourceGroup: 'rg-ml-retail', workspace: 'mlw-retail-weu' };

describe('what changed upstream', () => {
  it('finds the new deployment, its model version, its environment and the traffic it got, newest first', async () => {
    const { azure, clock } = stage();
    const { value } = await azure.ml.recentChanges(FRAUD, clock.now().subtract({ hours: 24 }));
    expect(value.missing).toEqual([]);
    expect(value.changes.map((each) => [each.kind, each.what])).toEqual([
      ['traffic', 'ep-fraud was changed by hugo.weiss@northwind.example, traffic since then blue 90 %, green 10 %'],
      ['deployment', 'green with fraud-detector:7 was deployed by hugo.weiss@northwind.example'],
      ['model-version', 'fraud-detector:7 was registered by hugo.weiss@northwind.example'],
      ['environment', 'the environment env-fraud-detector:7 was built by hugo.weiss@northwind.example'],
    ]);
    const green = value.changes[1];
    expect(
      clock
        .now()
        .since(green?.at ?? clock.now())
        .total('hours'),
    ).toBe(3);
    expect(green).toMatchObject({ deployment: 'green', models: ['fraud-detector:7'], endpoint: 'ep-fraud' });
  });

  it('finds a new version of the endpoint’s data, and which columns it lost and gained', async () => {
    const { azure, estate, clock, advance } = stage();
    estate.happen('data-version', { endpoint: 'ep-fraud', lost: 'distance_km', gained: 'distance_miles' });
    await advance({ minutes: 30 });
    const { value } = await azure.ml.recentChanges(FRAUD, clock.now().subtract({ hours: 1 }));
    expect(value.missing).toEqual([]);
    expect(value.changes.map((each) => [each.kind, each.what, each.endpoint])).toEqual([
      ['data-version', 'the data ep-fraud-training:2 was registered by gita.rao@northwind.example', 'ep-fraud'],
      [
        'schema',
        'ep-fraud-training:2 has no column distance_km any more and has a new column distance_miles',
        'ep-fraud',
      ],
    ]);
  });

  it('reads the columns of Parquet from its footer, also their types', async () => {
    const { azure, estate, clock, advance } = stage();
    estate.happen('data-version', { endpoint: 'ep-churn', lost: 'plan', gained: 'plan_code' });
    await advance({ minutes: 30 });
    const { value } = await azure.ml.recentChanges(
      { ...RETAIL, endpoint: 'ep-churn' },
      clock.now().subtract({ hours: 1 }),
    );
    expect(value.missing).toEqual([]);
    expect(value.changes.filter(({ kind }) => kind === 'schema').map(({ what }) => what)).toEqual([
      'ep-churn-training:2 has no column plan any more and has a new column plan_code',
    ]);
  });

  it('tells how much an endpoint is asked and how full a quota is, at the wire', async () => {
    const { azure, estate, clock } = stage();
    const look = async () => [
      ...(await volumeOn(azure, () => PAYMENTS)('mlw-payments-weu', 'ep-fraud', clock.now())),
      ...(await quotaOn(
        azure,
        () => PAYMENTS,
        () => 'westeurope',
      )('mlw-payments-weu', clock.now())),
    ];
    expect(await look()).toEqual([]);
    estate.happen('volume', { endpoint: 'ep-fraud', factor: 3 });
    estate.happen('quota', { workspace: 'mlw-payments-weu', percent: 97 });
    const found = await look();
    expect(found.map(({ kind, what }) => [kind, what.replace(/\d[\d,]*/g, 'N')])).toEqual([
      ['volume', 'requests of ep-fraud rose to N a minute, N at this time the day before'],
      [
        'quota',
        'N % of the compute quota of mlw-payments-weu is used: N of N dedicated cores of Standard NCADSANvN are in use',
      ],
    ]);
    expect(found[0]?.at.until(clock.now()).total('minutes')).toBe(30);
  });

  it('finds nothing where nothing changed', async () => {
    const { azure, clock } = stage();
    const since = clock.now().subtract({ hours: 24 });
    const { value } = await azure.ml.recentChanges({ ...PAYMENTS, endpoint: 'ep-aml' }, since);
    expect(value.changes).toEqual([]);
  });

  it('looks at every endpoint of a workspace when none is named, and tells each change once', async () => {
    const { azure, clock } = stage();
    const { value } = await azure.ml.recentChanges(PAYMENTS, clock.now().subtract({ hours: 24 }));
    expect(value.changes.map((each) => each.kind)).toEqual(['traffic', 'deployment', 'model-version', 'environment']);
  });

  it('tells what it could not ask instead of staying silent', async () => {
    const { azure, estate, clock } = stage({ tuning: { maxRetries: 0 } });
    estate.fault({ service: 'activity', mode: '500' });
    const { value } = await azure.ml.recentChanges(FRAUD, clock.now().subtract({ hours: 24 }));
    expect(value.missing).toEqual(['the Activity log (Azure Machine Learning: answered 500)']);
    expect(value.changes).toHaveLength(4);
  });
});
