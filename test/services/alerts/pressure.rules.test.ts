import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { quotaChange, volumeChange } from '../../../services/alerts/pressure.rules.ts';

const START = Temporal.Instant.from('2026-11-19T14:10:00Z');
const PLACE = { workspace: 'mlw', endpoint: 'ep-fraud' };
/** Quarters of an hour over two days, with another value from so many minutes before the start on. */
const quarters = (usual: number, now: number, minutes: number) =>
  Array.from({ length: 192 }, (_, i) => {
    const at = Temporal.Instant.from('2026-11-17T14:15:00Z').add({ minutes: 15 * i });
    const changed = at.until(START).total('minutes') <= minutes;
    return { at: at.toString(), value: changed ? now : usual };
  });

describe('how much an endpoint is asked', () => {
  it.each([
    [
      'rises',
      200,
      480,
      60,
      '2026-11-19T13:15:00Z',
      'requests of ep-fraud rose to 480 a minute, 200 at this time the day before',
    ],
    [
      'falls',
      200,
      20,
      30,
      '2026-11-19T13:45:00Z',
      'requests of ep-fraud fell to 20 a minute, 200 at this time the day before',
    ],
  ])('is a change when it %s', (_, usual, now, minutes, at, what) => {
    expect(volumeChange(PLACE, quarters(usual, now, minutes), START)).toMatchObject({
      kind: 'volume',
      at: Temporal.Instant.from(at),
      what,
    });
  });

  it.each([
    ['it is a third more', 200, 270, 60],
    ['it is a weekend', 200, 160, 600],
    ['hardly anybody asks', 1, 4, 60],
    ['nothing moved', 200, 200, 60],
  ])('is none when %s', (_, usual, now, minutes) => {
    expect(volumeChange(PLACE, quarters(usual, now, minutes), START)).toBeUndefined();
  });

  it('is none when it was over before, when it came after, or when nothing was measured the day before', () => {
    const over = quarters(200, 480, 60).map((each, i) => (i > 189 ? { ...each, value: 200 } : each));
    expect(volumeChange(PLACE, over, START)).toBeUndefined();
    expect(volumeChange(PLACE, quarters(200, 480, 60), START.subtract({ hours: 2 }))).toBeUndefined();
    expect(volumeChange(PLACE, quarters(200, 480, 60).slice(-8), START)).toBeUndefined();
    expect(volumeChange(PLACE, [], START)).toBeUndefined();
  });
});

describe('a quota', () => {
  it('is a change since it is nearly used up', () => {
    expect(quotaChange('mlw', quarters(46, 97, 45), START)).toMatchObject({
      kind: 'quota',
      at: Temporal.Instant.from('2026-11-19T13:30:00Z'),
      what: '97 % of the compute quota of mlw is used',
    });
    expect(quotaChange('mlw', quarters(46, 89.9, 45), START)).toBeUndefined();
  });
});
