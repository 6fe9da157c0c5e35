import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Stage, SUBSCRIPTION, stage } from '../../infra/azure/story.ts';

const scope = `/subscriptions/${SUBSCRIPTION}`;
const day = (text: string) => Temporal.PlainDate.from(text);
const sum = (rows: readonly { amount: string }[]) => rows.reduce((total, each) => total + Number(each.amount), 0);

describe('what the estate costs', () => {
  it('gives each day with its currency, also over several pages', async () => {
    const { azure, sent } = stage();
    const { value } = await azure.cost.daily({
      scope,
      from: day('2026-10-01'),
      to: day('2026-10-31'),
      groupBy: [{ tag: 'project' }, { dimension: 'ResourceId' }],
    });
    expect(sent.length).toBe(1);
    expect(new Set(value.map((each) => each.day.toString())).size).toBe(31);
    expect(new Set(value.map((each) => each.currency))).toEqual(new Set(['EUR']));
    expect(value.filter((each) => each.by.project === 'fraud')).toHaveLength(31);
    expect(value.some((each) => each.by.project === '' && each.by.ResourceId?.includes('storageaccounts'))).toBe(true);

    const quarter = { scope, from: day('2026-07-01'), to: day('2026-09-30'), groupBy: [{ dimension: 'ResourceId' }] };
    const paged = (await azure.cost.daily(quarter)).value;
    expect(sent.length).toBeGreaterThan(3);
    const whole = (await azure.cost.daily({ scope, from: quarter.from, to: quarter.to })).value;
    expect(sum(paged)).toBeCloseTo(sum(whole), 6);
  });

  it('keeps a resource group to itself', async () => {
    const { azure } = stage();
    const { value } = await azure.cost.daily({
      scope: `${scope}/resourceGroups/rg-ml-risk`,
      from: day('2026-11-01'),
      to: day('2026-11-02'),
      groupBy: [{ dimension: 'ResourceGroup' }],
    });
    expect(value.map((each) => each.by.ResourceGroup)).toEqual(['rg-ml-risk', 'rg-ml-risk']);
  });

  it('forecasts the rest of the month beside what is spent', async () => {
    const { azure } = stage();
    const { value } = await azure.cost.forecast({ scope, from: day('2026-11-01'), to: day('2026-11-30') });
    expect(value.map((each) => each.status)).toEqual([
      ...Array.from({ length: 18 }, () => 'actual'),
      ...Array.from({ length: 12 }, () => 'forecast'),
    ]);
    expect(value.every((each) => Number(each.amount) > 100)).toBe(true);
  });

  it('shows a spike in the training clusters', async () => {
    const training = async ({ azure }: Stage) => {
      const question = { scope, from: day('2026-11-18'), to: day('2026-11-18'), groupBy: [{ tag: 'project' }] };
      return sum((await azure.cost.daily(question)).value.filter((each) => each.by.project === 'training'));
    };
    const calm = stage();
    const spiked = stage();
    spiked.estate.happen('cost-spike');
    expect((await training(spiked)) / (await training(calm))).toBeCloseTo(4, 6);
  });

  it('answers nothing for days to come', async () => {
    const { azure } = stage();
    const { value } = await azure.cost.daily({ scope, from: day('2026-12-01'), to: day('2026-12-02') });
    expect(value).toEqual([]);
  });
});
