import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impact, severity } from '../../../services/alerts/severity.rules.ts';
import { type Signal, withDrift } from '../../../services/alerts/signal.ts';
import { minutes, signal, T0 } from './signal-fixtures.ts';

const money = (amount: string) => ({ moneyPerHour: { amount, currency: 'EUR' }, riskClass: 'minimal' as const });
const drift = (value: number) => signal({ kind: 'drift', details: { value, threshold: 0.2, dimensions: {} } });
const judged = (severity: Signal['severity']) => ({ ...drift(0.9), source: 'wardroom' as const, severity });

describe('severity', () => {
  it.each<[string, Signal[], Parameters<typeof severity>[1], number]>([
    ['the worst signal sets it', [signal({ severity: 3 }), signal({ severity: 1 })], undefined, 2],
    ['Sev0 is the worst', [signal({ severity: 0 })], undefined, 1],
    ['Sev4 is for information', [signal({ severity: 4 })], undefined, 4],
    ['little money', [signal()], money('999.99'), 3],
    ['much money', [signal()], money('1000'), 2],
    ['very much money', [signal()], money('10000'), 1],
    ['drift just over its limit', [drift(0.21)], undefined, 3],
    ['drift at twice its limit', [drift(0.4)], undefined, 2],
    ['two kinds of trouble', [signal(), signal({ kind: 'errors' })], undefined, 2],
    ['a deployment is no second trouble', [signal(), signal({ kind: 'deployment' })], undefined, 3],
    ['a high-risk use case', [signal()], { riskClass: 'high' }, 2],
    [
      'information rises by two levels at most',
      [signal({ severity: 4 }), drift(9)].map((one) => ({ ...one, severity: 4 })),
      { ...money('1000000'), riskClass: 'high' },
      2,
    ],
    ['drift that we judged by what it touches', [judged(1)], { ...money('10000'), riskClass: 'high' }, 2],
    ['such drift beside trouble that is milder', [judged(1), signal({ severity: 3 })], undefined, 2],
    ['such drift beside trouble that is worse', [judged(3), signal({ severity: 1 })], money('1000'), 1],
    ['nothing', [], money('10000'), 4],
  ])('%s', (_what, signals, business, expected) => {
    const found = severity(signals, business);
    expect(found.sev).toBe(expected);
    expect(found.reasons.length).toBeGreaterThan(0);
  });

  it('gives its reasons in words', () => {
    const found = severity([drift(0.62), signal({ kind: 'errors' })], { ...money('4200'), riskClass: 'high' });
    expect(found).toEqual({
      sev: 1,
      reasons: [
        'the worst signal is Sev2',
        '€4,200 an hour at risk',
        'drift is 3.1 times its limit',
        '2 kinds of trouble at once (drift, errors)',
        'the use case is in the high-risk class',
      ],
    });
  });

  it('is never better for one more signal', () => {
    const any = fc
      .record({
        severity: fc.constantFrom(0, 1, 2, 3, 4),
        kind: fc.constantFrom('drift', 'latency', 'errors', 'other'),
      })
      .map(({ severity: level, kind }) =>
        signal({ severity: level as Signal['severity'], kind: kind as Signal['kind'] }),
      );
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), any, (signals, more) => {
        expect(severity([...signals, more]).sev).toBeLessThanOrEqual(severity(signals).sev);
      }),
    );
  });
});

describe('drift numbers read from the monitor', () => {
  it('lead with the worst feature against its own limit', () => {
    const told = withDrift(signal({ kind: 'drift', deployment: 'green' }), [
      { feature: 'country', metric: 'psi', value: 0.25, threshold: 0.2 },
      { feature: 'amount', metric: 'psi', value: 0.41, threshold: 0.2 },
      { feature: 'age', metric: 'psi', value: 0.5, threshold: 1 },
    ]);
    expect(told.headline).toBe('PSI of amount on ep-fraud/green is 0.41, limit 0.20 (2 features over their limit)');
    expect(told.details.features?.map(({ feature }) => feature)).toEqual(['amount', 'country', 'age']);
    expect([told.details.value, told.details.threshold]).toEqual([0.41, 0.2]);
    expect(withDrift(told, [])).toBe(told);
  });
});

describe('impact', () => {
  const business = { ...money('4200'), unit: 'payments', unitsPerHour: 3100 };
  it('counts money and units since it began', () => {
    expect(impact(T0, minutes(20), business)).toEqual({
      moneyPerHour: { amount: '4200', currency: 'EUR' },
      moneySoFar: { amount: '1400', currency: 'EUR' },
      unitsTouched: 1033,
      unit: 'payments',
    });
  });
  it('counts only the share of the traffic that is concerned', () => {
    const found = impact(T0, minutes(7), business, 0.1);
    expect([found.moneyPerHour?.amount, found.moneySoFar?.amount, found.unitsTouched]).toEqual(['420', '49', 36]);
    expect(impact(T0, minutes(1), money('0.10')).moneySoFar?.amount).toBe('0');
  });
  it('says nothing that is not known, and never counts backwards', () => {
    expect(impact(T0, minutes(5), undefined)).toEqual({});
    expect(impact(minutes(5), T0, business).unitsTouched).toBe(0);
  });
});
