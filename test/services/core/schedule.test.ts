import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Schedule, schedule } from '../../../services/core/organisation.ts';
import { rotationEdges } from '../../../services/core/rotation.rules.ts';
import { conflict, nextHandOff, onCall, shiftAt, shifts } from '../../../services/core/schedule.rules.ts';

const instant = (text: string) => Temporal.Instant.from(text);
const chicago = (rotation: object, more: object = {}): Schedule =>
  schedule.parse({
    id: 's',
    zone: 'America/Chicago',
    rotation: { people: ['a', 'b'], every: 1, ...rotation },
    ...more,
  });
const at = (plan: Schedule, time: string) => onCall(plan, instant(time)).people;

/** Looks every 30 seconds and returns each instant at which somebody else is on call than half a minute before. */
function handOffs(plan: Schedule, from: string, to: string): string[] {
  const found: string[] = [];
  let before = at(plan, from).join();
  for (let time = instant(from); Temporal.Instant.compare(time, instant(to)) < 0; time = time.add({ seconds: 30 })) {
    const people = onCall(plan, time).people.join();
    if (people !== before) found.push(time.toZonedDateTimeISO(plan.zone).toString({ timeZoneName: 'never' }));
    before = people;
  }
  return found;
}

describe('a rotation that ends, and one that has yet to begin', () => {
  const hourly = { unit: 'hours', at: '00:30' };
  it.each([
    [
      'that is over changes hands no more',
      { ...hourly, from: '2020-10-31', until: '2020-11-01' },
      '2020-11-02T06:00:00Z',
      undefined,
    ],
    [
      'that ends today ends at midnight',
      { ...hourly, from: '2020-10-31', until: '2020-11-01' },
      '2020-11-02T05:45:00Z',
      '2020-11-02T06:00:00Z',
    ],
    ['of next year begins then', { ...hourly, from: '2021-11-01' }, '2020-11-02T06:00:00Z', '2021-11-01T05:30:00Z'],
    [
      'with hours of next year begins with the first of them',
      { from: '2021-11-01', only: [{ from: '09:00', to: '17:00' }] },
      '2021-10-20T06:00:00Z',
      '2021-11-01T14:00:00Z',
    ],
  ])('%s', (_what, rotation, from, next) => {
    const plan = chicago(rotation);
    expect(nextHandOff(plan, instant(from))?.toString()).toBe(next);
    expect(rotationEdges(plan.rotation, plan.zone, instant('2030-01-01T00:00:00Z'), 'after').length > 0).toBe(
      !plan.rotation.until,
    );
  });

  it('has the shifts that a look every quarter of an hour finds, whatever begins and ends', () => {
    const part = (from: string) =>
      fc.record({
        people: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
        every: fc.integer({ min: 1, max: 5 }),
        unit: fc.constantFrom('hours', 'days'),
        at: fc.constantFrom('00:30', '01:30', '02:30', '09:00'),
        from: fc.constantFrom(from, '2020-10-31', '2020-11-02'),
        ...(from === '2020-10-20' ? { until: fc.constantFrom('2020-10-31', '2020-11-01', '2020-11-30') } : {}),
      });
    const [first, last] = [instant('2020-10-31T00:00:00Z'), instant('2020-11-04T00:00:00Z')];
    fc.assert(
      fc.property(part('2020-10-20'), part('2020-10-21'), fc.boolean(), (rotation, upper, adds) => {
        const plan = chicago(rotation, { layers: [{ name: 'upper', adds, rotation: upper }] });
        const found = shifts(plan, first, last).flatMap(({ start }) =>
          Temporal.Instant.compare(start, first) > 0 ? start.toString() : [],
        );
        const seen: string[] = [];
        let before = [...onCall(plan, first).people].sort().join();
        for (let time = first; Temporal.Instant.compare(time, last) < 0; time = time.add({ minutes: 15 })) {
          const people = [...onCall(plan, time).people].sort().join();
          if (people !== before) seen.push(time.toString());
          before = people;
        }
        expect(found).toEqual(seen);
      }),
      { numRuns: 30, seed: 39 },
    );
  });
});

describe('a rotation when the clocks change in Chicago', () => {
  it('hands off at 03:00 on the day on which 02:30 does not exist, and at 02:30 the day after', () => {
    const plan = chicago({ from: '2020-03-06', at: '02:30' });
    expect(handOffs(plan, '2020-03-07T12:00:00Z', '2020-03-10T00:00:00Z')).toEqual([
      '2020-03-08T03:00:00-05:00',
      '2020-03-09T02:30:00-05:00',
    ]);
  });

  it('hands off at the first 01:30 of the day that has two, and 25 hours later', () => {
    const plan = chicago({ from: '2020-10-30', at: '01:30' });
    expect(handOffs(plan, '2020-10-31T12:00:00Z', '2020-11-03T00:00:00Z')).toEqual([
      '2020-11-01T01:30:00-05:00',
      '2020-11-02T01:30:00-06:00',
    ]);
  });

  it('has a shift of two hours from 01:30 to 02:30 when turns take an hour', () => {
    const plan = chicago({ from: '2020-10-31', at: '00:30', unit: 'hours' });
    const shift = shiftAt(plan, instant('2020-11-01T07:00:00Z'));
    expect([shift.start.toString(), shift.end?.toString()]).toEqual(['2020-11-01T06:30:00Z', '2020-11-01T08:30:00Z']);
    expect(handOffs(plan, '2020-11-01T05:00:00Z', '2020-11-01T10:00:00Z')).toEqual([
      '2020-11-01T00:30:00-05:00',
      '2020-11-01T01:30:00-05:00',
      '2020-11-01T02:30:00-06:00',
      '2020-11-01T03:30:00-06:00',
    ]);
  });

  it('passes over a turn that has no length when a full hour is skipped', () => {
    const plan = chicago({ people: ['a', 'b', 'c'], from: '2020-03-08', at: '00:00', unit: 'hours' });
    // Turns start at 00:00 (a), 01:00 (b), 02:00 = 03:00 (c), 03:00 (a), 04:00 (b).
    expect(at(plan, '2020-03-08T07:59:59Z')).toEqual(['b']);
    expect(at(plan, '2020-03-08T08:00:00Z')).toEqual(['a']);
    expect(nextHandOff(plan, instant('2020-03-08T07:30:00Z'))?.toString()).toBe('2020-03-08T08:00:00Z');
    expect(at(plan, '2020-03-08T09:00:00Z')).toEqual(['b']);
  });
});

describe('a rotation where a whole day is skipped', () => {
  it('goes on in Apia, where 30 December 2011 does not exist', () => {
    const plan = schedule.parse({
      id: 's',
      zone: 'Pacific/Apia',
      rotation: { people: ['a', 'b', 'c'], from: '2011-12-29', at: '12:00', every: 1 },
    });
    expect(at(plan, '2011-12-30T09:59:59Z')).toEqual(['a']);
    // The turn of the 30th would start when the 31st does, and that of the 31st at its noon.
    expect(at(plan, '2011-12-30T10:00:00Z')).toEqual(['b']);
    expect(at(plan, '2011-12-30T22:00:00Z')).toEqual(['c']);
  });
});

describe('who is on call', () => {
  const weekly = chicago({ from: '2026-11-02', at: '09:00', every: 7 });

  it('is nobody before the rotation starts, and the reason says so', () => {
    const { people, why } = onCall(weekly, instant('2026-11-02T14:59:59Z'));
    expect(people).toEqual([]);
    expect(why).toContain('has not started');
    expect(nextHandOff(weekly, instant('2026-11-02T14:00:00Z'))?.toString()).toBe('2026-11-02T15:00:00Z');
    expect(shiftAt(weekly, instant('2026-11-02T14:00:00Z')).people).toEqual([]);
  });

  it('takes turns by the week, the last second before a hand-off included', () => {
    expect(at(weekly, '2026-11-02T15:00:00Z')).toEqual(['a']);
    expect(at(weekly, '2026-11-09T14:59:59Z')).toEqual(['a']);
    expect(at(weekly, '2026-11-09T15:00:00Z')).toEqual(['b']);
    expect(at(weekly, '2026-11-16T15:00:00Z')).toEqual(['a']);
  });

  it('has no next hand-off when one person does it all', () => {
    const alone = chicago({ people: ['a'], from: '2026-11-02' });
    expect(nextHandOff(alone, instant('2026-11-23T14:05:00Z'))).toBeUndefined();
    const shift = shiftAt(alone, instant('2026-11-23T14:05:00Z'));
    expect([shift.start.toString(), shift.end]).toEqual(['2026-11-02T15:00:00Z', undefined]);
  });

  it('lists the shifts of a month without a gap or an overlap', () => {
    const list = shifts(weekly, instant('2026-11-10T00:00:00Z'), instant('2026-12-01T00:00:00Z'));
    expect(list.map(({ people, start }) => `${people} ${start}`)).toEqual([
      'b 2026-11-09T15:00:00Z',
      'a 2026-11-16T15:00:00Z',
      'b 2026-11-23T15:00:00Z',
      'a 2026-11-30T15:00:00Z',
    ]);
    for (const [index, shift] of list.entries()) {
      if (index > 0) expect(list[index - 1]?.end?.equals(shift.start)).toBe(true);
    }
  });

  it('is within one turn of the plan at any instant, in any zone', () => {
    const zones = ['UTC', 'America/Chicago', 'Europe/Dublin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia'];
    const time = fc.integer({ min: Date.parse('2026-01-02'), max: Date.parse('2028-01-01') });
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(time, fc.constantFrom(...zones), minute, fc.integer({ min: 1, max: 40 }), (ms, zone, m, every) => {
        const clock = `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
        const rotation = { people: ['a', 'b', 'c'], from: '2025-12-20', at: clock, every };
        const plan = schedule.parse({ id: 's', zone, rotation });
        const moment = Temporal.Instant.fromEpochMilliseconds(ms);
        const shift = shiftAt(plan, moment);
        expect(shift.people).toHaveLength(1);
        expect(Temporal.Instant.compare(shift.start, moment)).toBeLessThanOrEqual(0);
        expect(Temporal.Instant.compare(moment, shift.end as Temporal.Instant)).toBeLessThan(0);
        const hours = shift.start.until(shift.end as Temporal.Instant).total('hours');
        expect(Math.abs(hours - every * 24)).toBeLessThanOrEqual(1);
        expect(onCall(plan, shift.end as Temporal.Instant).people).not.toEqual(shift.people);
      }),
      { numRuns: 150 },
    );
  });
});

describe('overrides', () => {
  // A is always on call, B from 09:00 to 21:00; the override lasts from the second day to the sixth.
  const plan = (override?: object) =>
    chicago(
      { people: ['A'.toLowerCase()], from: '2026-11-01' },
      {
        hours: [{ person: 'b', from: '09:00', to: '21:00' }],
        overrides: override
          ? [{ ...override, from: '2026-11-04T00:00:00-06:00', to: '2026-11-08T00:00:00-06:00' }]
          : [],
      },
    );
  const day = (date: string, override?: object) =>
    ['00', '09', '21'].map((hour) => at(plan(override), `${date}T${hour}:00:00-06:00`).join(''));

  it.each([
    ['adds somebody', { person: 'c', alongside: true }, ['ac', 'abc', 'ac']],
    ['puts somebody in the place of another', { person: 'c', insteadOf: 'b' }, ['a', 'ac', 'a']],
    ['takes somebody off', { insteadOf: 'b' }, ['a', 'a', 'a']],
    ['gives everything to one', { person: 'c' }, ['c', 'c', 'c']],
  ])('%s for its time and not longer', (_, override, inside) => {
    expect(day('2026-11-05', override)).toEqual(inside);
    expect(day('2026-11-03', override)).toEqual(['a', 'ab', 'a']);
    expect(day('2026-11-08', override)).toEqual(['a', 'ab', 'a']);
  });

  it('can leave nobody', () => {
    expect(day('2026-11-05', { insteadOf: 'a' })).toEqual(['', 'b', '']);
  });

  it('reach over midnight when the hours do', () => {
    const night = chicago(
      { people: ['a'], from: '2026-11-01' },
      { hours: [{ person: 'n', from: '22:00', to: '06:00' }] },
    );
    expect(at(night, '2026-11-05T23:00:00-06:00')).toEqual(['a', 'n']);
    expect(at(night, '2026-11-06T05:59:59-06:00')).toEqual(['a', 'n']);
    expect(at(night, '2026-11-06T06:00:00-06:00')).toEqual(['a']);
    expect(nextHandOff(night, instant('2026-11-06T06:00:00-06:00'))?.toString()).toBe('2026-11-07T04:00:00Z');
  });

  const span = { alongside: false, from: '2026-11-04T00:00:00Z', to: '2026-11-08T00:00:00Z' };
  it.each([
    ['two take over from everybody', { person: 'c' }, { person: 'd' }, true],
    ['two stand in for the same person', { person: 'c', insteadOf: 'b' }, { person: 'd', insteadOf: 'b' }, true],
    ['one is added and taken off', { person: 'c', alongside: true }, { insteadOf: 'c' }, true],
    ['two different people are added', { person: 'c', alongside: true }, { person: 'd', alongside: true }, false],
    ['two different people are replaced', { person: 'c', insteadOf: 'a' }, { person: 'd', insteadOf: 'b' }, false],
  ])('contradict each other when %s: %#', (_, one, other, expected) => {
    expect(conflict({ ...span, ...one }, { ...span, ...other })).toBe(expected);
    const later = { from: span.to, to: '2026-11-09T00:00:00Z' };
    expect(conflict({ ...span, ...one }, { ...span, ...other, ...later })).toBe(false);
  });
});
