import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Schedule, schedule } from '../../../services/core/organisation.ts';
import { nextHandOff, onCall, shifts } from '../../../services/core/schedule.rules.ts';
import { hoursEdge, isDay, nextWithin, withinHours } from '../../../services/core/week-hours.rules.ts';

const instant = (text: string) => Temporal.Instant.from(text);
const dublin = (rotation: object, more: object = {}): Schedule =>
  schedule.parse({
    id: 's',
    zone: 'Europe/Dublin',
    rotation: { people: ['a'], from: '2026-11-02', at: '09:00', ...rotation },
    ...more,
  });
const at = (plan: Schedule, time: string) => onCall(plan, instant(time)).people.join('');

/** From the golden file of windows: the cases that hours of the week share with it. */
const golden = JSON.parse(readFileSync(new URL('../../data/oncall/golden-hours.json', import.meta.url), 'utf8')) as {
  schedule_periods: {
    id: string;
    given: { periods?: [string, string][]; rule?: string; at: string | string[] };
    then: { desired: string | string[] };
  }[];
  nth_weekday: { id: string; given: { expr: string; month: string }; then: { day: number } }[];
};

describe('hours of the week', () => {
  it.each(golden.schedule_periods.map((one) => [one.id, one] as const))('%s', (_id, { given, then }) => {
    const times = [given.at].flat().map((time) => (time.length < 10 ? `2026-11-23T${time}Z` : time));
    const found = times.map((time) => {
      const on = given.periods
        ? withinHours(
            given.periods.map(([from, to]) => ({ from, to })),
            'UTC',
            instant(time),
          )
        : !withinHours([{ days: ['tue'], from: '18:00', to: '19:00' }], 'UTC', instant(time));
      return on ? 'running' : 'stopped';
    });
    expect(found).toEqual([then.desired].flat());
  });

  it.each(golden.nth_weekday.map((one) => [one.id, one] as const))('%s', (_id, { given, then }) => {
    const month = Temporal.PlainYearMonth.from(given.month);
    const days = Array.from({ length: month.daysInMonth }, (_, day) => month.toPlainDate({ day: day + 1 }));
    expect(days.filter((date) => isDay(date, [given.expr.toLowerCase()])).map(({ day }) => day)).toEqual([then.day]);
  });

  it('know the last weekday of a month, ranges round the weekend, and nights that end the next day', () => {
    expect(isDay(Temporal.PlainDate.from('2026-11-27'), ['fri#L'])).toBe(true);
    expect(isDay(Temporal.PlainDate.from('2026-11-20'), ['fri#L'])).toBe(false);
    expect(
      ['2026-11-28', '2026-11-30', '2026-12-01'].map((day) => isDay(Temporal.PlainDate.from(day), ['fri-mon'])),
    ).toEqual([true, true, false]);
    const friday = [{ days: ['fri'], from: '22:00', to: '06:00' }];
    expect(withinHours(friday, 'UTC', instant('2026-11-28T05:59:59Z'))).toBe(true);
    expect(withinHours(friday, 'UTC', instant('2026-11-28T22:30:00Z'))).toBe(false);
    expect(hoursEdge(friday, 'UTC', instant('2026-11-28T07:00:00Z'), 'after')?.toString()).toBe('2026-12-04T22:00:00Z');
    expect(hoursEdge(friday, 'UTC', instant('2026-12-04T21:00:00Z'), 'before')?.toString()).toBe(
      '2026-11-28T06:00:00Z',
    );
    expect(
      nextWithin([{ days: ['mon#1'], from: '09:00', to: '10:00' }], 'UTC', instant('2026-11-23T00:00:00Z'))?.toString(),
    ).toBe('2026-12-07T09:00:00Z');
  });
});

describe('layers', () => {
  const nights = {
    name: 'nights',
    rotation: {
      people: ['n', 'm'],
      from: '2026-11-02',
      at: '18:00',
      every: 1,
      unit: 'weeks',
      only: [{ days: ['mon-fri'], from: '18:00', to: '08:00' }],
    },
  };

  it('take the place of what is below in their hours, and leave it alone outside them', () => {
    const plan = dublin({}, { layers: [nights] });
    expect(
      ['2026-11-23T17:59:00Z', '2026-11-23T18:00:00Z', '2026-11-24T07:59:00Z', '2026-11-24T08:00:00Z'].map((time) =>
        at(plan, time),
      ),
    ).toEqual(['a', 'm', 'm', 'a']);
    // The night of Friday ends on Saturday; the weekend is the base's.
    expect(['2026-11-28T07:59:00Z', '2026-11-28T20:00:00Z'].map((time) => at(plan, time))).toEqual(['m', 'a']);
    expect(nextHandOff(plan, instant('2026-11-28T08:00:00Z'))?.toString()).toBe('2026-11-30T18:00:00Z');
  });

  it('join what is below when they are said to, and a later one wins over an earlier one', () => {
    const adds = dublin({}, { layers: [{ ...nights, adds: true }] });
    expect(at(adds, '2026-11-23T20:00:00Z')).toBe('am');
    const lead = { name: 'lead', rotation: { people: ['z'], from: '2026-11-24', until: '2026-11-24', at: '00:00' } };
    const won = dublin({}, { layers: [nights, lead] });
    expect(
      ['2026-11-23T23:59:00Z', '2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z'].map((time) => at(won, time)),
    ).toEqual(['m', 'z', 'm']);
  });

  it('is nobody outside the hours of a rotation, and tells the shifts of a week', () => {
    const office = dublin({
      people: ['a', 'b'],
      unit: 'weeks',
      every: 1,
      only: [{ days: ['mon-fri'], from: '09:00', to: '17:00' }],
    });
    const list = shifts(office, instant('2026-11-27T10:00:00Z'), instant('2026-12-01T12:00:00Z'));
    expect(list.map(({ people, start }) => `${people.join('') || '-'} ${start}`)).toEqual([
      'b 2026-11-27T09:00:00Z',
      '- 2026-11-27T17:00:00Z',
      'a 2026-11-30T09:00:00Z',
      '- 2026-11-30T17:00:00Z',
      'a 2026-12-01T09:00:00Z',
    ]);
  });

  it('can be anything every so many hours, days or weeks', () => {
    const custom = dublin({ people: ['a', 'b'], every: 36, unit: 'hours' });
    expect(
      ['2026-11-02T09:00:00Z', '2026-11-03T20:59:00Z', '2026-11-03T21:00:00Z'].map((time) => at(custom, time)),
    ).toEqual(['a', 'a', 'b']);
  });
});
