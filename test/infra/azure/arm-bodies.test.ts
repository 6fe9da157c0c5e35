import { describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { estateHttpClient } from '../../../infra/sandbox/azure/http.ts';
import { createHttpHeaders, type PipelineRequest } from '../../../services/azure/wire.ts';
import { faultsOf } from './arm-schema.ts';
import { FRAUD, type Stage, SUBSCRIPTION, stage } from './story.ts';

const resource = z.looseObject({ type: z.string(), name: z.string(), id: z.string() });

async function list(on: Stage, path: string) {
  const client = estateHttpClient(on.estate);
  const items: z.output<typeof resource>[] = [];
  let url: string | undefined = `https://management.azure.com${path}?api-version=2026-05-01`;
  while (url) {
    const request = {
      url,
      method: 'GET',
      headers: createHttpHeaders({ authorization: 'Bearer x' }),
      timeout: 0,
      withCredentials: false,
      requestId: 'x',
    } satisfies PipelineRequest;
    const answer = await client.sendRequest(request);
    const page = z
      .object({ value: z.array(resource), nextLink: z.string().optional() })
      .parse(JSON.parse(answer.bodyAsText ?? ''));
    items.push(...page.value);
    url = page.nextLink;
  }
  return items;
}

/** What ARM says of a compute besides what may be written into it. */
const TOLD = [
  'allocationState',
  'currentNodeCount',
  'targetNodeCount',
  'nodeStateCounts',
  'state',
  'lastOperation',
  'createdBy',
];
const compute = z.looseObject({ properties: z.looseObject({ properties: z.record(z.string(), z.unknown()) }) });
function writable(each: z.output<typeof resource>): z.output<typeof resource> {
  if (!each.type.endsWith('/computes')) return each;
  const { properties } = compute.parse(each);
  const own = Object.entries(properties.properties).filter(([name]) => !TOLD.includes(name));
  return { ...each, properties: { ...properties, properties: Object.fromEntries(own) } };
}

describe('Microsoft’s schema', () => {
  it('accepts the writable part of every resource of the estate', async () => {
    const on = stage();
    const workspaces = await list(
      on,
      `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/workspaces`,
    );
    const all = [...workspaces];
    for (const { id } of workspaces) {
      for (const kind of ['onlineEndpoints', 'batchEndpoints']) {
        const endpoints = await list(on, `${id}/${kind}`);
        all.push(...endpoints);
        for (const endpoint of endpoints) all.push(...(await list(on, `${endpoint.id}/deployments`)));
      }
      const models = await list(on, `${id}/models`);
      all.push(...models, ...(await list(on, `${id}/computes`)), ...(await list(on, `${id}/schedules`)));
      for (const model of models) all.push(...(await list(on, `${model.id}/versions`)));
      for (const environment of await list(on, `${id}/environments`))
        all.push(...(await list(on, `${environment.id}/versions`)));
    }
    const faults = all
      .map(writable)
      .flatMap((each) => faultsOf(each.type, each).map((fault) => `${each.id}: ${fault}`));
    expect(faults).toEqual([]);
    const count = (type: string) =>
      all.filter((each) => each.type === `Microsoft.MachineLearningServices/workspaces${type}`).length;
    expect([count(''), count('/onlineEndpoints'), count('/batchEndpoints'), count('/models')]).toEqual([3, 6, 2, 8]);
    expect([count('/onlineEndpoints/deployments'), count('/schedules'), count('/computes')]).toEqual([7, 6, 6]);
  });

  it('accepts what Wardroom writes when it changes traffic', async () => {
    const { azure, sent } = stage();
    await azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });
    const put = sent.find((each) => each.method === 'PUT');
    const body = JSON.parse(String(put?.body));
    expect(faultsOf('Microsoft.MachineLearningServices/workspaces/onlineEndpoints', body)).toEqual([]);
  });

  it('would notice a misspelt property and a wrong type', () => {
    const type = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
    const body = { location: 'westeurope', properties: { authMode: 'Key', trafic: { blue: 100 } } };
    expect(faultsOf(type, body).join()).toContain('must NOT have additional properties');
    expect(faultsOf(type, { location: 'x', properties: { authMode: 'Key', traffic: { blue: '100' } } })).not.toEqual(
      [],
    );
  });
});
