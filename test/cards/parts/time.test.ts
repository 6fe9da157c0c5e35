import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { between, clock, fromNow, lasting, when } from '../../../cards/parts/time.ts';

const at = (text: string) => Temporal.Instant.from(text);

describe('times', () => {
  it("are left to each reader's clock, without the fraction of a second that Teams does not read", () => {
    const instant = at('2026-11-23T15:05:03.482917+01:00');
    expect(when(instant)).toBe('{{DATE(2026-11-23T14:05:03Z, SHORT)}} {{TIME(2026-11-23T14:05:03Z)}}');
    expect(clock(instant)).toBe('{{TIME(2026-11-23T14:05:03Z)}}');
  });
});

describe('durations', () => {
  it.each([
    [400, 'a few seconds'],
    [10_000, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [12 * 60_000, '12 min'],
    [59.6 * 60_000, '1 h'],
    [190 * 60_000, '3 h 10 min'],
    [(23 * 60 + 59) * 60_000, '23 h 59 min'],
    [24 * 3_600_000, '1 day'],
    [52 * 3_600_000, '2 days 4 h'],
    [-60_000, '1 min'],
  ])('%d ms are %s', (milliseconds, words) => expect(lasting(milliseconds)).toBe(words));
  it('say whether it is over', () => {
    const now = at('2026-11-23T14:05:00Z');
    expect(fromNow(now, now.add({ minutes: 12 }))).toBe('in 12 min');
    expect(fromNow(now, now.subtract({ minutes: 190 }))).toBe('3 h 10 min ago');
    expect(fromNow(now, now)).toBe('now');
    expect(between(now, now.add({ seconds: 90 }))).toBe('2 min');
  });
});
