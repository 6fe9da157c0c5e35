import { describe, expect, it } from 'vitest';
import { Refused } from '../../../services/core/errors.ts';
import { faultsOf } from '../../infra/azure/arm-schema.ts';
import { FRAUD, PAYMENTS, SUBSCRIPTION, stage } from '../../infra/azure/story.ts';

const RETAIL = { subscription: SUBSCRIPTION, resourceGroup: 'rg-ml-retail', workspace: 'mlw-retail-weu' };
const V7 = { name: 'fraud-detector', version: '7' };

describe('making a deployment', () => {
  it('takes everything but the model from the one that serves, in a body that Microsoft’s schema accepts', async () => {
    const { azure, sent, advance } = stage();
    const ref = { ...FRAUD, deployment: 'violet' };
    const { operationUrl } = await azure.ml.startDeployment(ref, { model: V7, like: 'blue' });
    const put = sent.find((each) => each.method === 'PUT');
    const body = JSON.parse(String(put?.body));
    expect(faultsOf('Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments', body)).toEqual([]);
    expect(body).toMatchObject({
      sku: { name: 'Default', capacity: 4 },
      properties: {
        endpointComputeType: 'Managed',
        instanceType: 'Standard_F8s_v2',
        model: expect.stringMatching(/\/models\/fraud-detector\/versions\/7$/),
      },
    });
    expect(await azure.ml.pollOperation(operationUrl)).toMatchObject({ status: 'running' });
    const during = (await azure.ml.listDeployments(FRAUD)).value.find(({ name }) => name === 'violet');
    expect(during).toMatchObject({ provisioningState: 'Updating' });
    await advance({ minutes: 5 });
    expect(await azure.ml.pollOperation(operationUrl)).toMatchObject({ status: 'succeeded' });
    const after = (await azure.ml.listDeployments(FRAUD)).value.find(({ name }) => name === 'violet');
    expect(after).toMatchObject({ provisioningState: 'Succeeded', model: V7, instances: 4 });
  });

  it('writes no number of instances where Kubernetes scales by itself', async () => {
    const { azure, estate, sent } = stage();
    const blue = { ...RETAIL, endpoint: 'ep-demand', deployment: 'blue' };
    const scaleSettings = { scaleType: 'TargetUtilization', minInstances: 2, maxInstances: 8 };
    const properties = { endpointComputeType: 'Kubernetes', scaleSettings };
    const written = { type: 'arm', kind: 'deployment', workspace: RETAIL.workspace, name: 'ep-demand/blue' } as const;
    estate.record({ ...written, at: estate.now(), body: { location: 'westeurope', properties } });
    await azure.ml.startDeployment(
      { ...blue, deployment: 'violet' },
      { model: { name: 'demand-forecast', version: '2' }, like: 'blue' },
    );
    const body = JSON.parse(String(sent.find(({ method }) => method === 'PUT')?.body));
    expect([body.sku, body.properties.scaleSettings]).toEqual([{ name: 'Default' }, scaleSettings]);
    await expect(azure.ml.setInstances(blue, 1)).rejects.toThrow(/blue of ep-demand scales by itself/);
  });

  it('says that the model version was deleted, and writes nothing', async () => {
    const { azure, estate, sent } = stage();
    estate.happen('model-deleted', { version: '7' });
    const work = azure.ml.startDeployment({ ...FRAUD, deployment: 'violet' }, { model: V7, like: 'blue' });
    await expect(work).rejects.toThrow(/fraud-detector:7 is not in mlw-payments-weu any more/);
    expect(sent.some((each) => each.method === 'PUT')).toBe(false);
    expect(await azure.ml.modelVersionNow(PAYMENTS, V7)).toBeUndefined();
  });

  it('passes on why Azure could not make it', async () => {
    const { azure, estate, advance } = stage();
    estate.fault({ service: 'ml', mode: 'operation-fails', count: 1 });
    const { operationUrl } = await azure.ml.startDeployment(
      { ...FRAUD, deployment: 'violet' },
      { model: V7, like: 'blue' },
    );
    await advance({ minutes: 5 });
    expect(await azure.ml.pollOperation(operationUrl)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('did not become ready') },
    });
  });
});

describe('mirroring', () => {
  it('copies up to half of the traffic to one deployment and ends when that goes live', async () => {
    const { azure, advance } = stage();
    await azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 }, { mirror: { green: 20 } });
    await advance({ minutes: 2 });
    expect((await azure.ml.getEndpoint(FRAUD)).value).toMatchObject({ mirrorTraffic: { green: 20 } });
    await azure.ml.startTraffic(FRAUD, { blue: 90, green: 10 });
    await advance({ minutes: 2 });
    expect((await azure.ml.getEndpoint(FRAUD)).value).toMatchObject({
      traffic: { blue: 90, green: 10 },
      mirrorTraffic: {},
    });
  });

  it.each([
    ['more than half', { blue: 100 }, { green: 60 }, /up to 50; green would get 60/],
    [
      'two deployments',
      { blue: 100 },
      { green: 20, violet: 20 },
      /mirrors to one deployment; this names green and violet/,
    ],
    ['a live deployment', { blue: 90, green: 10 }, { green: 20 }, /green of ep-fraud gets live traffic/],
  ])('refuses %s before Azure is asked', async (_, traffic, mirror, words) => {
    const { azure, sent } = stage();
    await expect(azure.ml.startTraffic(FRAUD, traffic, { mirror })).rejects.toThrow(words);
    expect(sent).toHaveLength(0);
  });

  it('refuses a Kubernetes endpoint with the reason', async () => {
    const { azure, sent } = stage();
    const work = azure.ml.startTraffic({ ...RETAIL, endpoint: 'ep-demand' }, { blue: 100 }, { mirror: { green: 10 } });
    await expect(work).rejects.toBeInstanceOf(Refused);
    await expect(work).rejects.toThrow(/runs on Kubernetes, and Azure mirrors no traffic of Kubernetes endpoints/);
    expect(sent.some((each) => each.method === 'PUT')).toBe(false);
  });
});
