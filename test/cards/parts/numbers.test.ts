import { describe, expect, it } from 'vitest';
import { money, number, percent } from '../../../cards/parts/numbers.ts';

const eur = (amount: string) => money({ amount, currency: 'EUR' });

describe('numbers', () => {
  it('have as many digits as a person can use, grouped', () => {
    expect([3120, 1234567.8, 12.44, 0.3149, 0.00423, 0, -2500, 99.96].map((value) => number(value))).toEqual([
      '3,120',
      '1,234,568',
      '12.4',
      '0.31',
      '0.0042',
      '0',
      '−2,500',
      '100',
    ]);
  });
  it('keep fixed decimals and carry a unit', () => {
    expect(number(0.2, { digits: 2 })).toBe('0.20');
    expect(number(810, { unit: 'ms' })).toBe('810\u00A0ms');
  });
  it('that are not known are called unknown', () => {
    expect([number(undefined), number(Number.NaN), percent(undefined), money(undefined)]).toEqual(
      Array(4).fill('unknown'),
    );
    expect(money({ amount: 'a lot', currency: 'EUR' })).toBe('unknown');
  });
});

describe('shares', () => {
  it('are percentages', () =>
    expect([percent(0.042), percent(1), percent(0.0004)]).toEqual(['4.2\u00A0%', '100\u00A0%', '0.04\u00A0%']));
  it('say how they changed, with the sign', () => {
    expect(percent(0.042, 0.031)).toBe('4.2\u00A0% (+1.1 points)');
    expect(percent(0.031, 0.042)).toBe('3.1\u00A0% (−1.1 points)');
  });
});

describe('money', () => {
  it('has its currency and sensible digits', () => {
    expect(['4200', '4200.49', '12.5', '999.99', '7', '0'].map(eur)).toEqual([
      '€4,200',
      '€4,200',
      '€12.50',
      '€999.99',
      '€7',
      '€0',
    ]);
  });
  it('of a unit price keeps two digits that mean something', () => expect(eur('0.0000042317')).toBe('€0.0000042'));
  it('is exact where a float is not', () => {
    expect(eur('90071992547409931234')).toBe('€90,071,992,547,409,931,234');
    expect(eur('1.005')).toBe('€1.01');
  });
  it('works for other currencies, also for what is none', () => {
    expect(money({ amount: '1234', currency: 'USD' })).toBe('US$1,234');
    expect(money({ amount: '-3.5', currency: 'GBP' })).toBe('−£3.50');
    expect(money({ amount: '5', currency: 'credits' })).toBe('5 credits');
  });
});
