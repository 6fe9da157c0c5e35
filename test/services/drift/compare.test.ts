import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Compared, type CompareOptions, type Comparison, compareFiles } from '../../../services/drift/index.ts';
import {
  categoricalPair,
  categoryCounts,
  driftRows,
  measureFeature,
  memoryPair,
  numericColumn,
  type Pair,
  PROFILES,
} from '../../../services/statistics/index.ts';
import { openDuck } from '../../../services/store/duck.ts';

const folder = mkdtempSync(join(tmpdir(), 'drift-test-'));
const now = Temporal.Instant.from('2026-11-23T14:00:00Z');
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const compare = (asked: Partial<Comparison> & Pick<Comparison, 'baseline' | 'current'>, options: CompareOptions = {}) =>
  compareFiles({ profile: 'native', now, ...asked }, { threads: 1, memoryMb: 256, ...options });
/** Nothing fits into memory. */
const STORED = { liftMb: 0 };
const row = ({ rows }: Compared, feature: string, metric: string) => {
  const found = rows.find((each) => each.feature === feature && each.metric === metric);
  if (!found) throw new Error(`no ${metric} of ${feature}`);
  return found;
};

/** 0 <= x < 1, the same every time. */
function random(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const ROWS = 21_000;
interface Row {
  smooth: number;
  ties: number;
  tail: number;
  far: number;
  spike: number;
  word: string;
}
function table(seed: number, shift: number): Row[] {
  const next = random(seed);
  const bell = () => next() + next() + next() + next() - 2 + shift;
  return Array.from({ length: ROWS }, () => ({
    smooth: bell(),
    ties: Math.floor(next() * 12 + shift),
    tail: Math.exp(bell() * 9),
    far: 1e9 + Math.round(bell() * 1000) / 1000,
    spike: next() < 0.7 ? 0 : next() < 0.001 ? 1e12 : bell(),
    word: `k${Math.floor(next() ** (2 + shift) * 400)}`,
  }));
}
const csvOf = (rows: readonly Row[]): string =>
  [Object.keys(rows[0] ?? {}).join(','), ...rows.map((each) => Object.values(each).join(','))].join('\n');

describe('large files', () => {
  const [before, after] = [table(1, 0), table(2, 0.05)];
  const files = { baseline: '', current: '' };
  beforeAll(() => {
    files.baseline = write('before.csv', csvOf(before));
    files.current = write('after.csv', csvOf(after));
  });

  it.each(
    PROFILES.flatMap(
      (profile) =>
        [
          [profile, 'columns lifted from text', {}],
          [profile, 'columns that stay in DuckDB', STORED],
        ] as const,
    ),
  )('give the numbers of the %s profile that memory gives, by %s', async (profile, _, options) => {
    const found = await compare({ ...files, profile }, options);
    for (const name of ['smooth', 'ties', 'tail', 'far', 'spike', 'word'] as const) {
      const [a, b] = [before.map((each) => each[name]), after.map((each) => each[name])];
      const category = name === 'word' || (name === 'ties' && profile === 'azureml');
      const pair: Pair = category
        ? { kind: 'categorical', pair: categoricalPair(categoryCounts(a), categoryCounts(b)) }
        : { kind: 'numerical', pair: memoryPair(numericColumn(a), numericColumn(b)) };
      const { rows } = driftRows(profile, [await measureFeature(profile, name, pair)], { now });
      expect(rows.length).toBeGreaterThan(2);
      for (const wanted of rows) {
        const got = row(found, name, wanted.metric);
        expect([got.bins, got.n_ref, got.n_cur], `${name} ${wanted.metric}`).toEqual([
          wanted.bins,
          wanted.n_ref,
          wanted.n_cur,
        ]);
        for (const key of ['value', 'p', 'null95'] as const) {
          const [value, other] = [got[key], wanted[key]];
          if (other === null || value === null) expect(value, `${name} ${wanted.metric} ${key}`).toBe(other);
          else
            expect(Math.abs(value - other), `${name} ${wanted.metric} ${key}: ${value} ${other}`).toBeLessThanOrEqual(
              1e-9 * Math.max(1e-3, Math.abs(other)),
            );
        }
      }
    }
  });

  it('are the same as Parquet, which is read in place', async () => {
    const parquet = { baseline: join(folder, 'before.parquet'), current: join(folder, 'after.parquet') };
    const duck = await openDuck();
    for (const side of ['baseline', 'current'] as const)
      await duck.run(`copy (select * from read_csv('${files[side]}')) to '${parquet[side]}' (format parquet)`);
    await duck.close();
    const [text, columns] = [await compare({ ...files }), await compare({ ...parquet }, STORED)];
    expect(columns.rows.map(({ feature, metric, bins, state }) => [feature, metric, bins, state])).toEqual(
      text.rows.map(({ feature, metric, bins, state }) => [feature, metric, bins, state]),
    );
    columns.rows.forEach(({ value, feature, metric }, i) => {
      expect(value, `${feature} ${metric}`).toBeCloseTo(
        text.rows[i]?.value ?? Number.NaN,
        9 - Math.ceil(Math.log10(1 + Math.abs(value ?? 0))),
      );
    });
  });

  it('alarm where they moved and not where they did not', async () => {
    const same = await compare({ baseline: files.baseline, current: files.baseline });
    expect(same.state).toBe('ok');
    expect(row(same, 'smooth', 'wasserstein').value).toBe(0);
    const moved = await compare({ baseline: files.baseline, current: write('moved.csv', csvOf(table(3, 0.6))) });
    expect(moved.state).toBe('alarm');
    expect(row(moved, 'smooth', 'psi')).toMatchObject({
      state: 'alarm',
      n_ref: ROWS,
      n_cur: ROWS,
      bins: 10,
      floor: 0.1,
    });
  });
});

describe('small files', () => {
  const numbers = Array.from({ length: 400 }, (_, i) => i);

  it('are read alike as CSV, JSON Lines and Parquet', async () => {
    const csv = write('a.csv', ['x,w', ...numbers.map((i) => `${i / 7},${i % 3 === 0 ? 'ü' : 'v'}`)].join('\n'));
    const lines = write(
      'a.jsonl',
      numbers.map((i) => JSON.stringify({ x: i / 7, w: i % 3 === 0 ? 'ü' : 'v' })).join('\n'),
    );
    const parquet = join(folder, 'a.parquet');
    const duck = await openDuck();
    await duck.run(`copy (select * from read_csv('${csv}')) to '${parquet}' (format parquet)`);
    await duck.close();
    for (const current of [csv, lines, parquet]) {
      const found = await compare({ baseline: csv, current });
      expect(found.state).toBe('ok');
      expect(row(found, 'x', 'ks')).toMatchObject({ value: 0, p: 1, n_ref: 400, n_cur: 400 });
      expect(row(found, 'w', 'psi')).toMatchObject({ value: 0, bins: 2 });
    }
  });

  it('with few rows are unknown', async () => {
    const few = write('few.csv', 'x\n1\n2\n3\n');
    const found = await compare({ baseline: few, current: few });
    expect(found.state).toBe('unknown');
    expect(row(found, 'x', 'psi').because).toBe('Not known: the reference has 3 rows, 200 are needed.');
  });

  it('count words among numbers, missing values and what is not finite', async () => {
    const good = write('good.csv', ['x', ...numbers].join('\n'));
    const bad = write(
      'bad.csv',
      [
        'x',
        ...numbers.map((i) =>
          i % 10 === 0 ? 'oops' : i % 10 === 1 ? '' : i % 10 === 2 ? 'NaN' : i % 10 === 3 ? 'inf' : i,
        ),
      ].join('\n'),
    );
    const found = await compare({ baseline: good, current: bad });
    expect(row(found, 'x', 'type_error_rate')).toMatchObject({ value: 0.1, state: 'alarm' });
    expect(row(found, 'x', 'null_rate')).toMatchObject({ value: 0.2, state: 'alarm' });
    expect(row(found, 'x', 'psi')).toMatchObject({ n_ref: 400, n_cur: 240 });
  });

  it('read a late word after twenty thousand numbers', async () => {
    const good = write('long.csv', ['x', ...Array.from({ length: 30_000 }, (_, i) => i % 100)].join('\n'));
    const late = write(
      'late.csv',
      ['x', ...Array.from({ length: 30_000 }, (_, i) => (i === 29_000 ? 'oops' : i % 100))].join('\n'),
    );
    const found = await compare({ baseline: good, current: late });
    expect(row(found, 'x', 'type_error_rate').value).toBeCloseTo(1 / 30_000, 12);
  });

  it('say which column is missing or cannot be compared', async () => {
    const left = write('left.csv', ['x,day', ...numbers.map((i) => `${i},2026-01-0${(i % 9) + 1}`)].join('\n'));
    const right = write('right.csv', ['y,day', ...numbers.map((i) => `${i},2026-01-0${(i % 9) + 1}`)].join('\n'));
    const { rows } = await compare({ baseline: left, current: right });
    expect(Object.fromEntries(rows.map(({ feature, because }) => [feature, because]))).toEqual({
      x: 'Not known: the current data has no such column.',
      y: 'Not known: the reference has no such column.',
      day: 'Not known: values of type DATE are not compared.',
    });
  });

  it('drop whole rows with a gap for Azure ML, and only there', async () => {
    const gaps = write('gaps.csv', ['x,y', ...numbers.map((i) => `${i},${i < 100 ? '' : i}`)].join('\n'));
    const azure = await compare({ baseline: gaps, current: gaps, profile: 'azureml' });
    expect(row(azure, 'x', 'psi')).toMatchObject({ n_ref: 300, n_cur: 300 });
    expect(row(await compare({ baseline: gaps, current: gaps }), 'x', 'psi')).toMatchObject({ n_ref: 400 });
  });

  it('may have names that SQL would rather not have', async () => {
    const odd = write("o'dd.csv", ['"a ""b"" \'c\'; drop table reference"', ...numbers].join('\n'));
    const found = await compare({ baseline: odd, current: odd });
    expect(found.rows.map(({ feature }) => feature)).toContain('a "b" \'c\'; drop table reference');
    expect(found.state).toBe('ok');
  });

  it('alarm when a column is all gaps now, and when all of it is words', async () => {
    const good = write('full.csv', ['x,w', ...numbers.map((i) => `${i},a`)].join('\n'));
    const gone = write('gone.csv', ['x,w', ...numbers.map((i) => `${i % 2 ? 'n/a' : 'none'},`)].join('\n'));
    const found = await compare({ baseline: good, current: gone });
    expect(row(found, 'x', 'type_error_rate')).toMatchObject({ value: 1, state: 'alarm', n_cur: 400 });
    expect(row(found, 'w', 'null_rate')).toMatchObject({ value: 1, state: 'alarm', n_cur: 400 });
    expect(row(found, 'x', 'psi')).toMatchObject({ value: null, state: 'unknown', n_cur: 0 });
  });

  it('are the same with other orders of columns, marks, quotes, line ends, packed or with a byte order mark', async () => {
    const lines = (mark: string, end: string) =>
      ['x{m}w', ...numbers.map((i) => `${i / 3}{m}${i % 3 ? 'a' : 'b'}`)].join(end).replaceAll('{m}', mark);
    const good = write('plain.csv', lines(',', '\n'));
    const shapes: Record<string, string | Uint8Array> = {
      'marked.csv': `\ufeff${lines(',', '\r\n')}`,
      'semicolons.csv': lines(';', '\n'),
      'quoted.csv': ['"w","x"', ...numbers.map((i) => `"${i % 3 ? 'a' : 'b'}","${i / 3}"`)].join('\n'),
      'packed.csv.gz': gzipSync(lines(',', '\n')),
      'list.json': JSON.stringify(numbers.map((i) => ({ w: i % 3 ? 'a' : 'b', x: i / 3 }))),
    };
    for (const [name, text] of Object.entries(shapes)) {
      writeFileSync(join(folder, name), text);
      const found = await compare({ baseline: good, current: join(folder, name) });
      expect([name, found.state, found.n_cur], name).toEqual([name, 'ok', 400]);
      expect(row(found, 'x', 'wasserstein').value, name).toBe(0);
      expect(row(found, 'w', 'psi').value, name).toBe(0);
    }
  });

  it.each([
    ['empty.csv', '', /empty.csv is empty/],
    [
      'headless.csv',
      numbers.map((i) => `${i},${i}`).join('\n'),
      /no column in common: .*has x; .*has column0, column1/,
    ],
    ['latin.csv', Buffer.from('x\n\xfc\n\xfc\n', 'latin1'), /line \d: Invalid unicode/],
    ['noise.csv', Uint8Array.from({ length: 3_000 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24), /cannot be read/],
    ['half.jsonl', '{"x":1}\n{"x":', /cannot be read: Malformed JSON/],
    ['cut.csv.gz', gzipSync(numbers.join('\n')).subarray(0, 90), /cannot be unpacked: unexpected end of file/],
    ['notpacked.csv.gz', 'x\n1\n', /cannot be unpacked: incorrect header check/],
  ])('are refused with a reason: %s', async (name, bytes, why) => {
    const good = write('right-one.csv', ['x', ...numbers].join('\n'));
    writeFileSync(join(folder, name), bytes);
    await expect(compare({ baseline: good, current: join(folder, name) })).rejects.toThrow(why);
  });

  it.each([
    ['nowhere.csv', /no file/],
    ['notes.docx', /no kind I can read/],
  ])('are refused when they are %s', async (name, why) => {
    const good = write('fine.csv', 'x\n1\n');
    await expect(compare({ baseline: good, current: join(folder, name) })).rejects.toThrow(why);
  });

  it('are refused when they are not what they say', async () => {
    const fake = write('fake.parquet', 'this is not Parquet');
    await expect(compare({ baseline: fake, current: fake })).rejects.toThrow(/cannot be read/);
  });
});
