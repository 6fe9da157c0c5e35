import { expect, it } from 'vitest';
import { csvCell, toCsv } from '../../../services/core/csv.ts';

it('is written so that no spreadsheet runs it', () => {
  expect(
    [
      '=1+1',
      '+44',
      '-5',
      '-5.20',
      '-cmd',
      '@x',
      '\t=1',
      'a,b',
      'a"b',
      ' =1',
      '＝1+1',
      '\n=1',
      'a;=cmd|x',
      'a; -5; b',
    ].map(csvCell),
  ).toEqual([
    "'=1+1",
    "'+44",
    '-5',
    '-5.20',
    "'-cmd",
    "'@x",
    "'\t'=1",
    '"a,b"',
    '"a""b"',
    "' =1",
    "'＝1+1",
    '"\'\n=1"',
    "a;'=cmd|x",
    'a; -5; b',
  ]);
  expect(toCsv(['A'], [['ü']])).toBe('\uFEFFA\r\nü\r\n');
});
