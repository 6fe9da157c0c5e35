import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parquetOf } from '../../../infra/sandbox/azure/parquet.ts';
import { openDuck } from '../../../services/store/duck.ts';

const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('the estate writes Parquet that DuckDB reads: numbers, words, gaps, many columns', async () => {
  const rows = 1_000;
  const columns = Object.fromEntries([
    ['amount', Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : i / 3))],
    ['word', Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? null : `ü${i % 3}`))],
    ...Array.from({ length: 20 }, (_, k) => [`n${k}`, Array.from({ length: rows }, () => k)] as const),
  ]);
  const path = join(folder, 'table.parquet');
  writeFileSync(path, parquetOf(columns));
  const duck = await openDuck();
  try {
    const found = await duck.rows(
      `select count(*) as n, count(amount) as amounts, sum(amount) as total, count(distinct word) as words, min(word) as first, sum(n19) as last from read_parquet('${path}')`,
    );
    const total = Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? 0 : i / 3)).reduce(
      (sum, each) => sum + each,
      0,
    );
    expect(found).toEqual([
      { n: rows, amounts: rows - 143, total: expect.closeTo(total, 6), words: 3, first: 'ü0', last: 19 * rows },
    ]);
  } finally {
    await duck.close();
  }
});
