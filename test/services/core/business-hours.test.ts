import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addBusinessMinutes,
  type BusinessHours,
  businessMinutesBetween,
  isOpen,
  subtractBusinessMinutes,
} from '../../../services/core/business-hours.rules.ts';

const office: BusinessHours = {
  zone: 'Europe/Amsterdam',
  days: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '17:00',
  holidays: ['2026-12-25'],
};
const at = (text: string) => Temporal.Instant.from(text);
const shown = (instant: Temporal.Instant, zone = office.zone) =>
  instant.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' });

describe('working time is added', () => {
  it.each<[string, string, number, string]>([
    ['inside one day', '2026-11-23T09:00+01:00', 120, '2026-11-23T11:00'],
    ['to the closing time, which is that day', '2026-11-23T09:00+01:00', 480, '2026-11-23T17:00'],
    ['over the night', '2026-11-23T16:00+01:00', 120, '2026-11-24T10:00'],
    ['over the weekend', '2026-11-27T16:00+01:00', 120, '2026-11-30T10:00'],
    ['from before the opening', '2026-11-23T06:30+01:00', 60, '2026-11-23T10:00'],
    ['from after the closing', '2026-11-23T20:00+01:00', 60, '2026-11-24T10:00'],
    ['from a Saturday', '2026-11-28T12:00+01:00', 60, '2026-11-30T10:00'],
    ['over a holiday', '2026-12-24T16:30+01:00', 60, '2026-12-28T09:30'],
    ['nothing on a Saturday is the next opening', '2026-11-28T12:00+01:00', 0, '2026-11-30T09:00'],
  ])('%s', (_what, start, minutes, end) => {
    expect(shown(addBusinessMinutes(at(start), minutes, office))).toBe(end);
  });

  it('a day on which the clocks change has the hours that it really has', () => {
    const always = { ...office, days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00', holidays: [] };
    const day = (date: string, next: string) =>
      businessMinutesBetween(
        Temporal.PlainDate.from(date).toZonedDateTime(office.zone).toInstant(),
        Temporal.PlainDate.from(next).toZonedDateTime(office.zone).toInstant(),
        always,
      ) / 60;
    expect([day('2026-03-29', '2026-03-30'), day('2026-10-25', '2026-10-26'), day('2026-11-23', '2026-11-24')]).toEqual(
      [23, 25, 24],
    );
    // Nine o'clock stays nine o'clock for whoever works there.
    expect(addBusinessMinutes(at('2026-10-23T16:00+02:00'), 120, office).toString()).toBe('2026-10-26T09:00:00Z');
    expect(addBusinessMinutes(at('2026-03-27T16:00+01:00'), 120, office).toString()).toBe('2026-03-30T08:00:00Z');
  });

  it('a night shift ends on the next day, also in the night that loses an hour', () => {
    const night = { ...office, days: [6], from: '22:00', to: '06:00', holidays: [] };
    const start = at('2026-03-28T22:00+01:00');
    expect(businessMinutesBetween(start, at('2026-03-30T00:00Z'), night)).toBe(7 * 60);
    expect(isOpen(at('2026-03-29T03:59Z'), night)).toBe(true);
    expect(isOpen(at('2026-03-29T04:00Z'), night)).toBe(false);
  });

  it('hours that never open are an error, not an endless loop', () => {
    expect(() => addBusinessMinutes(at('2026-11-23T09:00Z'), 1, { ...office, days: [] })).toThrow(RangeError);
  });
});

describe('whatever the hours', () => {
  const anyHours = fc.record({
    zone: fc.constantFrom('Europe/Amsterdam', 'America/Chicago', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: fc.constantFrom('00:00', '01:30', '02:15', '09:00', '22:00'),
    to: fc.constantFrom('02:30', '06:00', '17:00', '24:00'),
    holidays: fc.constant(['2026-12-25']),
  });
  const anyStart = fc
    .integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2027, 0, 1) / 60_000 })
    .map((minute) => Temporal.Instant.fromEpochMilliseconds(minute * 60_000));

  it('adding and counting agree, and the way back too', () => {
    fc.assert(
      fc.property(anyHours, anyStart, fc.integer({ min: 1, max: 1000 }), (hours, start, minutes) => {
        const end = addBusinessMinutes(start, minutes, hours);
        expect(businessMinutesBetween(start, end, hours)).toBe(minutes);
        const half = Math.floor(minutes / 2);
        const reminder = subtractBusinessMinutes(end, half, hours, start);
        expect(businessMinutesBetween(reminder, end, hours)).toBe(half);
      }),
      { numRuns: 60 },
    );
  });
});
