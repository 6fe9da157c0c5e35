import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlain } from '../../../services/drift/plain-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'plain-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file.csv');

async function read(text: string, fields = 2, wanted = Array.from({ length: fields }, (_, i) => i)) {
  writeFileSync(path, text);
  const found = await readPlain(path, { delimiter: 44, quote: 34, fields, wanted });
  return (
    found && { rows: found.rows, columns: found.columns.map(({ values, nulls }) => ({ values: [...values], nulls })) }
  );
}

describe('numbers in plain text', () => {
  it.each([
    '0',
    '-0.5',
    '12',
    '.25',
    '7.',
    '-1166129.25',
    '0.1',
    '123456789.123456',
    '1234567890123',
    '0.000000000001',
    '3.141592653589793',
    '2.2250738585072011e-308',
    '9007199254740993',
    '1e22',
    '-4.5E-3',
    '179769313486231570000',
    '0.30000000000000004',
    '99999999999999999999.999',
  ])('%s is the double nearest to it', async (numeral) => {
    expect(await read(`a,b\n${numeral},${numeral}\n`)).toEqual({
      rows: 1,
      columns: [0, 1].map(() => ({ values: [Number(numeral)], nulls: 0 })),
    });
  });

  it('may be missing, end with any mark and stand behind a byte order mark', async () => {
    const wanted = {
      rows: 3,
      columns: [
        { values: [1, 5], nulls: 1 },
        { values: [2, 4], nulls: 1 },
      ],
    };
    for (const text of ['a,b\n1,2\n,4\n5,\n', '\ufeffa,b\r\n1,2\r\n,4\r\n5,\r\n', 'a,b\n1,2\n,4\n5,'])
      expect(await read(text), JSON.stringify(text)).toEqual(wanted);
  });

  it('are found between fields that are not wanted, quoted or not', async () => {
    const text = 'word,n,"more, words"\n"x, ""y""",1,z\nplain,2,"5,"\n,3,\n';
    expect(await read(text, 3, [1])).toEqual({ rows: 3, columns: [{ values: [1, 2, 3], nulls: 0 }] });
  });

  it('are the same across many buffers', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => [i / 8, i % 9 === 0 ? '' : -i]);
    const found = await read(`a,b\n${rows.map((row) => row.join(',')).join('\n')}`);
    expect(found?.rows).toBe(60_000);
    expect(found?.columns[0]?.values).toEqual(rows.map(([a]) => a));
    expect(found?.columns[1]?.nulls).toBe(Math.ceil(60_000 / 9));
  });

  it.each([
    ['a word', 'a,b\n1,x\n'],
    ['a word after a number', 'a,b\n1,2x\n'],
    ['no finite number', 'a,b\n1,inf\n'],
    ['a number beyond the largest', 'a,b\n1,1e999\n'],
    ['a quoted number', 'a,b\n1,"2"\n'],
    ['a lone sign', 'a,b\n1,-\n'],
    ['a lone point', 'a,b\n1,.\n'],
    ['two points', 'a,b\n1,1.2.3\n'],
    ['a space', 'a,b\n1, 2\n'],
    ['too few fields', 'a,b\n1\n2,3\n'],
    ['too many fields', 'a,b\n1,2,3\n'],
    ['an empty line', 'a,b\n1,2\n\n3,4\n'],
    ['an empty last line', 'a,b\n1,2\n\n'],
    ['a quote that does not end', 'a,b\n1,2\n"x,3\n', [1]],
  ])('leave %s to others', async (_, text, wanted = [0, 1]) => {
    expect(await read(text, 2, wanted as number[])).toBeUndefined();
  });

  it('leave an empty line in a file of one column to others: it is a row there', async () => {
    expect(await read('a\n1\n\n2\n', 1)).toBeUndefined();
    expect(await read('a\n1\n2\n', 1)).toEqual({ rows: 2, columns: [{ values: [1, 2], nulls: 0 }] });
  });

  it('may be none', async () => {
    expect(await read('a,b\n')).toEqual({ rows: 0, columns: [0, 1].map(() => ({ values: [], nulls: 0 })) });
    expect(await read('a,b')).toEqual({ rows: 0, columns: [0, 1].map(() => ({ values: [], nulls: 0 })) });
  });
});
