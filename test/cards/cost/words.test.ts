import { describe, expect, it } from 'vitest';
import { during, spell, term } from '../../../cards/cost/words.ts';

describe('a period as people say it', () => {
  it.each([
    ['2026-11', 'November 2026'],
    ['2026-11-02', '2 Nov 2026'],
    ['2026-11-16 to 2026-11-22', '16 to 22 Nov 2026'],
    ['2026-10-28 to 2026-11-03', '28 Oct to 3 Nov 2026'],
    ['2025-12-29 to 2026-01-04', '29 Dec 2025 to 4 Jan 2026'],
    ['2026-11-22 to 2026-11-22', '22 Nov 2026'],
    ['November 2026, to date', 'November 2026, to date'],
    ['2026-13', '13 2026'],
  ])('%s is %s', (period, words) => expect(spell(period)).toBe(words));
});

describe('when something was', () => {
  it.each([
    ['2026-11', 'in November 2026'],
    ['2026-11-02', 'on 2 Nov 2026'],
    ['2026-11-16 to 2026-11-22', 'from 16 to 22 Nov 2026'],
    ['November 2026, to date', 'in November 2026, to date'],
  ])('%s is %s', (period, words) => expect(during(period)).toBe(words));
});

describe('the term of a commitment', () => {
  it.each([
    ['P1Y', '1 year'],
    ['P3Y', '3 years'],
    ['P6M', '6 months'],
    ['P10D', 'P10D'],
  ])('%s is %s', (duration, words) => expect(term(duration)).toBe(words));
});
