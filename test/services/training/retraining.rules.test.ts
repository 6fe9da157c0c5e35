import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { retrainingRule } from '../../../services/core/organisation.models.ts';
import { mayRun, monthOf, type Standing, type Trigger } from '../../../services/training/retraining.rules.ts';

const NOW = Temporal.Instant.from('2026-11-23T14:05:00Z');
const rule = (more: object = {}) =>
  retrainingRule.parse({
    id: 'r',
    model: 'm',
    endpoint: 'ep-one',
    when: { drift: { features: 2 }, performance: { metric: 'recall', below: 0.6 }, every: '30d' },
    ...more,
  });
const fresh: Standing = { paused: false, runsThisMonth: 0 };
const drift: Trigger = { kind: 'drift', features: ['a', 'b'] };
const ran = (daysAgo: number, running = false): Standing => ({
  ...fresh,
  last: { id: 'TRN-1', at: NOW.subtract({ hours: 24 * daysAgo }), running },
});

describe('training again', () => {
  it.each<[string, Trigger, Standing, boolean, RegExp]>([
    ['two features drift', drift, fresh, true, /2 features drift \(a, b\), 2 are enough/],
    ['one feature drifts', { kind: 'drift', features: ['a'] }, fresh, false, /1 of 2 features/],
    [
      'recall falls',
      { kind: 'performance', metric: 'recall', value: 0.5, labelled: 900 },
      fresh,
      true,
      /0\.500 on 900 labels/,
    ],
    [
      'recall is at the limit',
      { kind: 'performance', metric: 'recall', value: 0.6, labelled: 900 },
      fresh,
      false,
      /limit 0\.6/,
    ],
    [
      'recall is unknown',
      { kind: 'performance', metric: 'recall', value: Number.NaN, labelled: 900 },
      fresh,
      false,
      /unknown/,
    ],
    [
      'there are few labels',
      { kind: 'performance', metric: 'recall', value: 0.1, labelled: 20 },
      fresh,
      false,
      /too few/,
    ],
    [
      'another metric falls',
      { kind: 'performance', metric: 'accuracy', value: 0.1, labelled: 900 },
      fresh,
      false,
      /does not listen/,
    ],
    ['its time has come', { kind: 'schedule' }, fresh, true, /time has come/],
    ['it is running', drift, ran(9, true), false, /running already/],
    ['it ran six days ago', drift, ran(6), false, /cool-down ends 2026-11-24/],
    ['it ran seven days ago', drift, ran(7), true, /enough/],
    ['it is paused', drift, { ...fresh, paused: true }, false, /paused/],
    ['it is paused, but somebody asks', { kind: 'by-hand' }, { ...ran(1), paused: true }, true, /asked/],
    ['somebody asks while it runs', { kind: 'by-hand' }, ran(0, true), false, /running already/],
  ])('when %s', (_, trigger, standing, go, reason) => {
    const verdict = mayRun(NOW, rule(), standing, trigger);
    expect(verdict.go).toBe(go);
    expect(verdict.reason).toMatch(reason);
  });

  it('keeps within the budget of the month, to the cent', () => {
    const dear = rule({
      estimate: { amount: '40', currency: 'EUR' },
      monthlyBudget: { amount: '120', currency: 'EUR' },
    });
    expect(mayRun(NOW, dear, { ...fresh, runsThisMonth: 2 }, drift).go).toBe(true);
    expect(mayRun(NOW, dear, { ...fresh, runsThisMonth: 3 }, { kind: 'by-hand' })).toEqual({
      go: false,
      reason: '3 runs this month; one more makes 160.00 of 120.00 EUR',
    });
  });

  it('does not listen to what it was not told to', () => {
    const quiet = rule({ when: { every: '30d' } });
    expect(mayRun(NOW, quiet, fresh, drift).go).toBe(false);
    expect(() => rule({ when: {} })).toThrow('at least one');
  });

  it('counts months in UTC', () => {
    expect(monthOf(Temporal.Instant.from('2026-12-01T00:30:00+01:00')).toString()).toBe('2026-11-01T00:00:00Z');
  });
});
