import { describe, expect, it } from 'vitest';
import { autoscaleBody } from '../../../services/azure/autoscale.ts';
import { deploymentId, endpointId } from '../../../services/azure/refs.ts';
import { autoscaleLimits } from '../../../services/cost/index.ts';
import { faultsOf } from '../../infra/azure/arm-schema.ts';
import { FRAUD, stage } from '../../infra/azure/story.ts';

const SETTINGS = 'Microsoft.Insights/autoscalesettings';
const BLUE = { ...FRAUD, deployment: 'blue' };
const limits = (least: number, most: number) => ({ region: 'westeurope', ...autoscaleLimits(least, most) });

describe('autoscaling at the wire', () => {
  it.each([
    [1, 2],
    [2, 4],
    [7, 100],
  ])('from %i to %i is valid by Microsoft’s schema, and goes in where it does not come out again', (least, most) => {
    const of = limits(least, most);
    const body = autoscaleBody(BLUE, of);
    expect(faultsOf(SETTINGS, body)).toEqual([]);
    expect((of.inBelowPercent * (least + 1)) / least).toBeLessThan(of.outAbovePercent);
    const [wrong] = [JSON.stringify(body).replaceAll('Decrease', 'Shrink')].map((text) => JSON.parse(text));
    expect(faultsOf(SETTINGS, wrong)).not.toEqual([]);
  });

  it('is set up once, found whoever asks, changes instances and cost, and is taken off', async () => {
    const { azure, estate, advance, sent } = stage();
    const instances = async () =>
      (await azure.ml.listDeployments(BLUE, { fresh: true })).value.find(({ name }) => name === 'blue')?.instances;
    const scaled = async () => Object.fromEntries((await azure.autoscale.autoscaleOf(FRAUD, { fresh: true })).value);
    expect(await scaled()).toEqual({});
    await azure.autoscale.setAutoscale(BLUE, limits(2, 4));
    await azure.autoscale.setAutoscale(BLUE, limits(2, 4));
    expect(await scaled()).toEqual({ blue: { name: 'wardroom-ep-fraud-blue', enabled: true, least: 2, most: 4 } });
    expect(sent.filter(({ method }) => method === 'PUT').map(({ url }) => new URL(url).search)).toEqual([
      '?api-version=2022-10-01',
      '?api-version=2022-10-01',
    ]);
    // The night is quiet, noon is not.
    await advance({ hours: 12 });
    expect(await instances()).toBe(2);
    await advance({ hours: 11 });
    expect(await instances()).toBeGreaterThan(2);
    await azure.autoscale.removeAutoscale(BLUE);
    await azure.autoscale.removeAutoscale(BLUE);
    expect(await scaled()).toEqual({});
    // Somebody's own setting is left alone.
    const body = autoscaleBody(BLUE, limits(1, 9));
    estate.record({ type: 'arm', at: estate.now(), kind: 'autoscale', workspace: BLUE.workspace, name: 'ops', body });
    await expect(azure.autoscale.setAutoscale(BLUE, limits(2, 4))).rejects.toThrow('is scaled by ops already');
  });

  it('goes with a new version: the whole setting, and the instances that Azure gave the deployment stay', async () => {
    const { azure, estate, advance, sent } = stage();
    const body = autoscaleBody(BLUE, limits(2, 9)) as {
      properties: { profiles: { rules: { metricTrigger: object }[] }[]; notifications?: object[] };
    };
    // Somebody's own: by the latency of the endpoint, of this deployment, with a mail to whoever runs it.
    body.properties.notifications = [{ operation: 'Scale', email: { customEmails: ['ops@northwind.example'] } }];
    Object.assign(body.properties.profiles[0]?.rules[0]?.metricTrigger ?? {}, {
      metricName: 'RequestLatency_P95',
      metricResourceUri: endpointId(FRAUD),
      threshold: 300,
      dimensions: [{ DimensionName: 'deployment', Operator: 'Equals', Values: ['blue'] }],
    });
    const setting = { type: 'arm', kind: 'autoscale', workspace: BLUE.workspace } as const;
    estate.record({ ...setting, at: estate.now(), name: 'ops', body });
    const violet = { ...FRAUD, deployment: 'violet' };
    const V7 = { name: 'fraud-detector', version: '7' };
    await azure.ml.startDeployment(violet, { model: V7, like: 'blue' });
    await advance({ minutes: 5 });
    for (let time = 0; time < 2; time += 1) await azure.autoscale.scaleAlike(violet, 'blue');
    const puts = sent.filter(({ method, url }) => method === 'PUT' && url.includes('autoscalesettings'));
    expect(puts).toHaveLength(1);
    const put = JSON.parse(String(puts[0]?.body));
    expect(faultsOf(SETTINGS, put)).toEqual([]);
    const said = JSON.stringify(put);
    expect(said).not.toMatch(/blue/);
    expect(put.properties).toMatchObject({
      targetResourceUri: deploymentId(violet),
      notifications: body.properties.notifications,
      profiles: [
        {
          capacity: { minimum: '2', maximum: '9', default: '9' },
          rules: [
            { metricTrigger: { metricResourceUri: endpointId(FRAUD), dimensions: [{ Values: ['violet'] }] } },
            { metricTrigger: { metricResourceUri: deploymentId(violet) } },
          ],
        },
      ],
    });
    // Another version goes into it at night: Azure has it at two instances, whatever blue has.
    await advance({ hours: 12 });
    const now = async () =>
      (await azure.ml.listDeployments(FRAUD, { fresh: true })).value.find(({ name }) => name === 'violet')?.instances;
    const scaled = (await azure.autoscale.autoscaleOf(FRAUD, { fresh: true })).value.get('violet')?.enabled === true;
    await azure.autoscale.removeAutoscale(BLUE);
    const before = await now();
    await azure.ml.startDeployment(violet, { model: { ...V7, version: '6' }, like: 'blue', scaled });
    const sku = JSON.parse(String(sent.findLast(({ method }) => method === 'PUT')?.body)).sku;
    expect([sku.capacity, before]).toEqual([2, 2]);
  });

  it('is refused in ARM’s words for what cannot be scaled', async () => {
    const { azure } = stage();
    const nobody = { ...FRAUD, deployment: 'violet' };
    await expect(azure.autoscale.setAutoscale(nobody, limits(2, 4))).rejects.toThrow(
      'is no resource that can be scaled',
    );
    await expect(azure.autoscale.setAutoscale(BLUE, { ...limits(2, 4), least: 5 })).rejects.toThrow('must ascend');
  });
});
