import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readEventGrid } from '../../../services/alerts/eventgrid.ts';
import { answerOptions, answerValidation, subscriptionAllowed } from '../../../services/alerts/eventgrid-handshake.ts';
import { storedSignal } from '../../../services/alerts/signal.ts';
import { onEstate } from '../../../services/alerts/signal-place.ts';

const now = Temporal.Instant.from('2026-11-23T15:00:00Z');
const load = (name: string) => JSON.parse(readFileSync(new URL(`../../data/hooks/${name}`, import.meta.url), 'utf8'));
const TOPIC =
  '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001/resourceGroups/rg-ml-payments/providers/Microsoft.MachineLearningServices/workspaces/mlw-payments-weu';
const breach = (over: Record<string, unknown> = {}, data: Record<string, unknown> = {}) => ({
  topic: TOPIC,
  subject: 'experiments/11111111-2222-3333-4444-555555555555/runs/ep-fraud-monitor-0007',
  eventType: 'Microsoft.MachineLearningServices.RunStatusChanged',
  eventTime: '2026-11-23T14:58:00.1234567Z',
  id: 'e-1',
  data: {
    experimentName: 'ep-fraud-monitor',
    runId: 'ep-fraud-monitor-0007',
    runStatus: 'Failed',
    runTags: {
      azureml_modelmonitor_threshold_breached:
        "The signal named 'data_drift' has failed due to one or more features violating metric thresholds.",
    },
    runProperties: {},
    ...data,
  },
  dataVersion: '',
  metadataVersion: '1',
  ...over,
});
const ESTATE = [
  { id: 'ep-fraud', workspace: 'mlw-payments-weu' },
  { id: 'ep-aml', workspace: 'mlw-payments-weu' },
];

describe('the documented Azure ML events', () => {
  it.each(['eventgrid-aml-events.eventgrid-schema.json', 'eventgrid-aml-events.cloudevents.json'])(
    '%s gives two signals and three facts',
    (file) => {
      const read = readEventGrid(load(file), now);
      expect(read.malformed).toEqual([]);
      expect(read.unknown).toEqual([]);
      expect(read.facts.map(({ kind, models, endpoint, runId }) => ({ kind, models, endpoint, runId }))).toEqual([
        { kind: 'model-registered', models: ['sklearn_regression_model:20'] },
        {
          kind: 'model-deployed',
          models: ['sklearn_regression_model:1', 'sklearn_regression_model:2'],
          endpoint: 'my-sklearn-service',
        },
        { kind: 'run-completed', models: [], runId: 'AutoML_ad912b2d-6467-4f32-a616-dbe4af6dd8fc_5' },
      ]);
      expect(read.signals.map(({ kind, rule, details }) => [kind, rule, details.value, details.window])).toEqual([
        ['drift', 'myDriftMonitor', 0.8350349068479208, 'PT86400S'],
        ['failed-run', 'automl-local-regression', undefined, undefined],
      ]);
      const keys = [...read.signals, ...read.facts].map(({ eventKey }) => eventKey);
      expect(new Set(keys).size, 'the samples share one id').toBe(5);
    },
  );

  it('takes one CloudEvent without an array', () => {
    const [, , , drift] = load('eventgrid-aml-events.cloudevents.json');
    expect(readEventGrid(drift, now).signals).toHaveLength(1);
  });
});

describe('a model monitor', () => {
  it('is recognised by its tag and placed on the endpoint that its name holds', () => {
    const [signal] = readEventGrid([breach()], now).signals;
    expect(signal).toMatchObject({
      source: 'eventgrid',
      kind: 'drift',
      condition: 'fired',
      workspace: 'mlw-payments-weu',
      resourceGroup: 'rg-ml-payments',
      rule: 'ep-fraud-monitor',
      runId: 'ep-fraud-monitor-0007',
      stateless: true,
      headline: 'Model monitor ep-fraud-monitor found drift on mlw-payments-weu (data_drift)',
    });
    expect(signal && onEstate(signal, ESTATE).endpoint).toBe('ep-fraud');
    expect(String(signal?.startedAt)).toBe('2026-11-23T14:58:00.1234567Z');
  });

  it.each(['runTags', 'RunTags', 'RUNTAGS'])(
    'survives %s, other casing of every key and another spelling of the tag',
    (tags) => {
      const event = breach({}, { runTags: undefined, [tags]: { 'azureml.ModelMonitor_threshold_breach': 'yes: psi' } });
      const shouted = Object.fromEntries(Object.entries(event).map(([key, value]) => [key.toUpperCase(), value]));
      expect(readEventGrid([shouted], now).signals.map(({ kind }) => kind)).toEqual(['drift']);
    },
  );

  it('is a drift signal although the run itself completed, and none when the tag says false', () => {
    const completed = breach({ eventType: 'Microsoft.MachineLearningServices.RunCompleted' });
    expect(readEventGrid([completed], now).signals[0]?.kind).toBe('drift');
    const fine = breach({}, { runStatus: 'Completed', runTags: { azureml_modelmonitor_threshold_breached: 'False' } });
    const read = readEventGrid([fine], now);
    expect([read.signals.length, read.facts[0]?.kind]).toEqual([0, 'run-completed']);
  });

  it('takes endpoint and deployment from tags or run properties', () => {
    const tags = { azureml_modelmonitor_threshold_breached: 'true', endpoint_deployment_id: 'azureml:ep-aml:blue' };
    expect(readEventGrid([breach({}, { runTags: tags })], now).signals[0]).toMatchObject({
      endpoint: 'ep-aml',
      deployment: 'blue',
    });
    const properties = { endpointName: 'ep-fraud', scoringEndpoint: 'https://x.example/score' };
    const [byProperty] = readEventGrid([breach({}, { runProperties: properties })], now).signals;
    expect([byProperty?.endpoint, byProperty?.workspace]).toEqual(['ep-fraud', 'mlw-payments-weu']);
  });

  it('keeps one dedup key from run to run, another per monitor', () => {
    const key = (over: object, data: object) =>
      readEventGrid([breach({ ...over }, { ...data })], now).signals[0]?.dedupKey;
    expect(key({ id: 'e-2' }, { runId: 'r-8' })).toBe(key({}, {}));
    expect(key({}, { experimentName: 'ep-aml-monitor' })).not.toBe(key({}, {}));
  });
});

describe('bad input', () => {
  it('loses only the malformed events of a batch, and keeps the unknown ones', () => {
    const body = [
      null,
      breach(),
      { id: 7 },
      breach({ id: 'e-3', eventType: 'Microsoft.Storage.BlobCreated' }),
      breach({ id: 'e-4', subject: '' }, { runId: undefined }),
      breach({ id: 'e-5', eventTime: 'yesterday' }),
    ];
    const read = readEventGrid(body, now);
    expect(read.signals).toHaveLength(2);
    expect(read.unknown.map(({ kind, type }) => [kind, type])).toEqual([['unknown', 'Microsoft.Storage.BlobCreated']]);
    expect(read.malformed).toMatchObject([
      { index: 0, why: 'an event must be an object' },
      { index: 2, why: expect.stringContaining('id') },
      { index: 4, why: 'data.runId is missing' },
    ]);
    expect(read.signals[1]?.startedAt.equals(now), 'an unreadable time is the time of receipt').toBe(true);
  });

  it.each([[undefined], [null], ['text'], [42], [[[]]], [{}]])('answers %j without throwing', (body) => {
    const read = readEventGrid(body, now);
    expect(read.malformed).toHaveLength(1);
    expect(read.signals).toEqual([]);
  });

  it('cuts a batch above the platform limit and says so', () => {
    const read = readEventGrid(
      Array.from({ length: 5001 }, (_, i) => breach({ id: `e-${i}` })),
      now,
    );
    expect([read.signals.length, read.malformed.length]).toEqual([5000, 1]);
  });
});

it('a signal comes back from JSON as it was', () => {
  const [signal] = readEventGrid([breach()], now).signals;
  const back = storedSignal.parse(JSON.parse(JSON.stringify(signal)));
  expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(signal)));
  expect(signal && back.startedAt.equals(signal.startedAt)).toBe(true);
});

describe('a name that fits several endpoints', () => {
  it('means the longer of two nested names, and none when it stays ambiguous', () => {
    const [signal] = readEventGrid([breach({}, { experimentName: 'drift ep-fraud-eu', runId: 'r' })], now).signals;
    if (!signal) throw new Error('no signal');
    const known = [...ESTATE, { id: 'ep-fraud-eu', workspace: 'mlw-payments-weu' }];
    expect(onEstate(signal, known).endpoint).toBe('ep-fraud-eu');
    expect(onEstate({ ...signal, rule: 'ep-aml and ep-fraud' }, ESTATE).endpoint).toBeUndefined();
    const twins = ['mlw-a', 'mlw-b'].map((workspace) => ({ id: 'ep-fraud', workspace }));
    const { workspace: _, ...nowhere } = signal;
    expect(onEstate({ ...nowhere, rule: 'ep-fraud' }, twins).endpoint).toBeUndefined();
  });
});

describe('the handshakes', () => {
  const { requestHeaders, requestBody, expectedResponse } = load('eventgrid-subscription-validation.json');
  const named = { ...requestHeaders, 'aeg-subscription-name': 'WARDROOM-ML' };

  it('echoes the validation code to an allowed subscription, whatever the case of its name', () => {
    expect(answerValidation(named, requestBody, ['wardroom-ml'])).toEqual(expectedResponse);
  });

  it.each([
    ['another subscription', named, ['other'], 403],
    ['no name', requestHeaders, ['wardroom-ml'], 403],
    ['an empty list', named, [], 403],
  ])('refuses %s', (_what, headers, allowed, status) => {
    expect(answerValidation(headers, requestBody, allowed)?.status).toBe(status);
  });

  it('refuses a validation without a code, and leaves other deliveries alone', () => {
    expect(answerValidation(named, [{ id: '1', data: {} }], ['wardroom-ml'])?.status).toBe(400);
    expect(answerValidation({ 'aeg-event-type': 'Notification' }, [breach()], ['wardroom-ml'])).toBeUndefined();
  });

  it('answers the CloudEvents OPTIONS request of Event Grid and of nobody else', () => {
    const { request, expectedResponse: expected } = load('eventgrid-cloudevents-options-handshake.json');
    const headers = Object.fromEntries(
      Object.entries<string>(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(answerOptions(headers, ['eventgrid.azure.net'], 120)).toEqual(expected);
    expect(answerOptions({ 'webhook-request-origin': 'evil.example' }).status).toBe(403);
    expect(answerOptions({}).status).toBe(400);
  });

  it('names the subscription it refuses', () => {
    expect(subscriptionAllowed({ 'aeg-subscription-name': 'x' }, ['y'])).toEqual({
      ok: false,
      why: 'subscription x is not in the list of allowed ones',
    });
  });
});
