import { describe, expect, it } from 'vitest';
import { autoscaleBody } from '../../../services/azure/autoscale.ts';
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

  it('is refused in ARM’s words for what cannot be scaled', async () => {
    const { azure } = stage();
    const nobody = { ...FRAUD, deployment: 'violet' };
    await expect(azure.autoscale.setAutoscale(nobody, limits(2, 4))).rejects.toThrow(
      'is no resource that can be scaled',
    );
    await expect(azure.autoscale.setAutoscale(BLUE, { ...limits(2, 4), least: 5 })).rejects.toThrow('must ascend');
  });
});
