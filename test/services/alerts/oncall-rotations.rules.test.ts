import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  hoursWords,
  type RotationWish,
  readClock,
  readDay,
  readHours,
  rotationWords,
  withoutRotation,
  withRotation,
} from '../../../services/alerts/oncall-rotations.rules.ts';
import { onCall, shifts } from '../../../services/core/schedule.rules.ts';

const monday = Temporal.PlainDate.from('2026-11-23');
const at = (text: string) => Temporal.Instant.from(text);
const wish: RotationWish = {
  schedule: 'nights',
  adds: false,
  people: ['ann', 'ben'],
  from: '2026-11-23',
  at: '09:00',
  every: 1,
  unit: 'weeks',
  only: [],
  except: [],
  zone: 'Europe/Amsterdam',
};
const plain = withRotation(undefined, wish, monday);

describe('hours as people write them', () => {
  it.each([
    [
      'mon-fri 18:00-08:00; sat-sun',
      [
        { days: ['mon-fri'], from: '18:00', to: '08:00' },
        { days: ['sat-sun'], from: '00:00', to: '00:00' },
      ],
    ],
    ['Weekdays 9 to 17', [{ days: ['mon-fri'], from: '09:00', to: '17:00' }]],
    ['22:00–06:00', [{ from: '22:00', to: '06:00' }]],
    ['Mondays and Thursday 10:00-24:00', [{ days: ['mon', 'thu'], from: '10:00', to: '00:00' }]],
    [
      'mon#1 09:00-12:00; fri#L',
      [
        { days: ['mon#1'], from: '09:00', to: '12:00' },
        { days: ['fri#L'], from: '00:00', to: '00:00' },
      ],
    ],
    ['every day', [{ days: ['mon-sun'], from: '00:00', to: '00:00' }]],
    ['', []],
  ])('%s', (text, hours) => expect(readHours(text)).toEqual(hours));

  it.each(['later', 'mon 25:00-26:00', 'mon 9', 'mon 9-17 18-20', '9-', 'mon-fr'])(
    'refuses %s with what would be right',
    (text) => expect(() => readHours(text)).toThrow(/cannot read the hours/),
  );

  it('says them as it reads them', () => {
    for (const text of ['mon-fri 18:00-08:00; sat-sun', '22:00-06:00'])
      expect(readHours(hoursWords(readHours(text)))).toEqual(readHours(text));
  });
});

describe('days and times', () => {
  it.each([
    ['2026-12-01', '2026-12-01'],
    ['tomorrow', '2026-11-24'],
    ['Monday', '2026-11-23'],
    ['next Sun', '2026-11-29'],
  ])('%s', (text, day) => expect(readDay(text, monday)).toBe(day));
  it('refuses what is none', () => {
    for (const text of ['2026-02-30', 'someday', '']) expect(() => readDay(text, monday)).toThrow(/is no day/);
    for (const text of ['25:00', 'noon']) expect(() => readClock(text)).toThrow(/no time of day/);
    expect([readClock('9'), readClock('24:00'), readClock('9:30')]).toEqual(['09:00', '00:00', '09:30']);
  });
});

describe('a rotation made in chat', () => {
  it('makes a schedule, lies over one, and is taken away again', () => {
    expect(onCall(plain, at('2026-11-24T10:00:00Z')).people).toEqual(['ann']);
    const layer = { ...wish, name: 'Weekend', people: ['dev'], only: readHours('sat-sun') };
    const laid = withRotation(plain, layer, monday);
    expect(onCall(laid, at('2026-11-28T10:00:00Z')).people).toEqual(['dev']);
    expect(onCall(withRotation(plain, { ...layer, adds: true }, monday), at('2026-11-28T10:00:00Z')).people).toEqual([
      'ann',
      'dev',
    ]);
    const changed = withRotation(laid, { ...layer, name: 'weekend', people: ['gita'] }, monday);
    expect(changed.layers.map(({ name, rotation }) => [name, rotation.people])).toEqual([['Weekend', ['gita']]]);
    expect(withoutRotation(changed, 'WEEKEND').layers).toEqual([]);
    expect(() => withoutRotation(changed, 'weekens')).toThrow(/no rotation called/);
  });

  it('changes hands by its own clock, also on the day the clocks change', () => {
    const daily = withRotation(undefined, { ...wish, from: '2026-10-23', at: '02:30', unit: 'days' }, monday);
    const around = shifts(daily, at('2026-10-24T02:00:00Z'), at('2026-10-26T12:00:00Z'));
    expect(around.map(({ start }) => start.toString())).toEqual([
      '2026-10-24T00:30:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  it.each<[string, Partial<RotationWish>, RegExp]>([
    ['a zone that does not exist', { zone: 'Europe/Amsterdm' }, /no time zone/],
    ['a bare offset', { zone: '+01:00' }, /no time zone/],
    ['no zone for a new one', { zone: undefined }, /needs a time zone/],
    ['a layer over nothing', { name: 'nights' }, /no schedule nights/],
    ['nobody', { people: [] }, /at least one person/],
    ['an end before its beginning', { until: '2026-11-01' }, /before its first/],
    ['an end that has been', { from: '2026-10-01', until: '2026-11-01' }, /has been/],
    ['the wrong century', { from: '1926-11-23' }, /ten years/],
    ['a name that is none', { schedule: 'Fraud nights!' }, /no name of a schedule/],
  ])('refuses %s', (_, over, why) => expect(() => withRotation(undefined, { ...wish, ...over }, monday)).toThrow(why));

  it('refuses what is so already, and says the rest in words', () => {
    expect(() => withRotation(plain, wish, monday)).toThrow(/how it is already/);
    expect(
      rotationWords({ ...plain.rotation, every: 36, unit: 'hours', until: '2026-12-31', except: readHours('sun') }),
    ).toBe('every 36 hours at 09:00 from 23 Nov 2026 until 31 Dec 2026, not Sun');
    expect(rotationWords({ ...plain.rotation, only: readHours('mon-fri 18:00-08:00') })).toMatch(
      /from 23 Nov 2026, only Mon-Fri 18:00 to 08:00$/,
    );
  });
});
