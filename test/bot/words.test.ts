import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { readDuration } from '../../bot/words.ts';
import { readInstant } from '../../bot/words-instant.ts';
import { duration, instant } from '../../dialogs/arguments.ts';

// A Monday, 16:45 in Berlin.
const now = Temporal.Instant.from('2026-11-23T15:45:00Z');
const berlin = { now, zone: 'Europe/Berlin' };
const at = (words: string, said = berlin) => readInstant(words, said);

describe('durations in words', () => {
  test.each([
    ['90m', 'PT90M'],
    ['2 hours', 'PT2H'],
    ['1h30', 'PT1H30M'],
    ['1h 30m', 'PT1H30M'],
    ['1 hour and 20 minutes', 'PT1H20M'],
    ['an hour', 'PT1H'],
    ['half an hour', 'PT30M'],
    ['an hour and a half', 'PT1H30M'],
    ['1.5h', 'PT1H30M'],
    ['1,5 hours', 'PT1H30M'],
    ['two days', 'P2D'],
    ['a week', 'P7D'],
    ['PT30M', 'PT30M'],
    ['P1W', 'P7D'],
    ['for 10 minutes.', 'PT10M'],
  ])('"%s" is %s', (words, expected) => {
    expect(readDuration(words)).toEqual({ value: expected });
    expect(duration.safeParse(expected).success).toBe(true);
  });

  test.each(['', 'tea', '30', 'half', '2 days and 30', 'hours', '5m until', 'P', 'people'])('"%s" is none', (words) => {
    expect(readDuration(words)).toMatchObject({ impossible: false, why: expect.stringContaining('not a duration') });
  });

  test.each(['0m', 'PT0S', '1.5 months', '99999999h'])('"%s" is one that cannot be', (words) => {
    expect(readDuration(words)).toMatchObject({ impossible: true });
  });
});

describe('instants in words', () => {
  test.each([
    ['tomorrow 22:00', '2026-11-24T21:00:00Z'],
    ['22:00 tomorrow', '2026-11-24T21:00:00Z'],
    ['tomorrow at noon', '2026-11-24T11:00:00Z'],
    ['in 2 hours', '2026-11-23T17:45:00Z'],
    ['2 hours from now', '2026-11-23T17:45:00Z'],
    ['2 hours ago', '2026-11-23T13:45:00Z'],
    ['today at 5pm', '2026-11-23T16:00:00Z'],
    ['5 p.m. tomorrow', '2026-11-24T16:00:00Z'],
    ['12am tomorrow', '2026-11-23T23:00:00Z'],
    ['Friday 14:30', '2026-11-27T13:30:00Z'],
    ['Monday 16:00', '2026-11-30T15:00:00Z'],
    ['Monday 17:00', '2026-11-23T16:00:00Z'],
    ['next Monday 9am', '2026-11-30T08:00:00Z'],
    ['next Friday 9am', '2026-12-04T08:00:00Z'],
    ['2026-12-01 08:00', '2026-12-01T07:00:00Z'],
    ['2026-12-01T08:00', '2026-12-01T07:00:00Z'],
    ['2026-12-01T08:00:00Z', '2026-12-01T08:00:00Z'],
    ['2026-12-01T08:00+05:30', '2026-12-01T02:30:00Z'],
    ['1 December 8am', '2026-12-01T07:00:00Z'],
    ['Dec 1st, 8am', '2026-12-01T07:00:00Z'],
    ['Wednesday 2 December 12:00', '2026-12-02T11:00:00Z'],
    ['Mon, 30 Nov 2026 09:00', '2026-11-30T08:00:00Z'],
    ['at 09:00 on Tue, 2026-12-01', '2026-12-01T08:00:00Z'],
    ['1st of December 2027 08:00', '2027-12-01T07:00:00Z'],
    ['22 November 10:00', '2027-11-22T09:00:00Z'],
    ['29 Feb 10:00', '2028-02-29T09:00:00Z'],
    ['22:00', '2026-11-23T21:00:00Z'],
    ['10:00', '2026-11-24T09:00:00Z'],
    ['22:00 UTC', '2026-11-23T22:00:00Z'],
    ['Friday 22:00 Pacific Standard Time', '2026-11-28T06:00:00Z'],
    ['Friday 22:00 W. Europe Standard Time', '2026-11-27T21:00:00Z'],
    ['22:00 America/New_York', '2026-11-24T03:00:00Z'],
  ])('"%s" said in Berlin is %s', (words, expected) => {
    expect(at(words)).toEqual({ value: expected });
    expect(instant.safeParse(expected).success).toBe(true);
  });

  test('a clock time in the gap of daylight saving is moved on, one in the overlap is the first of the two', () => {
    expect(at('2027-03-28 02:30')).toEqual({ value: '2027-03-28T01:30:00Z' });
    expect(at('2027-10-31 02:30')).toEqual({ value: '2027-10-31T00:30:00Z' });
  });

  test('in two days is the same time of day when the clocks change between', () => {
    const saturday = { now: Temporal.Instant.from('2027-03-27T09:00:00Z'), zone: 'Europe/Berlin' };
    expect(at('in 2 days', saturday)).toEqual({ value: '2027-03-29T08:00:00Z' });
    expect(at('in 48 hours', saturday)).toEqual({ value: '2027-03-29T09:00:00Z' });
    expect(at('10:00', saturday)).toEqual({ value: '2027-03-28T08:00:00Z' });
  });

  test.each([
    ['Friday 22:00 Mars/Olympus', 'I do not know the time zone “mars/olympus”. Write an IANA name'],
    ['Friday 22:00 Lunar Standard Time', 'I do not know the time zone “lunar standard time”'],
    ['25:00', 'hours go from 00 to 23'],
    ['tomorrow 24:00', '00:00 of the next day'],
    ['22:75', 'minutes and seconds go from 00 to 59'],
    ['31 February 10:00', 'February has 28 or 29 days'],
    ['31 February', 'February has 28 or 29 days'],
    ['2027-02-29 10:00', 'February has 28 days in 2027'],
    ['2026-13-01 10:00', 'months go from 01 to 12'],
    ['13pm', 'hours go from 1 to 12'],
    ['tomorrow', 'tomorrow 09:00'],
    ['Friday', 'friday 09:00'],
    ['at 9', '9am, 9pm or 09:00'],
    ['Thursday 2 December 12:00', '2026-12-02 is a Wednesday'],
    ['1/12/2026 10:00', '2026-12-01'],
  ])('"%s" is refused with what would be right: %s', (words, right) => {
    expect(at(words)).toEqual({ impossible: true, why: expect.stringContaining(right) });
  });

  test.each(['', 'tea', 'soon', 'tomorrow soon', 'in a moment', 'at', 'the day after'])('"%s" is no time', (words) => {
    expect(at(words)).toMatchObject({ impossible: false });
  });
});
