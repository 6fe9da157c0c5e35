import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MONITOR_SIGNALS, type MonitorSpec, monitorBody } from '../../../services/azure/ml.monitor-body.ts';
import { faultsOf } from '../../infra/azure/arm-schema.ts';
import { FRAUD, PAYMENTS, stage } from '../../infra/azure/story.ts';

const SCHEDULES = 'Microsoft.MachineLearningServices/workspaces/schedules';
const spec = (more: Partial<MonitorSpec> = {}): MonitorSpec => ({
  endpoint: 'ep-fraud',
  deployment: 'blue',
  signal: 'data-drift',
  metric: 'psi',
  limit: 0.2,
  features: [],
  task: 'Classification',
  every: 'Day',
  hour: 3,
  emails: [],
  ...more,
});

describe('the body of a monitor', () => {
  const variants = MONITOR_SIGNALS.flatMap((signal) =>
    (['Day', 'Week', 'Month'] as const).flatMap((every) =>
      (['psi', 'jensen-shannon', 'wasserstein', 'p-value'] as const).flatMap((metric) => [
        spec({ signal, every, metric }),
        spec({
          signal,
          every,
          metric,
          features: ['amount'],
          baseline: 'azureml:ep-fraud-training:1',
          target: 'is_fraud',
          emails: ['a@northwind.example'],
        }),
      ]),
    ),
  );
  it.each(variants)('$signal by $metric every $every is valid by Microsoft’s schema', (each) => {
    expect(faultsOf(SCHEDULES, monitorBody(each))).toEqual([]);
  });
  it('would be noticed with a metric that the signal does not know', () => {
    const body = monitorBody(spec());
    const wrong = JSON.parse(JSON.stringify(body).replaceAll('PopulationStabilityIndex', 'Chebyshev'));
    expect(faultsOf(SCHEDULES, wrong)).not.toEqual([]);
  });
  it('compares with an earlier window that does not overlap when no training data is named', () => {
    const { signals } = monitorBody(spec({ every: 'Week' })).properties.action.monitorDefinition;
    expect(signals['data_drift']).toMatchObject({
      productionData: { windowSize: 'P7D', windowOffset: 'P0D' },
      referenceData: { inputDataType: 'Rolling', windowSize: 'P7D', windowOffset: 'P14D' },
    });
  });
});

describe('monitors at the wire', () => {
  it('are made, changed, paused and deleted, and nothing else of them changes', async () => {
    const { azure, sent } = stage();
    const names = async () => (await azure.ml.listMonitors(PAYMENTS)).value.map(({ name }) => name);
    await azure.ml.createMonitor(PAYMENTS, 'ep-fraud-quality', spec({ signal: 'data-quality', limit: 0.01 }));
    expect(await names()).toContain('ep-fraud-quality');
    await expect(azure.ml.createMonitor(PAYMENTS, 'ep-fraud-quality', spec())).rejects.toThrow('already');
    await azure.ml.changeMonitor(PAYMENTS, 'ep-fraud-monitor', { enabled: false });
    await azure.ml.changeMonitor(PAYMENTS, 'ep-fraud-monitor', { limit: { value: 0.35 } });
    const all = (await azure.ml.listMonitors(PAYMENTS)).value;
    expect(all.find(({ name }) => name === 'ep-fraud-monitor')).toMatchObject({
      enabled: false,
      endpoint: 'ep-fraud',
      signals: [{ thresholds: [{ value: 0.35 }, { value: 0.35 }] }],
    });
    for (const { method, body } of sent.filter((each) => each.method === 'PUT'))
      expect(faultsOf(SCHEDULES, JSON.parse(String(body))), method).toEqual([]);
    await azure.ml.deleteMonitor(PAYMENTS, 'ep-fraud-quality');
    expect(await names()).not.toContain('ep-fraud-quality');
    await expect(azure.ml.changeMonitor(PAYMENTS, 'nope', { enabled: true })).rejects.toThrow(
      'There is no monitor nope',
    );
  });

  it('do not run while they are paused', async () => {
    const { azure, estate, advance, clock } = stage();
    await azure.ml.changeMonitor(PAYMENTS, 'ep-fraud-monitor', { enabled: false });
    await advance({ hours: 24 });
    const ended = JSON.stringify(estate.advanceTo(clock.now()).map(({ body }) => body));
    expect(ended).not.toContain('ep-fraud-monitor');
    expect(ended).toContain('ep-aml-monitor');
  });
});

describe('jobs at the wire', () => {
  it('are submitted again once, run and end, and the model is registered', async () => {
    const { azure, estate, advance, clock, sent } = stage();
    const source = (await azure.ml.listModelVersions(PAYMENTS, 'fraud-detector')).value[0]?.jobName ?? '';
    const first = await azure.ml.submitCopy(PAYMENTS, source, { name: 'again-1', tags: { why: 'drift' } });
    const second = await azure.ml.submitCopy(PAYMENTS, source, { name: 'again-1' });
    expect([first.status, second.name]).toEqual(['Queued', 'again-1']);
    const puts = sent.filter((each) => each.method === 'PUT');
    expect(puts).toHaveLength(1);
    expect(faultsOf('Microsoft.MachineLearningServices/workspaces/jobs', JSON.parse(String(puts[0]?.body)))).toEqual(
      [],
    );
    await advance({ minutes: 5 });
    expect((await azure.ml.getJob(PAYMENTS, 'again-1', { fresh: true })).value?.status).toBe('Running');
    await advance({ minutes: 20 });
    expect((await azure.ml.getJob(PAYMENTS, 'again-1', { fresh: true })).value?.status).toBe('Completed');
    expect((await azure.ml.listModelVersions(PAYMENTS, 'fraud-detector')).value[0]).toMatchObject({
      version: '8',
      jobName: 'again-1',
    });
    expect(JSON.stringify(estate.advanceTo(clock.now()))).toContain('ModelRegistered');
  });

  it('tell why a run failed, with the end of its log', async () => {
    const { azure, estate } = stage();
    estate.happen('failed-run', { reason: 'CredentialExpired' });
    const { value: experiment } = await azure.ml.experimentId(PAYMENTS, 'train-fraud-detector');
    const { value: found } = await azure.ml.searchRuns(PAYMENTS, {
      experimentIds: [experiment ?? ''],
      filter: "attributes.status = 'FAILED'",
    });
    const details = (await azure.ml.runDetails(PAYMENTS, experiment ?? '', found[0]?.id ?? '')).value;
    expect(details).toMatchObject({ status: 'Failed', error: { code: 'AuthenticationError' } });
    const tail = await azure.blobs.tail(details?.logs['user_logs/std_log.txt'] ?? '', 2000);
    expect(tail).toContain('ClientAuthenticationError');
    expect(tail.length).toBeLessThanOrEqual(2000);
    expect((await azure.ml.runDetails(PAYMENTS, experiment ?? '', 'nope')).value).toBeUndefined();
  });
});

describe('collected data at the wire', () => {
  it('is switched on by writing the whole deployment back', async () => {
    const { azure, sent } = stage();
    const before = (await azure.ml.collectionOf({ ...PAYMENTS, endpoint: 'ep-aml' })).value;
    expect(before).toMatchObject([{ deployment: 'blue', on: [{ name: 'model_inputs', sampling: 1 }], off: [] }]);
    await azure.ml.startCollection({ ...PAYMENTS, endpoint: 'ep-aml' }, 'blue', ['model_outputs']);
    const put = sent.find((each) => each.method === 'PUT');
    const type = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments';
    expect(faultsOf(type, JSON.parse(String(put?.body)))).toEqual([]);
    const after = (await azure.ml.collectionOf({ ...PAYMENTS, endpoint: 'ep-aml' })).value;
    expect(after[0]?.on.map(({ name }) => name)).toEqual(['model_inputs', 'model_outputs']);
    await expect(azure.ml.startCollection(FRAUD, 'red', ['model_inputs'])).rejects.toThrow('does not exist');
  });

  it('is listed and streamed, up to a limit', async () => {
    const { azure } = stage({ blobs: new Map([['azureml-blobstore/x/one.bin', new Uint8Array(100_000)]]) });
    const asset = (await azure.ml.dataAsset(PAYMENTS, 'ep-fraud-training')).value;
    const place = await azure.ml.placeOf(PAYMENTS, asset?.uri ?? '');
    expect(place).toEqual({
      account: 'https://mlwpaymentsweust.blob.core.windows.net',
      container: 'azureml-blobstore',
      path: 'training/ep-fraud/training.csv',
    });
    if (!place) throw new Error('no place');
    const folder = mkdtempSync(join(tmpdir(), 'wardroom-blobs-'));
    await azure.blobs.download(place, join(folder, 'a.csv'), 10_000_000);
    expect(readFileSync(join(folder, 'a.csv'), 'utf8').split('\n')[0]).toBe(
      'amount,merchant_category,hour_of_day,country,card_age_days,distance_km',
    );
    const day = { ...place, path: 'modelDataCollector/ep-fraud/blue/model_inputs/2026/11/18/' };
    const files = await azure.blobs.list(day, 100);
    expect(files).toHaveLength(24);
    expect(files[0]?.bytes).toBeGreaterThan(10_000);
    await expect(azure.blobs.download({ ...place, path: 'x/one.bin' }, join(folder, 'b'), 50_000)).rejects.toThrow(
      'larger than what is read at once',
    );
  });
});
