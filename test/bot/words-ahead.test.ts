import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readAhead } from '../../bot/words-ahead.ts';

/** Thursday 26 November 2026, 09:30 in Amsterdam. */
const said = { now: Temporal.Instant.from('2026-11-26T08:30:00Z'), zone: 'Europe/Amsterdam' };
const span = (words: string): string => {
  const read = readAhead(words, said);
  if ('why' in read) return read.why;
  return read.value
    .split('/')
    .map((at) => Temporal.Instant.from(at).toZonedDateTimeISO(said.zone).toPlainDateTime().toString().slice(5, 16))
    .join(' ');
};

describe('a time that comes', () => {
  it.each([
    ['today', '11-26T09:30 11-27T00:00'],
    ['tonight', '11-26T18:00 11-27T00:00'],
    ['this afternoon', '11-26T12:00 11-26T18:00'],
    ['tomorrow', '11-27T00:00 11-28T00:00'],
    ['tomorrow morning', '11-27T06:00 11-27T12:00'],
    ['on friday', '11-27T00:00 11-28T00:00'],
    ['thursday', '11-26T09:30 11-27T00:00'],
    ['next monday', '11-30T00:00 12-01T00:00'],
    ['this weekend', '11-28T00:00 11-30T00:00'],
    ['next week', '11-30T00:00 12-07T00:00'],
    ['christmas', '12-24T00:00 12-27T00:00'],
    ['over the holidays', '12-24T00:00 01-02T00:00'],
    ['24 december', '12-24T00:00 12-25T00:00'],
    ['2026-12-24', '12-24T00:00 12-25T00:00'],
    ['1 november', '11-01T00:00 11-02T00:00'],
    ['2 hours', '11-26T09:30 11-26T11:30'],
    ['in 3 hours', '11-26T12:30 11-26T12:30'],
    ['tomorrow at 10', '11-27T10:00 11-27T10:00'],
    ['yesterday', '"yesterday" is over; I look ahead'],
    ['yesterday 10:00', '"yesterday 10:00" is over; I look ahead'],
    ['31 november', 'there is no 31 November; November has 30 days'],
    ['tomorrow 25:00', 'there is no 25:00; hours go from 00 to 23, and midnight is 00:00 of the next day'],
    ['whenever', '"whenever" is no time; write it as tonight, Friday, next week or tomorrow 22:00'],
  ])('%s', (words, found) => expect(span(words)).toBe(found));

  it('is read again as a button gives it', () => {
    const value = '2026-11-26T17:00:00Z/2026-11-26T23:00:00Z';
    expect(readAhead(value, said)).toEqual({ value });
  });
});
