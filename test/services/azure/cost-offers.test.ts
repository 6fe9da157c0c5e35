import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { cost } from '../../../services/azure/cost.ts';
import { readPricePage } from '../../../services/azure/cost-offers.ts';
import { costPace, UNPACED, waitOf } from '../../../services/azure/cost-pace.ts';
import { guard } from '../../../services/azure/resilience.ts';
import type { Rest, RestCall } from '../../../services/azure/rest.ts';
import { SUBSCRIPTION, stage } from '../../infra/azure/story.ts';
import { testClock } from '../../support.ts';

const sample = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../data/cost/${name}.json`, import.meta.url), 'utf8'));
const scope = `/subscriptions/${SUBSCRIPTION}`;

/** The client over answers that Microsoft published. */
function over(answers: readonly unknown[]) {
  const asked: RestCall[] = [];
  const rest: Rest = async (call) => {
    asked.push(call);
    const body = answers[asked.length - 1];
    return { status: body === undefined ? 204 : 200, header: () => undefined, body };
  };
  const made = guard({ service: 'Cost Management', clock: testClock() });
  return { asked, client: cost({ rest, prices: rest, guard: made, pace: UNPACED }) };
}

describe('Microsoft’s own samples', () => {
  it('a query goes on by POST with the same body, columns are found by their name', async () => {
    const { response } = sample('cost-query-grouping');
    const { asked, client } = over([response, sample('cost-query-grouping-lastpage').response]);
    const day = Temporal.PlainDate.from('2026-10-01');
    const { value } = await client.daily({
      scope,
      from: day,
      to: day,
      by: 'whole',
      groupBy: [{ dimension: 'ResourceGroup' }],
    });
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(asked[1]?.path).toBe(response.properties.nextLink);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
    expect(asked[0]?.headers).toEqual({ ClientType: 'Wardroom' });
    expect(value).toHaveLength(7);
    expect(value[0]).toMatchObject({
      amount: '19.545363672276512',
      currency: 'USD',
      by: { ResourceGroup: 'JapanUnifia-Trial' },
    });
  });
  it('204 is no data', async () => {
    const day = Temporal.PlainDate.from('2026-10-01');
    expect((await over([undefined]).client.daily({ scope, from: day, to: day })).value).toEqual([]);
  });
  it('a forecast says what is expected', async () => {
    const { response } = sample('cost-forecast');
    const last = { ...response, properties: { ...response.properties, nextLink: null } };
    const day = Temporal.PlainDate.from('2026-10-01');
    const { value } = await over([last]).client.forecast({ scope, from: day, to: day });
    expect(new Set(value.map(({ status }) => status))).toEqual(new Set(['forecast']));
  });
  it('a budget, a savings plan', async () => {
    const [budget] = (await over([{ value: [sample('cost-budget-get')] }]).client.budgets(scope)).value;
    expect(budget).toMatchObject({
      name: 'TestBudget',
      amount: '100.65',
      spent: '80.89',
      currency: 'USD',
      thresholds: [{ percent: 80, type: 'Actual' }],
    });
    const [plan] = (await over([sample('cost-benefit-recommendations'), { value: [] }]).client.commitments(scope))
      .value;
    expect(plan).toMatchObject({
      kind: 'savings plan',
      commitment: '0.164',
      saving: '21.424',
      coveragePercent: 54.609,
      currency: 'USD',
    });
  });
  it('prices of a Linux machine, without Windows and development', () => {
    const found = readPricePage(sample('derived-retail-prices-page'));
    expect(found.map(({ kind, price }) => [kind, price])).toEqual([
      ['on-demand', '4.775'],
      ['low-priority', '0.955'],
      ['spot', '0.912'],
      ['reservation', '26770'],
    ]);
    expect(found[0]?.savingsPlans).toContainEqual({ term: '1 Year', price: '3.2' });
  });
});

it('the estate sells, plans and budgets over several pages; the price list is asked without a token', async () => {
  const { azure, sent } = stage();
  const { value } = await azure.cost.retail('Standard_F8s_v2', 'westeurope', 'EUR');
  expect(value.map(({ kind }) => kind)).toEqual(['on-demand', 'spot', 'low-priority', 'reservation']);
  expect(
    sent
      .filter(({ url }) => url.startsWith('https://prices.azure.com'))
      .every(({ headers }) => !headers.has('authorization')),
  ).toBe(true);
  expect((await azure.cost.commitments(scope)).value.map(({ kind }) => kind)).toEqual(['savings plan', 'reservation']);
  expect((await azure.cost.budgets(scope)).value[0]?.name).toBe('ml-monthly');
});

describe('pacing by query units', () => {
  it('leaves a part of every window to others', () => {
    expect(waitOf([], 0)).toBe(0);
    expect(waitOf([{ at: 0, units: 8 }], 1000)).toBe(0);
    expect(waitOf([{ at: 0, units: 9 }], 1000)).toBe(9000);
    expect(waitOf([{ at: 0, units: 9 }], 10_001)).toBe(0);
    expect(waitOf([{ at: 0, units: 45 }], 11_000)).toBe(49_000);
    expect(waitOf([{ at: 0, units: 450 }], 61_000)).toBe(3_539_000);
  });
  it('waits its turn', async () => {
    let now = 0;
    const waits: number[] = [];
    const pace = costPace({
      monotonic: () => now,
      sleep: async (ms) => {
        waits.push(ms);
        now += ms + 1;
      },
    });
    for (let call = 0; call < 10; call += 1) {
      await pace.turn();
      pace.spent(1);
    }
    expect(waits).toEqual([10_000]);
  });
});
