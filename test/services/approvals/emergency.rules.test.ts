import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { reviewDue } from '../../../services/approvals/emergency.rules.ts';

const due = (at: string, zone = 'Europe/Berlin') => reviewDue(Temporal.Instant.from(at), zone).toString();

test.each([
  ['a Monday', '2026-11-23T14:05:00Z', '2026-11-25T14:05:00Z'],
  ['a Thursday, over the weekend', '2026-11-26T14:05:00Z', '2026-11-30T14:05:00Z'],
  ['a Friday', '2026-11-27T14:05:00Z', '2026-12-01T14:05:00Z'],
  ['a Saturday', '2026-11-28T14:05:00Z', '2026-12-01T14:05:00Z'],
  ['a Thursday before the clocks go back', '2026-10-22T08:00:00Z', '2026-10-26T09:00:00Z'],
])('a review is due two business days after %s, at the same time of day', (_, at, expected) => {
  expect(due(at)).toBe(expected);
});

test('the day is the one of the person, not of Greenwich', () => {
  // Friday evening in Greenwich is Saturday morning in Tokyo.
  expect(due('2026-11-27T20:00:00Z', 'Asia/Tokyo')).toBe('2026-11-30T20:00:00Z');
});
