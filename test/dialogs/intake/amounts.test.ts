import { expect, it } from 'vitest';
import { readAmount, readYears } from '../../../dialogs/intake/amounts.ts';

it.each<[string, string | undefined]>([
  ['120000', '120000'],
  ['0', '0'],
  ['007', '7'],
  ['0.02', '0.02'],
  ['0,125', '0.125'],
  ['120 000', '120000'],
  ['120\u00a0000,50', '120000.5'],
  ["1'200'000", '1200000'],
  ['1,200,000', '1200000'],
  ['1.200.000', '1200000'],
  ['1,200,000.50', '1200000.5'],
  ['1.200.000,50', '1200000.5'],
  ['12,5', '12.5'],
  // Kept so that it is read the same once more.
  ['1,1250', '1.1250'],
  ['1.1250', '1.1250'],
  ['1200.125', '1200.125'],
  ['€ 120k', '120000'],
  ['120k', '120000'],
  ['1.5m', '1500000'],
  ['2,25 M', '2250000'],
  ['1.234k', undefined],
  ['120000 EUR', '120000'],
  ['USD 40', '40'],
  // It could be a hundred and twenty, or a thousand times that.
  ['120.000', undefined],
  ['120,000', undefined],
  ['1,2,3', undefined],
  ['1,20,000', undefined],
  ['-5', undefined],
  ['1e9', undefined],
  ['1e400', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['=1+1', undefined],
  ['١٢٣', undefined],
  ['12.', undefined],
  ['', undefined],
  ['9999999999999', undefined],
  ['0.00001', undefined],
])('reads the amount %j as %s', (words, expected) => {
  expect(readAmount(words)).toBe(expected);
});

it.each<[string, string[] | undefined]>([
  ['400000', ['400000']],
  ['400000 300000\t200000', undefined],
  ['400000 300000 200000', ['400000', '300000', '200000']],
  ['400000\n400000\t400000', ['400000', '400000', '400000']],
  ['400000, 300000', ['400000', '300000']],
  // A column of a table with decimals after a comma, as half of Europe copies it.
  ['400000,50;300000,25', ['400000.5', '300000.25']],
  ['400.000,50\r\n300.000,25\r\n', ['400000.5', '300000.25']],
  ['€400 000; €300 000', ['400000', '300000']],
  ['50 100', ['50', '100']],
  ['0', ['0']],
  ['1,200,000', ['1200000']],
  ['400000;;300000', ['400000', '300000']],
  ['400000;x', undefined],
  ['400,000;300,000', undefined],
  ['400 000 300 000', undefined],
  ['', undefined],
])('reads the years %j as %j', (words, expected) => {
  expect(readYears(words)).toEqual(expected);
});
