import { counted } from '../core/counted.ts';
import { deLong, mcNemarOf, meanOver, pairedBootstrap, type ScoredRow } from '../statistics/index.ts';

/** Both versions on the same requests, whose labels came later. */
export interface QualityLine {
  name: 'right answers' | 'AUC' | 'Brier score';
  /** Less is better of the Brier score alone. */
  better: 'higher' | 'lower';
  current: number;
  candidate: number;
  difference: number;
  low: number;
  high: number;
  /** How the interval was found, and what was tested. */
  by: string;
  p?: number;
}

export interface Quality {
  rows: number;
  positives: number;
  /** Empty with too few rows. */
  lines: readonly QualityLine[];
  verdict: 'not enough data' | 'worse' | 'better' | 'no difference';
  words: string;
}

/** Fewer rows with labels say nothing. */
export const LEAST_ROWS = 200;
/** Score from 0.5 on says positive. */
export const CUT = 0.5;
const ALPHA = 0.05;
/** Drawing thousands of times from more than this takes seconds and says no more. */
const MOST_DRAWN = 5_000;

/** Mirrored rows with labels, for whoever decides whether to go on: exact tests, and intervals of what is measured. */
export function qualityOf(rows: readonly ScoredRow[]): Quality {
  const positives = rows.filter(({ positive }) => positive).length;
  const few = { rows: rows.length, positives, lines: [], verdict: 'not enough data' as const };
  if (rows.length < LEAST_ROWS)
    return { ...few, words: `not enough data: ${rows.length} of ${LEAST_ROWS} mirrored requests have a label` };
  const drawn = rows.slice(-MOST_DRAWN);
  const right = (side: 'a' | 'b', of = rows) => of.map((row) => (row[side] >= CUT === row.positive ? 1 : 0));
  const missed = (side: 'a' | 'b', of = rows) => of.map((row) => (row[side] - (row.positive ? 1 : 0)) ** 2);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const boot = (a: readonly number[], b: readonly number[]) =>
    pairedBootstrap(drawn.length, (draw) => ({ a: meanOver(a, draw), b: meanOver(b, draw) }), { alpha: ALPHA });
  const sure = mcNemarOf(rows.map((row) => ({ a: row.a >= CUT === row.positive, b: row.b >= CUT === row.positive })));
  const answers = boot(right('a', drawn), right('b', drawn));
  const brier = boot(missed('a', drawn), missed('b', drawn));
  const areas = positives >= 2 && rows.length - positives >= 2 ? deLong(rows, ALPHA) : undefined;
  const lines: QualityLine[] = [
    {
      name: 'right answers',
      better: 'higher',
      ...sides(mean(right('a')), mean(right('b'))),
      ...answers.interval,
      by: 'McNemar exact; paired bootstrap',
      p: sure.p,
    },
    ...(areas
      ? [
          {
            name: 'AUC' as const,
            better: 'higher' as const,
            ...sides(areas.aucA, areas.aucB),
            ...areas.interval,
            by: 'DeLong',
            p: areas.p,
          },
        ]
      : []),
    {
      name: 'Brier score',
      better: 'lower',
      ...sides(mean(missed('a')), mean(missed('b'))),
      ...brier.interval,
      by: 'paired bootstrap',
    },
  ];
  const verdict = lines.some(worse) ? 'worse' : lines.some(better) ? 'better' : 'no difference';
  return { rows: rows.length, positives, lines, verdict, words: wordsOf(verdict, lines, rows.length) };
}

const sides = (current: number, candidate: number) => ({ current, candidate, difference: candidate - current });
const worse = ({ better: way, low, high }: QualityLine): boolean => (way === 'higher' ? high < 0 : low > 0);
const better = ({ better: way, low, high }: QualityLine): boolean => (way === 'higher' ? low > 0 : high < 0);

function wordsOf(verdict: Quality['verdict'], lines: readonly QualityLine[], rows: number): string {
  const telling = lines.filter(verdict === 'worse' ? worse : better).map(({ name }) => name);
  if (verdict === 'no difference') return `no difference beyond chance on ${counted(rows, 'row')} with labels`;
  return `the new version is ${verdict} on ${counted(rows, 'row')} with labels, by ${telling.join(' and ')}`;
}
