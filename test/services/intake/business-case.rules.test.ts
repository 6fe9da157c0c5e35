import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { netPresentValue as npv } from '../../../services/core/cash.rules.ts';
import { businessCase, type CaseInput } from '../../../services/intake/business-case.rules.ts';
import { flip, tornado } from '../../../services/intake/sensitivity.rules.ts';

const BASE: CaseInput = {
  years: 3,
  rate: '0.08',
  benefits: ['400000'],
  adoption: [0.5, 1],
  volume: '2000000',
  build: {
    development: '200000',
    contingency: '0.5',
    compute: '30000',
    people: '90000',
    retraining: '10000',
    monitoring: '5000',
    governance: '5000',
    success: 0.8,
  },
  buy: {
    integration: '60000',
    licence: '80000',
    licenceGrowth: '0.05',
    price: '0.02',
    vendorWork: '10000',
    egress: '2000',
    exit: '30000',
    success: 0.95,
  },
};

describe('a business case', () => {
  it('adds up both sides year by year', () => {
    const { build, buy, better, by } = businessCase(BASE);
    expect(build.costs.map((cost) => cost.toFixed(2))).toEqual(['300000.00', '140000.00', '140000.00', '140000.00']);
    expect(buy.costs.map((cost) => cost.toFixed(2))).toEqual(['60000.00', '132000.00', '136000.00', '170200.00']);
    expect(build.flows.map((flow) => flow.toFixed(2))).toEqual(['-300000.00', '20000.00', '180000.00', '180000.00']);
    expect(buy.flows.map((flow) => flow.toFixed(2))).toEqual(['-60000.00', '58000.00', '244000.00', '209800.00']);
    expect(build.npv.toFixed(2)).toBe('15729.31');
    expect(buy.npv.toFixed(2)).toBe('369440.38');
    expect(better).toBe('buy');
    expect(by.toFixed(2)).toBe(buy.npv.minus(build.npv).toFixed(2));
    expect(build.tco.toFixed(2)).toBe(npv(build.costs, BASE.rate).toFixed(2));
  });

  it('is even at the break-even volume, and turned around beyond it', () => {
    const even = businessCase(BASE).breakEvenVolume;
    expect(even?.above).toBe('build');
    const at = (volume: Decimal) => businessCase({ ...BASE, volume: volume.toFixed(20) });
    const volume = even?.volume ?? new Decimal(0);
    expect(at(volume).by.lt('0.000001')).toBe(true);
    expect(at(volume.times('1.01')).better).toBe('build');
    expect(at(volume.times('0.99')).better).toBe('buy');
    expect(businessCase({ ...BASE, buy: { ...BASE.buy, price: '0' } }).breakEvenVolume).toBeUndefined();
  });

  it('ranks its inputs by what they swing, and finds the one that flips the choice', () => {
    const bars = tornado(BASE);
    expect(bars.length).toBeGreaterThan(8);
    expect(bars.every((bar, index) => index === 0 || bar.swing.lte(bars[index - 1]?.swing ?? bar.swing))).toBe(true);
    const found = flip(BASE);
    expect(found).toBeDefined();
    const nearer = tornado(BASE).find(({ input }) => input === found?.input);
    expect(nearer).toBeDefined();
    expect(
      flip({
        ...BASE,
        benefits: ['0'],
        volume: '0',
        buy: { ...BASE.buy, integration: '0', licence: '0', vendorWork: '0', egress: '0', exit: '0' },
      }),
    ).toBeUndefined();
  });

  it('moves a share no further than to certain, and says how far', () => {
    const buying = tornado(BASE).find(({ input }) => input === 'success of buying');
    expect([buying?.from.toString(), buying?.to.toString(), buying?.unit]).toEqual(['0.76', '1', 'share']);
    const adopted = tornado({ ...BASE, adoption: [0.5, 1] }).find(({ input }) => input === 'adoption');
    // 0.5 and 1 a fifth higher are 0.6 and still 1: the mean goes from 0.75 to 0.8.
    expect([adopted?.from.toString(), adopted?.to.toString()]).toEqual(['0.6', '0.8']);
  });

  it('the flip is where both are worth the same, and no other input is nearer', () => {
    const found = flip(BASE);
    expect(found?.input).toBe('success of buying');
    const success = Number(found?.at);
    expect(businessCase({ ...BASE, buy: { ...BASE.buy, success } }).by.toNumber()).toBeLessThan(0.01);
    for (const { input, low, high } of tornado(BASE))
      if (low.s !== high.s) expect(Math.abs(Number(found?.change)), input).toBeLessThanOrEqual(0.2);
  });

  it.each([
    [{ ...BASE, years: 0 }, 'whole years, not 0'],
    [{ ...BASE, years: 2.5 }, 'whole years'],
    [{ ...BASE, benefits: [] }, 'no year has a benefit'],
    [{ ...BASE, volume: '-1' }, 'volume must not be negative'],
    [{ ...BASE, rate: '-1' }, 'above -100 %'],
    [{ ...BASE, adoption: [1.5] }, 'adoption is a share'],
    [{ ...BASE, build: { ...BASE.build, people: '-5' } }, 'people is a cost'],
  ])('refuses what cannot be right: %#', (input, why) => {
    expect(() => businessCase(input)).toThrow(why);
  });

  it.each(['0', '1'])('takes a discount rate of %s', (rate) => {
    expect(businessCase({ ...BASE, rate }).build.npv.isFinite()).toBe(true);
  });
});
