import { describe, expect, it } from 'vitest';
import { type Candidate, rank, whyAbove, wsjf } from '../../../services/intake/rank.rules.ts';

const one = (id: string, score: number, effort: number | undefined, over: Partial<Candidate> = {}): Candidate => ({
  id,
  title: id,
  score,
  effort,
  wsjf: 1,
  submittedAt: '2026-11-01T00:00:00Z',
  ...over,
});

describe('the portfolio', () => {
  const candidates = [
    one('UC-101', 60, 6),
    one('UC-102', 50, 2),
    one('UC-103', 20, 2),
    one('UC-104', 90, undefined),
    one('UC-105', 80, 1, { gate: 'needs-data' }),
    one('UC-106', 20, 2, { wsjf: 3 }),
  ];
  it('goes by score for each person-month, then WSJF, then age; what is held is not ranked', () => {
    const { ranked, held } = rank(candidates);
    expect(ranked.map(({ id, place }) => [place, id])).toEqual([
      [1, 'UC-102'],
      [2, 'UC-106'],
      [3, 'UC-101'],
      [4, 'UC-103'],
      [5, 'UC-104'],
    ]);
    expect(held.map(({ id }) => id)).toEqual(['UC-105']);
  });

  it('draws the line where the people end, and fills it with what still fits', () => {
    const { ranked } = rank(candidates, 6);
    expect(ranked.map(({ id, within, cumulative }) => [id, within, cumulative])).toEqual([
      ['UC-102', true, 2],
      ['UC-106', true, 4],
      ['UC-101', false, 4],
      ['UC-103', true, 6],
      ['UC-104', false, 6],
    ]);
  });

  it('says why one stands above another', () => {
    const { ranked } = rank(candidates);
    const [first, second, , fourth] = ranked;
    if (!first || !second || !fourth) throw new Error('four are ranked');
    expect(whyAbove(first, second)).toContain(
      'More score for each person-month. UC-102: 50.0 points for 2 person-months = 25.0 each',
    );
    expect(whyAbove(second, { ...fourth })).toContain('WSJF 3.0 against 1.0');
    expect(wsjf({ value: 8, time: 5, riskReduction: 3, size: 2 })).toBe(8);
  });

  it('ranks five thousand', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => one(`UC-${index}`, (index * 37) % 100, (index % 11) + 1));
    const { ranked } = rank(many, 500);
    expect(ranked).toHaveLength(5_000);
    expect(ranked.at(-1)?.cumulative).toBeLessThanOrEqual(500);
  });
});
