import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clusterNodes } from '../../../services/azure/kql/cluster-nodes.columns.ts';
import { deploymentEvents } from '../../../services/azure/kql/deployment-events.columns.ts';
import { endpointErrors } from '../../../services/azure/kql/endpoint-errors.columns.ts';
import { endpointRequests } from '../../../services/azure/kql/endpoint-requests.columns.ts';
import { failedRuns } from '../../../services/azure/kql/failed-runs.columns.ts';
import { modelEvents } from '../../../services/azure/kql/model-events.columns.ts';
import { bind, type KqlQuery } from '../../../services/azure/kql/query.ts';
import { scoredRows } from '../../../services/azure/kql/scored-rows.columns.ts';
import { labelValues, outcomeValues, requestValues } from '../../../services/azure/kql/test-values.columns.ts';
import { logs } from '../../../services/azure/logs.ts';
import { guard } from '../../../services/azure/resilience.ts';
import { createHttpHeaders } from '../../../services/azure/wire.ts';
import { stage } from '../../infra/azure/story.ts';
import { analyse } from './kusto.ts';

const PAYMENTS_LOGS = '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90b001';
const queries: readonly KqlQuery[] = [
  endpointRequests,
  endpointErrors,
  deploymentEvents,
  failedRuns,
  modelEvents,
  clusterNodes,
  scoredRows,
  requestValues,
  labelValues,
  outcomeValues,
];
const SAMPLE = {
  endpoint: 'ep-fraud',
  step: '5m',
  deployments: 'blue,green',
  current: 'blue',
  candidate: 'green',
  outcome: 'conversion',
};

describe('every KQL text', () => {
  it('is listed here', () => {
    const folder = new URL('../../../services/azure/kql/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith('.kql'));
    expect(files.sort()).toEqual(queries.map((query) => `${query.name}.kql`).sort());
  });

  it.each(queries.map((query) => [query.name, query] as const))(
    '%s parses, binds and answers its columns',
    (_, query) => {
      const { complaints, columns } = analyse(bind(query, SAMPLE));
      expect(complaints).toEqual([]);
      expect(columns).toEqual(query.columns);
    },
  );

  it('would be caught with a column that does not exist', () => {
    expect(analyse('AmlModelsEvent | where Nonsense == 1').complaints).not.toEqual([]);
  });

  it('cannot be broken out of by a name', () => {
    const text = bind(endpointErrors, { endpoint: 'x"; AmlModelsEvent | take 1 //\n' });
    expect(analyse(text)).toEqual({ complaints: [], columns: endpointErrors.columns });
    expect(() => bind(endpointRequests, { endpoint: 'x', step: '5m; drop' })).toThrow(/not a timespan/);
  });
});

describe('asking the logs', () => {
  const window = ({ clock }: ReturnType<typeof stage>, hours = 1) => ({
    workspace: PAYMENTS_LOGS,
    from: clock.now().subtract({ hours }),
    to: clock.now(),
  });

  it('shows requests and errors of each deployment over time', async () => {
    const on = stage();
    on.estate.happen('latency');
    await on.advance({ minutes: 10 });
    const { value } = await on.azure.logs.run({
      query: endpointRequests,
      parameters: { endpoint: 'ep-fraud', step: '5m' },
      ...window(on),
    });
    const green = value.rows.filter((row) => row.DeploymentName === 'green');
    const first = green[0];
    const last = green.at(-1);
    expect(first?.TimeGenerated).toBe('2026-11-19T13:10:00.000Z');
    expect((first?.ServerErrors ?? 0) / (first?.Requests ?? 1)).toBeLessThan(0.01);
    expect((last?.ServerErrors ?? 0) / (last?.Requests ?? 1)).toBeGreaterThan(0.25);
  });

  it.each([
    [
      'endpoint-errors',
      endpointErrors,
      { endpoint: 'ep-fraud' },
      'ModelStatusReason',
      'Timed out waiting for the model',
    ],
    ['deployment-events', deploymentEvents, { deployments: 'green' }, 'Name', 'ReadinessProbeFailed'],
  ] as const)('tells the cause in %s', async (_, query, parameters, column, expected) => {
    const on = stage();
    on.estate.happen('latency');
    const { value } = await on.azure.logs.run({
      query: query as KqlQuery,
      parameters: parameters as Record<string, string>,
      ...window(on),
    });
    expect(value.rows[0]?.[column]).toBe(expected);
  });

  it('reads failed runs, models and clusters', async () => {
    const on = stage();
    on.estate.happen('failed-run');
    await on.advance({ minutes: 5 });
    const failed = await on.azure.logs.run({ query: failedRuns, parameters: {}, ...window(on) });
    expect(failed.value.rows.map((row) => row.JobErrorMessage)).toEqual(['OutOfMemory']);
    const models = await on.azure.logs.run({ query: modelEvents, parameters: {}, ...window(on, 24) });
    expect(models.value.rows.map((row) => row.AmlModelName)).toEqual(['fraud-detector']);
    const nodes = await on.azure.logs.run({ query: clusterNodes, parameters: {}, ...window(on, 6) });
    expect(nodes.value.rows.length).toBeGreaterThanOrEqual(12);
  });

  it('passes a partial answer on and says that it is one', async () => {
    const { clock } = stage();
    const client = logs({
      credential: { getToken: async () => ({ token: 'x', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
      endpoint: 'https://api.loganalytics.io',
      guard: guard({ service: 'Log Analytics', clock }),
      httpClient: {
        sendRequest: async (request) => ({
          request,
          status: 200,
          headers: createHttpHeaders({ 'content-type': 'application/json' }),
          bodyAsText: JSON.stringify({
            tables: [
              {
                name: 'PrimaryResult',
                columns: Object.entries(modelEvents.columns).map(([name, type]) => ({ name, type })),
                rows: [['2026-01-05T03:20:00Z', 'm', 'write', 'Success', 'ann', 'c']],
              },
            ],
            error: { code: 'PartialError', message: 'There were some errors when processing your query.' },
          }),
        }),
      },
    });
    const { value } = await client.run({
      query: modelEvents,
      workspace: PAYMENTS_LOGS,
      parameters: {},
      from: clock.now().subtract({ hours: 1 }),
      to: clock.now(),
    });
    expect(value).toMatchObject({ rows: [{ AmlModelName: 'm' }], partial: expect.stringContaining('some errors') });
  });

  it('names the field when a column comes back as something else', async () => {
    const on = stage({ tuning: { maxRetries: 0 } });
    on.estate.fault({ service: 'logs', mode: 'garbage' });
    const asked = on.azure.logs.run({ query: modelEvents, parameters: {}, ...window(on) });
    await expect(asked).rejects.toThrow(/^Log Analytics: /);
  });
});
