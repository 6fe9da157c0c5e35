import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Effect, judge, type Memory, NATIVE_RULE, NO_MEMORY } from '../../../services/statistics/alarm.rules.ts';
import { adjusted, benjaminiHochberg, bonferroni } from '../../../services/statistics/multiple.ts';

const start = Temporal.Instant.from('2026-11-23T14:00:00Z');
const moved = (value: number, more: Partial<Effect> = {}): Effect => ({
  feature: 'amount',
  metric: 'psi',
  value,
  p: value > 0.05 ? 1e-9 : 0.4,
  null95: 0.034,
  floor: 0.1,
  bins: 10,
  n_ref: 1000,
  n_cur: 1000,
  ...more,
});

/** Plays windows one after the other, `hours` apart, with the memory of a service. */
function play(effects: readonly Effect[], rule = NATIVE_RULE, hours = 1) {
  let memory: Memory = NO_MEMORY;
  return effects.map((effect, i) => {
    const [verdict] = judge([effect], () => memory, start.add({ hours: i * hours }), rule);
    if (!verdict) throw new Error('one verdict per effect');
    memory = verdict.memory;
    return verdict;
  });
}
const states = (effects: readonly Effect[]) => play(effects).map(({ state }) => state);

describe('the alarm rule', () => {
  it('watches the first window over the limit and alarms in the second of three', () => {
    expect(states([0.02, 0.3, 0.02, 0.3].map((value) => moved(value)))).toEqual(['ok', 'watch', 'ok', 'alarm']);
    expect(states([0.3, 0.02, 0.02, 0.3].map((value) => moved(value)))).toEqual(['watch', 'ok', 'ok', 'watch']);
  });

  it('ends below 0.8 of the limit and not at it', () => {
    expect(states([0.3, 0.3, 0.09, 0.081, 0.079, 0.09].map((value) => moved(value)))).toEqual([
      'watch',
      'alarm',
      'alarm',
      'alarm',
      'ok',
      'watch',
    ]);
  });

  it('does not alarm at the limit itself', () => {
    expect(states([moved(0.1), moved(0.1)])).toEqual(['watch', 'watch']);
  });

  it('takes the larger of floor and chance', () => {
    const [small] = play([moved(0.3, { null95: 0.338, n_ref: 200, n_cur: 200, p: 0.08 })]);
    expect(small).toMatchObject({ limit: 0.338, over: false, state: 'ok' });
    const [large] = play([moved(0.05, { null95: 0.0034, p: 1e-40 })]);
    expect(large).toMatchObject({ limit: 0.1, over: false, state: 'ok' });
  });

  it('is unknown below 200 rows on either side, and an alarm outlives not knowing', () => {
    const all = play([moved(0.3), moved(0.3), moved(0.3, { n_cur: 199 }), moved(0.3, { n_ref: 199 }), moved(0.3)]);
    expect(all.map(({ state }) => state)).toEqual(['watch', 'alarm', 'unknown', 'unknown', 'alarm']);
    expect(all.map(({ call }) => call)).toEqual([false, true, false, false, false]);
    expect(all[2]?.because).toBe(
      'Not known: the current window has 199 rows, 200 are needed. The alarm from before stands.',
    );
  });

  it('calls again only a day after the last call', () => {
    const on = [moved(0.3), moved(0.3)];
    const flap = [...on, moved(0.01), ...on, moved(0.01), ...on];
    expect(play(flap, NATIVE_RULE, 4).flatMap(({ call }, i) => (call ? [i * 4] : []))).toEqual([4, 28]);
    const quiet = play(flap, NATIVE_RULE, 4)[4];
    expect(quiet).toMatchObject({ state: 'alarm', call: false });
    expect(quiet?.because).toContain('nobody is called again within 24 h');
  });

  it('knows how many features were asked', () => {
    const crowd = Array.from({ length: 40 }, (_, i) => moved(0.2, { feature: `f${i}`, p: i === 0 ? 0.01 : 0.6 }));
    const once = { ...NATIVE_RULE, windows: { k: 1, m: 1 } };
    expect(judge(crowd, () => NO_MEMORY, start, once).map(({ state }) => state)).not.toContain('alarm');
    const alone = crowd.slice(0, 1);
    expect(judge(alone, () => NO_MEMORY, start, once)[0]?.state).toBe('alarm');
  });

  it('does not let unknown features loosen or tighten the correction', () => {
    const once = { ...NATIVE_RULE, windows: { k: 1, m: 1 } };
    const unknown = Array.from({ length: 40 }, (_, i) => moved(0.2, { feature: `u${i}`, n_cur: 3 }));
    expect(judge([moved(0.2, { p: 0.04 }), ...unknown], () => NO_MEMORY, start, once)[0]).toMatchObject({
      adjustedP: 0.04,
      state: 'alarm',
    });
  });

  it('explains itself', () => {
    const [, alarm] = play([moved(0.31), moved(0.31)]);
    expect(alarm?.because).toBe(
      'psi 0.31 is above its limit 0.10 (the floor; without drift 19 of 20 samples stay below 0.034, 1,000 rows before and 1,000 now, 10 bins); p = 1.0e-9 after correction for the number of features, at most 0.05; over the limit in 2 of 2 windows, 2 of 3 needed.',
    );
  });

  it.each([
    { ...NATIVE_RULE, falseDiscoveryRate: 0 },
    { ...NATIVE_RULE, windows: { k: 3, m: 2 } },
    { ...NATIVE_RULE, clearAt: 1.5 },
    { ...NATIVE_RULE, minRows: 0 },
  ])('refuses the rule %j', (rule) => {
    expect(() => judge([], () => NO_MEMORY, start, rule)).toThrow(RangeError);
  });
});

describe('many tests at once', () => {
  // Benjamini and Hochberg 1995, table 1.
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  it('rejects four of the fifteen hypotheses of the paper, Bonferroni three', () => {
    expect(benjaminiHochberg(paper).filter(Boolean)).toHaveLength(4);
    expect(bonferroni(paper).filter(Boolean)).toHaveLength(3);
  });

  it('does not depend on the order', () => {
    const back = benjaminiHochberg([...paper].reverse()).reverse();
    expect(back).toEqual(benjaminiHochberg(paper));
  });

  it('adjusts like p.adjust of R', () => {
    expect(adjusted([0.01, 0.02, 0.03, 0.04])).toEqual([0.04, 0.04, 0.04, 0.04]);
    expect(adjusted([])).toEqual([]);
    expect(() => adjusted([Number.NaN])).toThrow(RangeError);
  });
});
