import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { readPeriod, readSince } from '../../bot/words-past.ts';

/** Wednesday afternoon in Amsterdam, which is an hour ahead of UTC. */
const said = { now: Temporal.Instant.from('2026-11-25T14:05:00Z'), zone: 'Europe/Amsterdam' };
const since = (words: string) => readSince(words, said);
const period = (words: string) => readPeriod(words, said);

it.each([
  ['Monday', '2026-11-22T23:00:00Z'],
  ['wednesday', '2026-11-24T23:00:00Z'],
  ['last Wednesday', '2026-11-17T23:00:00Z'],
  ['Friday', '2026-11-19T23:00:00Z'],
  ['yesterday', '2026-11-23T23:00:00Z'],
  ['last week', '2026-11-15T23:00:00Z'],
  ['2 hours ago', '2026-11-25T12:05:00Z'],
  ['1 November', '2026-10-31T23:00:00Z'],
  ['24 December', '2025-12-23T23:00:00Z'],
  ['2026-10-20', '2026-10-19T22:00:00Z'],
  ['November', '2026-10-31T23:00:00Z'],
])('since %s', (words, at) => expect(since(words)).toEqual({ value: at }));

it.each([
  ['last month', '2026-09-30T22:00:00Z/2026-10-31T23:00:00Z'],
  ['this week', '2026-11-22T23:00:00Z/2026-11-29T23:00:00Z'],
  ['October 2025', '2025-09-30T22:00:00Z/2025-10-31T23:00:00Z'],
  ['December', '2025-11-30T23:00:00Z/2025-12-31T23:00:00Z'],
  ['last 30 days', '2026-10-26T14:05:00Z/2026-11-25T14:05:00Z'],
  ['since Monday', '2026-11-22T23:00:00Z/2026-11-25T14:05:00Z'],
  ['2026-10', '2026-09-30T22:00:00Z/2026-10-31T23:00:00Z'],
])('in %s', (words, interval) => expect(period(words)).toEqual({ value: interval }));

it('refuses what lies ahead, what does not exist, and what is no time', () => {
  expect(since('in 2 hours')).toMatchObject({ impossible: true });
  expect(since('31 November')).toHaveProperty('why');
  expect(since('tea')).toMatchObject({ impossible: false });
  expect(period('tea')).toMatchObject({ impossible: false });
  expect(period('2027-01')).toMatchObject({ impossible: true });
});
