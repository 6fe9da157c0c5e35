import { describe, expect, it } from 'vitest';
import * as cost from '../../../services/cost/index.ts';

/** Reservations and savings plans at their edges: over- and under-used, refunded, over a leap day, exactly at a mark. */
const cents = (amount: { toFixed(places: number): string } | undefined) => amount?.toFixed(2);

describe('a commitment', () => {
  it.each([
    // what is committed, what is used; used, unused, on demand, paid; utilisation
    ['1.00', '0.00', ['0.00', '1.00', '0.00', '1.00'], 0],
    ['1.00', '1.00', ['1.00', '0.00', '0.00', '1.00'], 100],
    ['1.00', '1.75', ['1.00', '0.00', '0.75', '1.75'], 100],
    ['1.00', '-0.50', ['0.00', '1.00', '0.00', '1.00'], 0],
    ['0', '3', ['0.00', '0.00', '3.00', '3.00'], undefined],
  ])('of %s against a use of %s', (commit, usage, amounts, percent) => {
    const found = cost.commitmentUse(commit, usage);
    expect([found.used, found.unused, found.onDemand, found.effectiveTotal].map(cents)).toEqual(amounts);
    expect(found.utilisationPercent?.toNumber()).toBe(percent);
  });

  it.each([
    [365, 'none', ['0.00', '730.00', '1.00']],
    // Twelve and thirty-six payments, also when a leap day is among the days.
    [366, 'none', ['0.00', '732.00', '1.00']],
    [1096, 'partial_50', ['13152.00', '365.33', '0.50']],
    [366, 'all', ['8784.00', '0.00', '0.00']],
  ] as const)('of %d days, %s paid upfront', (termDays, upfront, amounts) => {
    const found = cost.commitmentPurchase({ perHour: '1.00', termDays, upfront });
    expect([found.oneTime, found.recurringMonth, found.recurringHour].map(cents)).toEqual(amounts);
  });

  it('says what is no term and no way to pay', () => {
    const of = (termDays: number, upfront: string) => () =>
      cost.commitmentPurchase({ perHour: '1.00', termDays, upfront: upfront as cost.Upfront });
    expect(of(0, 'all')).toThrow('at least one day');
    expect(of(365, 'half')).toThrow('“half” is no way to pay');
    expect(of(365, 'partial_150')).toThrow('0 to 1');
  });

  it('that is flexible costs the same however little of it is used', () => {
    const of = (...factors: number[]) =>
      cost.flexibleUse(
        { factor: 3, cost: '1.50' },
        factors.map((factor) => ({ name: `VM_${factor}`, factor })),
      );
    expect([of(2).unusedEffective, of(2).totalEffective].map(cents)).toEqual(['0.50', '1.50']);
    expect([of().unusedEffective, of().totalEffective].map(cents)).toEqual(['1.50', '1.50']);
    expect(of(2, 2).lines.map(({ effective, onDemandFactor }) => [cents(effective), cents(onDemandFactor)])).toEqual([
      ['1.00', '0.00'],
      ['0.50', '1.00'],
    ]);
    expect(() => cost.flexibleUse({ factor: 0, cost: '1' }, [])).toThrow('above zero');
  });

  it('is amortised to the cent', () => {
    const of = (...effective: string[]) =>
      cost.commitmentInvariant([
        { ChargeCategory: 'Purchase', BilledCost: '100', EffectiveCost: '0' },
        ...effective.map((each) => ({ ChargeCategory: 'Usage', BilledCost: '0', EffectiveCost: each })),
      ]).valid;
    expect([of('33.3333333333', '33.3333333333', '33.3333333333'), of('99.99'), of('100.01')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is judged strictly at the marks', () => {
    const flags = (usedHours: string, coveredCost: string) =>
      cost.commitmentKpis({ committedHours: '700', usedHours, eligibleCost: '10', coveredCost, commitmentCost: '7' });
    expect(flags('630', '6').flags).toEqual(['utilisation>90 missed', 'coverage 60-80 ok', 'wastage<10 missed']);
    expect(flags('630.01', '8.01').flags).toEqual(['utilisation>90 ok', 'coverage 60-80 missed', 'wastage<10 ok']);
    const refunded = flags('-5', '0');
    expect([refunded.utilisationPercent?.toNumber(), cents(refunded.wastedCost)]).toEqual([0, '7.00']);
    expect(flags('800', '8').utilisationPercent?.toNumber()).toBe(100);
  });
});

describe('whether to commit', () => {
  it.each([
    // Binary fractions put the first two on the wrong side of 0.6 and 0.3.
    [[0.4, 1.6], 'variable: savings plan'],
    [[69.3, 128.7], 'variable: savings plan'],
    [[7, 13], 'variable: savings plan'],
    [[7.01, 13], 'stable: reservation'],
    [[0, 0, 0], 'volatile: pay as you go'],
    [[], 'volatile: pay as you go'],
  ])('hours of %j are %s', (hours, name) => expect(cost.steadiness(hours).class).toBe(name));

  it.each([
    // hours, discount; commitment, saving; utilisation, effective savings rate, coverage
    [[2, 2, 2], 40, ['1.20', '2.40'], [100, 40, 100]],
    [[1, 0, 0, 0], 30, ['0.00', '0.00'], [undefined, 0, 0]],
    [[5, -5, 5, 5], 50, ['2.50', '5.00'], [75, 100 / 3, 100]],
    [[3, 3, 0, 3], 0, ['0.00', '0.00'], [undefined, 0, 0]],
    [[], 30, ['0.00', '0.00'], [undefined, undefined, undefined]],
  ])('hours of %j at %d percent less', (hours, discount, amounts, percents) => {
    const found = cost.bestCommitment(hours, discount);
    expect([found.hourly, found.saving].map(cents)).toEqual(amounts);
    const rates = [found.utilisationPercent, found.savingPercent, found.coveragePercent];
    expect(rates.map((each) => each?.toNumber())).toEqual(percents);
  });

  it('breaks even at the price it is offered for', () => {
    const same = cost.reservationBreakEven('0.192', '0.192');
    expect([same.savingPercent, same.utilisationPercent, same.hoursAMonth].map(cents)).toEqual([
      '0.00',
      '100.00',
      '730.00',
    ]);
    expect(cost.reservationBreakEven('1', '1.25').savingPercent.toNumber()).toBe(-25);
    expect(() => cost.reservationBreakEven('0', '1')).toThrow('above zero');
  });

  it('loses what is not used from the effective savings rate', () => {
    const row = (status: string, list: number, contracted: number, effective: number): cost.FocusCharge => ({
      ChargeCategory: 'Usage',
      CommitmentDiscountType: 'Reservation',
      CommitmentDiscountStatus: status,
      ListCost: list,
      ContractedCost: contracted,
      EffectiveCost: effective,
    });
    const bought = {
      ChargeCategory: 'Purchase',
      CommitmentDiscountType: 'Reservation',
      ListCost: 500,
      EffectiveCost: 0,
    };
    const half = cost.savingsSummary([bought, row('Used', 100, 90, 60), row('Unused', 0, 0, 60)]);
    expect([half.netTotalSavings, half.unusedCommitment, half.effectiveSavingsRatePercent].map(cents)).toEqual([
      '-20.00',
      '60.00',
      '-20.00',
    ]);
    expect(cost.savingsSummary([bought]).effectiveSavingsRatePercent).toBeUndefined();
  });
});
