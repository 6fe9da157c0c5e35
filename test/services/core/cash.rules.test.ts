import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { irr, netPresentValue, payback, paybackMonths } from '../../../services/core/cash.rules.ts';

interface Case {
  name: string;
  flows: string[];
  rate: string;
  npv: string;
  irr: string[];
  months: number | null;
  discounted: number | null;
}
const { cases } = JSON.parse(readFileSync(new URL('../../data/intake/cash.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

const ratesOf = (flows: readonly string[]) => {
  const found = irr(flows);
  return found.kind === 'rate' ? [found.rate] : found.kind === 'several' ? [...found.rates] : [];
};

it.each(cases)('$name: worth, rates and payback as they were reckoned elsewhere', (each) => {
  expect(Number(netPresentValue(each.flows, each.rate))).toBeCloseTo(Number(each.npv), 6);
  const rates = ratesOf(each.flows).map(Number);
  expect(rates).toHaveLength(each.irr.length);
  for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo(Number(each.irr[index]), 4);
  expect(paybackMonths(each.flows) ?? null).toBe(each.months);
  expect(paybackMonths(each.flows, each.rate) ?? null).toBe(each.discounted);
});

it('a rate of return is exact: at it the flows are worth nothing', () => {
  for (const { flows } of cases)
    for (const rate of ratesOf(flows)) {
      const terms = netPresentValue(
        flows.map((flow) => Math.abs(Number(flow))),
        rate,
      );
      expect(netPresentValue(flows, rate).abs().div(terms).lt('1e-9')).toBe(true);
    }
});

it('says why there is no rate of return', () => {
  expect(irr([0, 0])).toEqual({ kind: 'none', why: 'there is no cash flow' });
  expect(irr([100, 200])).toEqual({ kind: 'none', why: 'money only goes one way' });
  expect(irr([100, -200, 150])).toEqual({ kind: 'none', why: 'no rate makes the flows worth nothing' });
});

it('pays back in parts of a year, and refuses a rate that means nothing', () => {
  expect(payback([-1000, 400, 400, 400])?.toFixed(2)).toBe('2.50');
  expect(payback([-1000, 100])).toBeUndefined();
  expect(payback([], '0.1')?.toFixed(0)).toBe('0');
  expect(netPresentValue([], '0.1').toFixed(2)).toBe('0.00');
  expect(() => netPresentValue([1], -1)).toThrow('above -1');
  expect(() => payback([-1, 1], -1)).toThrow('above -1');
});
