import { describe, expect, it } from 'vitest';
import { onlineEndpoint } from '../../../services/azure/ml.shapes.ts';
import { versionOf } from '../../../services/azure/ml.traffic.ts';
import { Refused } from '../../../services/core/errors.ts';
import { FRAUD, PAYMENTS, SUBSCRIPTION, stage } from '../../infra/azure/story.ts';

describe('reading Azure ML through the SDK', () => {
  it('reads an endpoint with its traffic, region and who changed it', async () => {
    const { azure } = stage();
    const { value, stale } = await azure.ml.getEndpoint(FRAUD);
    expect(stale).toBe(false);
    expect(value).toMatchObject({
      ref: FRAUD,
      region: 'westeurope',
      provisioningState: 'Succeeded',
      traffic: { blue: 90, green: 10 },
      modifiedBy: 'hugo.weiss@northwind.example',
      scoringUri: 'https://ep-fraud.westeurope.inference.ml.azure.com/score',
    });
  });

  it('answers undefined for an endpoint that is not there', async () => {
    const { azure } = stage();
    expect((await azure.ml.getEndpoint({ ...FRAUD, endpoint: 'ep-nobody' })).value).toBeUndefined();
  });

  it('sees the mirror traffic that the SDK version knows nothing of', async () => {
    const { azure, estate, clock } = stage();
    estate.record({
      type: 'endpoint',
      at: clock.ms() - 1,
      doneAt: clock.ms() - 1,
      operation: 'x',
      endpoint: 'ep-fraud',
      fails: false,
      resource: { traffic: { blue: 100 }, mirrorTraffic: { green: 10 }, tags: {}, description: '' },
    });
    expect((await azure.ml.getEndpoint(FRAUD)).value?.mirrorTraffic).toEqual({ green: 10 });
  });

  it('names the model version behind each deployment', async () => {
    const { azure } = stage();
    const { value } = await azure.ml.listDeployments(FRAUD);
    expect(value.map((each) => [each.name, each.model?.name, each.model?.version, each.instances])).toEqual([
      ['blue', 'fraud-detector', '6', 4],
      ['green', 'fraud-detector', '7', 1],
    ]);
  });

  it('walks every page of model versions and puts the newest first', async () => {
    const { azure, sent } = stage();
    const { value } = await azure.ml.listModelVersions(PAYMENTS, 'fraud-detector');
    expect(value.map((each) => each.version)).toEqual(['7', '6', '5', '4', '3', '2', '1']);
    expect(value[0]).toMatchObject({ tags: { auc: '0.951' }, createdBy: 'hugo.weiss@northwind.example' });
    expect(sent).toHaveLength(2);
  });

  it('lists the three workspaces of the subscription with their tracking addresses', async () => {
    const { azure } = stage();
    const { value } = await azure.ml.listWorkspaces(SUBSCRIPTION);
    expect(value.map((each) => [each.workspace, each.resourceGroup, each.region])).toEqual([
      ['mlw-payments-weu', 'rg-ml-payments', 'westeurope'],
      ['mlw-retail-weu', 'rg-ml-retail', 'westeurope'],
      ['mlw-risk-neu', 'rg-ml-risk', 'northeurope'],
    ]);
    expect(value[0]?.mlflowTrackingUri).toMatch(
      /^azureml:\/\/westeurope\.api\.azureml\.ms\/mlflow\/v1\.0\/subscriptions/,
    );
  });
});

describe('changing traffic', () => {
  it('moves all traffic to blue, tells how far it is, and ends succeeded', async () => {
    const { azure, advance } = stage();
    const { operationUrl } = await azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });
    expect(await azure.ml.pollOperation(operationUrl)).toEqual({ status: 'running', percent: 0, retryAfterSeconds: 5 });
    expect((await azure.ml.getEndpoint(FRAUD)).value).toMatchObject({
      provisioningState: 'Updating',
      traffic: { blue: 90, green: 10 },
    });
    await advance({ seconds: 45 });
    expect(await azure.ml.pollOperation(operationUrl)).toMatchObject({ status: 'running', percent: 50 });
    await advance({ seconds: 46 });
    expect(await azure.ml.pollOperation(operationUrl)).toEqual({ status: 'succeeded', percent: 100 });
    expect((await azure.ml.getEndpoint(FRAUD)).value).toMatchObject({
      provisioningState: 'Succeeded',
      traffic: { blue: 100, green: 0 },
    });
  });

  it('writes the whole resource back and keeps the mirror traffic', async () => {
    const { azure, estate, clock, sent } = stage();
    estate.record({
      type: 'endpoint',
      at: clock.ms() - 1,
      doneAt: clock.ms() - 1,
      operation: 'x',
      endpoint: 'ep-fraud',
      fails: false,
      resource: { traffic: { blue: 0 }, mirrorTraffic: { green: 10 }, tags: { owner: 'fraud' }, description: 'kept' },
    });
    await azure.ml.startTraffic(FRAUD, { blue: 100 });
    const put = sent.find((each) => each.method === 'PUT');
    expect(JSON.parse(String(put?.body))).toEqual({
      location: 'westeurope',
      kind: 'Managed',
      tags: { owner: 'fraud' },
      identity: { type: 'SystemAssigned' },
      properties: {
        authMode: 'Key',
        description: 'kept',
        publicNetworkAccess: 'Disabled',
        properties: { 'azureml.onlineendpointid': expect.stringContaining('/onlineEndpoints/ep-fraud') },
        traffic: { blue: 100 },
        mirrorTraffic: { green: 10 },
      },
    });
    expect(put?.url).toContain('api-version=2026-05-01');
  });

  it('refuses shares that do not sum to 100 before Azure is asked', async () => {
    const { azure, sent } = stage();
    await expect(azure.ml.startTraffic(FRAUD, { blue: 90, green: 5 })).rejects.toThrow(/sums to 95/);
    expect(sent).toHaveLength(0);
  });

  it('refuses to overwrite what somebody else changed in between', async () => {
    const { azure, advance } = stage();
    const seen = (await azure.ml.getEndpoint(FRAUD)).value?.version ?? '';
    await azure.ml.startTraffic(FRAUD, { blue: 50, green: 50 }, { ifMatch: seen });
    await advance({ minutes: 2 });
    await expect(azure.ml.startTraffic(FRAUD, { blue: 100 }, { ifMatch: seen })).rejects.toThrow(
      /changed by somebody else/,
    );
  });

  it('sees the same version whether the SDK or raw ARM tells the time of the last change', () => {
    const written = (lastModifiedAt: string | Date) =>
      versionOf(
        onlineEndpoint.parse({
          id: '/x',
          name: 'ep-fraud',
          location: 'westeurope',
          systemData: { lastModifiedAt },
          properties: { traffic: { blue: 90, green: 10 }, mirrorTraffic: null },
        }),
      );
    const raw = written('2026-11-19T12:12:00.1234567+01:00');
    expect(raw).toBe(written(new Date('2026-11-19T11:12:00.123Z')));
    expect(raw).not.toBe(written('2026-11-19T11:12:01Z'));
  });

  it('says that another change is going on, in words a person understands', async () => {
    const { azure } = stage();
    await azure.ml.startTraffic(FRAUD, { blue: 50, green: 50 });
    const second = azure.ml.startTraffic(FRAUD, { blue: 100 });
    await expect(second).rejects.toBeInstanceOf(Refused);
    await expect(second).rejects.toMatchObject({ code: 'azure-busy', next: expect.stringContaining('try again') });
  });

  it('shows after a lost answer that the change was taken all the same', async () => {
    const { azure, estate, advance } = stage({ tuning: { maxRetries: 0 } });
    const before = (await azure.ml.getEndpoint(FRAUD)).value?.version ?? '';
    estate.fault({ service: 'ml', mode: 'lost-answer', count: 1 });
    const put = azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 }, { ifMatch: before });
    await expect(put).rejects.toThrow(/Azure Machine Learning/);
    await advance({ minutes: 2 });
    expect((await azure.ml.getEndpoint(FRAUD, { fresh: true })).value?.traffic).toEqual({ blue: 100, green: 0 });
  });

  it('reports an operation that Azure ended as failed, with its reason', async () => {
    const { azure, estate, advance } = stage();
    estate.fault({ service: 'ml', mode: 'operation-fails', count: 1 });
    const { operationUrl } = await azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });
    await advance({ minutes: 2 });
    expect(await azure.ml.pollOperation(operationUrl)).toEqual({
      status: 'failed',
      error: { code: 'ResourceOperationFailure', message: expect.stringContaining('ep-fraud') },
    });
    expect((await azure.ml.getEndpoint(FRAUD)).value?.traffic).toEqual({ blue: 90, green: 10 });
  });

  it('says so when Azure forgot the operation, and never carries its token to another host', async () => {
    const { azure } = stage();
    const gone = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/locations/westeurope/mfeOperationsStatus/old`;
    expect(await azure.ml.pollOperation(gone)).toMatchObject({ status: 'failed', error: { code: 'OperationExpired' } });
    await expect(azure.ml.pollOperation('https://evil.example/x')).rejects.toThrow(/another host/);
  });
});
