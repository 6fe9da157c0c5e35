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
  const cores = (
    used: number,
    limit: number | undefined,
    name = 'Standard NCADSA100v4 Family Cluster Dedicated vCPUs',
  ) => ({
    name,
    used,
    limit,
  });
  it.each([
    [[cores(44, 48)], '44 of 48 dedicated cores of Standard NCADSA100v4 are in use'],
    [[cores(43, 48), cores(0, 0), cores(9, undefined)], undefined],
    [
      [cores(44, 48), cores(350, 350, 'Total Cluster Dedicated Regional vCPUs')],
      '350 of 350 dedicated cores of the region are in use',
    ],
    [
      [cores(90, 100, 'Standard DSv2 Family Cluster LowPriority vCPUs')],
      '90 of 100 low-priority cores of Standard DSv2 are in use',
    ],
    [[cores(2000, 2000, 'Clusters')], '2,000 of 2,000 Clusters are in use'],
  ])('is told by the usages of the region as well', (usages, what) => {
    const found = quotaChange('mlw', quarters(46, 60, 45), START, usages);
    expect(found?.what).toBe(what);
    if (found) expect(found.at.equals(START)).toBe(true);
  });
  it('says since when by the metric and of what by the usages', () => {
    expect(quotaChange('mlw', quarters(46, 97, 45), START, [cores(48, 48)])).toMatchObject({
      at: Temporal.Instant.from('2026-11-19T13:30:00Z'),
      what: '97 % of the compute quota of mlw is used: 48 of 48 dedicated cores of Standard NCADSA100v4 are in use',
    });
  });
});
