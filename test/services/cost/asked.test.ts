import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readAsked } from '../../../services/cost/asked.rules.ts';
import { ahead, findPeriod } from '../../../services/cost/period.rules.ts';

const today = Temporal.PlainDate.from('2026-11-26');

describe('what of a question is neither a thing nor a time', () => {
  it.each([
    ['by endpoints', { text: '', by: 'endpoint' }],
    ['per team last month', { text: 'last month', by: 'team' }],
    ['fraud by endpoint in Q3', { text: 'fraud in Q3', by: 'endpoint' }],
    ['fraud-detector last quarter split by model', { text: 'fraud-detector last quarter', by: 'model' }],
    ['our total costs', { text: '' }],
    ['the trend of training', { text: 'training' }],
    ['by month', { text: '', timeless: 'last 12 months' }],
    ['ep-fraud daily', { text: 'ep-fraud', timeless: 'last 30 days' }],
    ['the fraud team', { text: 'fraud team', kind: { dimension: 'team', text: 'fraud' } }],
    ['endpoint ep-fraud', { text: 'endpoint ep-fraud', kind: { dimension: 'endpoint', text: 'ep-fraud' } }],
    ['categories', { text: 'categories' }],
  ])('%s', (words, found) => expect(readAsked(words)).toEqual(found));
});

describe('a time as people write it', () => {
  it.each([
    ['october to december', '', '2026-10-01', '2026-11-26'],
    ['fraud 1 october to 15 october', 'fraud', '2026-10-01', '2026-10-15'],
    ['1 november to 30 november', '', '2026-11-01', '2026-11-26'],
    ['since october', '', '2026-10-01', '2026-11-26'],
    ['last friday', '', '2026-11-20', '2026-11-20'],
    ['from monday to yesterday', '', '2026-11-23', '2026-11-25'],
    ['last twelve months', '', '2025-11-26', '2026-11-25'],
    ['last 30d', '', '2026-10-27', '2026-11-25'],
    ['fraud over the last week', 'fraud', '2026-11-16', '2026-11-22'],
    ['past quarter', '', '2026-07-01', '2026-09-30'],
    ['this month so far', '', '2026-11-01', '2026-11-26'],
    ['H2 2025', '', '2025-07-01', '2025-12-31'],
    ['October 15th 2025', '', '2025-10-15', '2025-10-15'],
    ['28 december', '', '2025-12-28', '2025-12-28'],
  ])('%s', (words, rest, from, to) => {
    const found = findPeriod(words, today);
    expect([found?.rest, String(found?.period.from), String(found?.period.to)]).toEqual([rest, from, to]);
  });
  it.each(['30 february', '2026-13', 'tomorrow', '2026-10-02 to 2026-10-01'])('%s is refused', (words) =>
    expect(() => findPeriod(words, today)).toThrow(/no day|lies ahead|ends before it begins/),
  );

  it.each([
    ['next month', { rest: '', month: '2026-12' }],
    ['fraud in january', { rest: 'fraud', month: '2027-01' }],
    ['end of month', { rest: '' }],
    ['fraud until the end of the quarter', { rest: 'fraud' }],
    ['fraud', { rest: 'fraud' }],
  ])('of a forecast: %s', (words, found) => expect(ahead(words, today)).toEqual(found));
});
